import type pg from 'pg'
import type { TestDatabase } from './database.ts'

/**
 * Runs something as an application role, with claims as the server sets them (`claims.<name>` settings), inside a
 * transaction that is rolled back. Gives what `run` gives.
 */
export async function asRole<T>(
  db: Pick<TestDatabase, 'client'>,
  role: string,
  claims: Record<string, string>,
  run: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const { client } = db
  await client.query('begin')
  try {
    for (const [name, value] of Object.entries(claims)) {
      await client.query('select set_config($1, $2, true)', [`claims.${name}`, value])
    }
    await client.query(`set local role ${client.escapeIdentifier(role)}`)
    return await run(client)
  } finally {
    await client.query('rollback')
  }
}
