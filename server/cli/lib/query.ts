import pg from 'pg'
import { cancelOnAbort } from './cancel.ts'
import type { CliHouse } from './house.ts'

/** Runs something on one owner connection of the deployed database; ctrl-C cancels its statement. */
export function withClient<T>(house: CliHouse, run: (client: pg.Client) => Promise<T>): Promise<T> {
  return house.database(async (db) => {
    const client = new pg.Client({ connectionString: db.ownerUrl, application_name: 'parcelle' })
    await client.connect()
    const stop = cancelOnAbort(client, db.ownerUrl, house.signal)
    try {
      return await run(client)
    } finally {
      stop()
      await client.end().catch(() => {})
    }
  })
}
