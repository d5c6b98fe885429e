import { once } from 'node:events'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { StagingReject } from './errors.ts'

/** A session as begin_session gives it, as far as filling it needs. */
export interface FilledSession {
  id: string
  session_no: number
  staging_bucket: number
}

/** Takes the bytes of one COPY. */
export interface CopyWriter {
  write(bytes: Buffer): void
  /** Waits while the server is slower than the reader; throws what the server refused. */
  drained(): Promise<void>
  /** Ends the COPY. */
  finish(): Promise<void>
}

const identifier = (name: string) => pg.Client.prototype.escapeIdentifier(name)

/** Begins to copy CSV without a header into a table. `isFresh`: the table was made in this transaction. */
export function startCopy(
  client: pg.Client,
  table: string,
  columns: readonly string[],
  delimiter: string,
  isFresh: boolean,
): CopyWriter {
  const list = columns.map(identifier).join(', ')
  const quoted = client.escapeLiteral(delimiter)
  const copy = client.query(
    copyFrom(
      `copy ${table} (${list}) from stdin (format csv, delimiter ${quoted}${isFresh ? ', freeze' : ''})`,
      { highWaterMark: 1_048_576 },
    ),
  )
  let failure: Error | undefined
  let isFull = false
  copy.on('error', (error: Error) => {
    failure ??= error
  })
  return {
    write(bytes) {
      if (!copy.write(bytes)) isFull = true
    },
    async drained() {
      if (failure) throw failure
      if (!isFull) return
      isFull = false
      await once(copy, 'drain')
    },
    async finish() {
      if (failure) throw failure
      copy.end()
      await once(copy, 'finish')
    },
  }
}

/** Stages what is no row as rows without a key, so that nothing vanishes. */
export async function storeRejects(
  client: pg.Client,
  session: FilledSession,
  rejects: readonly StagingReject[],
): Promise<void> {
  for (let from = 0; from < rejects.length; from += 5000) {
    await client.query('select app_public.stage_properties($1, $2::jsonb)', [
      session.id,
      JSON.stringify(rejects.slice(from, from + 5000)),
    ])
  }
}

/** Stages batches of JSON elements; one that PostgreSQL cannot hold goes to `refuse` alone. */
export async function storeElements(
  client: pg.Client,
  session: FilledSession,
  batch: readonly { text: string; line: number }[],
  refuse: (line: number, text: string) => void,
): Promise<number> {
  if (batch.length === 0) return 0
  await client.query('savepoint batch')
  try {
    const { rows } = await client.query<{ staged: number }>(
      'select app_public.stage_properties($1, $2::jsonb) as staged',
      [session.id, `[${batch.map(({ text }) => text).join(',')}]`],
    )
    await client.query('release savepoint batch')
    return rows[0]?.staged ?? 0
  } catch (error) {
    // Class 22: the data. Anything else (a lost connection, a full disk) is no fault of a row.
    if (!(error instanceof pg.DatabaseError && error.code?.startsWith('22'))) throw error
    await client.query('rollback to savepoint batch')
    const [only] = batch
    if (batch.length === 1 && only !== undefined) {
      refuse(only.line, only.text)
      return 0
    }
    const middle = batch.length >> 1
    const first = await storeElements(client, session, batch.slice(0, middle), refuse)
    return first + (await storeElements(client, session, batch.slice(middle), refuse))
  }
}
