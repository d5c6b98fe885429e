import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { seconds } from './measure.ts'

/** The names of a CSV file's columns. */
export async function readHeader(path: string): Promise<string[]> {
  const handle = await open(path)
  try {
    const { value } = await handle.readLines()[Symbol.asyncIterator]().next()
    return String(value).split(',')
  } finally {
    await handle.close()
  }
}

/**
 * Seconds of the least that loading a CSV file can take: COPY as it is into an unlogged table of text columns, on one
 * connection, streamed. The table is made before and dropped after.
 */
export async function copyRaw(url: string, path: string, rows: number): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const columns = (await readHeader(path)).map((name) => `${client.escapeIdentifier(name)} text`)
    await client.query('drop table if exists public.raw_copy')
    await client.query(`create unlogged table public.raw_copy (${columns.join(', ')})`)
    const took = await seconds(async () => {
      const copy = client.query(copyFrom('copy public.raw_copy from stdin (format csv, header)'))
      await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), copy)
      if (copy.rowCount !== rows) throw new Error(`COPY took ${copy.rowCount} of ${rows} lines`)
    })
    await client.query('drop table public.raw_copy')
    return took
  } finally {
    await client.end()
  }
}
