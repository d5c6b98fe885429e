import type pg from 'pg'

/**
 * Drops the functions made from rules, inside the open transaction: they rest on tables and functions that the deploy
 * is about to change, and are data that `makeRuleFunctions` brings back.
 */
export async function dropRuleFunctions(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ command: string | null }>(
    `select 'drop function ' || string_agg(p.oid::regprocedure::text, ', ') as command
    from pg_catalog.pg_proc as p
    where p.pronamespace = to_regnamespace('app_rules')`,
  )
  const command = rows[0]?.command
  if (typeof command === 'string') await client.query(command)
}

/** Makes the functions of all rules anew, once definitions stand; nothing in a project without rules. */
export async function makeRuleFunctions(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ ready: boolean }>(
    `select to_regprocedure('app_private.make_rule_functions()') is not null as ready`,
  )
  if (rows[0]?.ready === true) await client.query('select app_private.make_rule_functions()')
}
