import { once } from 'node:events'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { copyHeader, copyTrailer } from './sink.ts'

/** One connection that loads and groups one shard of a release, in one transaction. */
export interface ShardWriter {
  /** Takes tuples in the binary format; waits when the server is slower than the reader. */
  write(chunk: Buffer): Promise<void> | undefined
  /** Ends the copy, groups the lines and commits; how many lines another file had brought already. */
  finish(): Promise<number>
  /** Breaks off what the server is doing; `finish` then fails. */
  cancel(): void
  /** Closes the connection; what was not committed is rolled back. */
  close(): Promise<void>
}

/** Has the server break off what it does for this connection soon after its process has gone, also after kill -9. */
export async function stopWithClient(client: pg.ClientBase): Promise<void> {
  await client.query(`set client_connection_check_interval = '2s'`)
}

/** Opens the transaction that fills one shard of a loading release. */
export async function openShard(url: string, releaseId: number, shardNo: 0 | 1): Promise<ShardWriter> {
  const client = new pg.Client({
    connectionString: url,
    application_name: `parcelle import shard ${shardNo}`,
  })
  let failure: Error | undefined
  client.on('error', (error) => {
    failure ??= error
  })
  await client.connect()
  await stopWithClient(client)
  await client.query('begin')
  const { rows } = await client.query<{ leaf: string }>(
    'select app_private.prepare_dvf_shard($1, $2) as leaf',
    [releaseId, shardNo],
  )
  const copy = client.query(copyFrom(`copy ${rows[0]?.leaf} from stdin (format binary, freeze)`))
  copy.on('error', (error: Error) => {
    failure ??= error
  })
  copy.write(copyHeader)
  return {
    write(chunk) {
      if (failure) throw failure
      if (copy.write(chunk)) return undefined
      return once(copy, 'drain').then(() => undefined)
    },
    async finish() {
      if (failure) throw failure
      copy.end(copyTrailer)
      await once(copy, 'finish')
      const finished = await client.query<{ repeated: number }>(
        'select app_private.finish_dvf_shard($1, $2) as repeated',
        [releaseId, shardNo],
      )
      await client.query('commit')
      return finished.rows[0]?.repeated ?? 0
    },
    cancel() {
      client.end().catch(() => {})
      const { connection } = client as pg.Client & { connection?: { stream?: { destroy(): void } } }
      connection?.stream?.destroy()
    },
    async close() {
      await client.end()
    },
  }
}
