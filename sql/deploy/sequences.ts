import type pg from 'pg'

/**
 * Sets every sequence that has been drawn from to go on from where it is, inside the open transaction.
 *
 * With wal_level = minimal, a sequence that was made and drawn from in one transaction is written to the log as if 32
 * numbers ahead had been logged, which they were not: the next draws leave no trace, and after a crash the numbers come
 * again. One that was restarted logs its next draw.
 */
export async function settleSequences(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ statement: string }>(
    `select format('alter sequence %I.%I restart with %s', s.schemaname, s.sequencename, s.last_value + s.increment_by)
       as statement
     from pg_catalog.pg_sequences as s
     where s.schemaname in ('app_base', 'app_public', 'app_private', 'app_deploy') and s.last_value is not null
       and s.last_value + s.increment_by between s.min_value and s.max_value`,
  )
  for (const { statement } of rows) await client.query(statement)
}
