import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import pg from 'pg'
import { z } from 'zod'
import { writeStagedFile } from '../../seeds/world/listings/index.ts'
import { runCommand } from './child.ts'
import { copyRaw } from './floor.ts'
import { type BenchContext, withFreshDatabase } from './imports.ts'
import { type Finding, findingOf, seconds } from './measure.ts'
import { generatorDigest } from './world.ts'

/** The benches of syncing, in the order in which a round runs them. */
export const syncBenches = ['sync-first', 'sync-1m', 'sync-noop', 'sync-small', 'detect'] as const

const rounds = 3
const smallRows = 2_000
const source = 'bench'

const stagedSchema = z.object({
  sync: z.object({ status: z.literal('completed'), staged_count: z.int(), updated_count: z.int() }),
})

/** Files of two nights of one source, generated once; the second has 1 % new, 2 % changed and 0.5 % gone. */
async function nights(
  rows: number,
  say: (text: string) => void,
): Promise<{ first: string; second: string; small: string }> {
  const folder = join(tmpdir(), 'parcelle-bench', `listings-${rows}-${generatorDigest('listings')}`)
  const files = {
    first: join(folder, 'night-1.csv'),
    second: join(folder, 'night-2.csv'),
    small: join(folder, 'small.csv'),
  }
  if (existsSync(folder)) return files
  say(`generating two nights of ${rows} homes in ${folder}`)
  await mkdir(join(tmpdir(), 'parcelle-bench'), { recursive: true })
  const unfinished = await mkdtemp(`${folder}-`)
  try {
    await writeStagedFile({ rows, seed: 'bench', night: 1, out: join(unfinished, 'night-1.csv') })
    await writeStagedFile({ rows, seed: 'bench', night: 2, out: join(unfinished, 'night-2.csv') })
    await everyNth(
      join(unfinished, 'night-2.csv'),
      Math.floor(rows / smallRows),
      join(unfinished, 'small.csv'),
    )
    await rename(unfinished, folder)
  } finally {
    await rm(unfinished, { recursive: true, force: true })
  }
  return files
}

// Rows hold no line break: the generator writes none.
async function everyNth(from: string, step: number, to: string): Promise<void> {
  const out = createWriteStream(to)
  let line = -1
  for await (const text of createInterface({ input: createReadStream(from) })) {
    line++
    if (line === 0 || (line % step === 1 && line / step < smallRows)) out.write(`${text}\n`)
  }
  out.end()
  await finished(out)
}

async function countRows(path: string): Promise<number> {
  let lines = 0
  for await (const _ of createInterface({ input: createReadStream(path) })) lines++
  return lines - 1
}

/**
 * Three rounds, each on a fresh database: a first night, a second one, the same again, two thousand rows of a third,
 * each by the command and each beside a raw COPY of the same file; then detection alone against a bare full join.
 */
export async function benchSync(
  wanted: ReadonlySet<string>,
  context: BenchContext & { lines: number; tell(finding: Finding): void },
): Promise<void> {
  const { say, signal, lines } = context
  const files = await nights(lines, say)
  const rows = { first: await countRows(files.first), second: await countRows(files.second) }
  const times = {
    first: { ours: [] as number[], floor: [] as number[] },
    next: { ours: [] as number[], floor: [] as number[] },
    again: { ours: [] as number[], floor: [] as number[] },
    small: { ours: [] as number[], floor: [] as number[] },
    detect: { ours: [] as number[], floor: [] as number[] },
  }
  for (let round = 1; round <= rounds; round++) {
    signal.throwIfAborted()
    await withFreshDatabase(context, 'bench_sync', async (url) => {
      await makeSource(url)
      const sync = async (file: string, ...options: string[]) => {
        const done = await runCommand(url, ['stage', file, '--source', source, ...options, '--sync'], signal)
        stagedSchema.parse(JSON.parse(done.out))
        return done.seconds
      }
      const measure = async (name: 'first' | 'next' | 'again', file: string, count: number) => {
        times[name].floor.push(await copyRaw(url, file, count))
        times[name].ours.push(await sync(file, '--complete'))
        say(
          `round ${round}, ${name}: ${times[name].ours.at(-1)?.toFixed(2)} s, ` +
            `raw COPY ${times[name].floor.at(-1)?.toFixed(2)} s`,
        )
      }
      await measure('first', files.first, rows.first)
      // What a nightly server has done by then by itself.
      await vacuum(url)
      await measure('next', files.second, rows.second)
      if (wanted.has('sync-noop')) await measure('again', files.second, rows.second)
      if (wanted.has('sync-small')) {
        times.small.floor.push(1)
        times.small.ours.push(await sync(files.small))
        say(`round ${round}, small: ${times.small.ours.at(-1)?.toFixed(2)} s`)
      }
      if (wanted.has('detect')) {
        await runCommand(url, ['stage', files.first, '--source', source, '--complete'], signal)
        const { ours, floor } = await detect(url)
        times.detect.ours.push(ours)
        times.detect.floor.push(floor)
        say(`round ${round}, detect: ${ours.toFixed(2)} s, bare full join ${floor.toFixed(2)} s`)
      }
    })
  }
  const found = [
    findingOf('sync-first', 15, rows.first, times.first),
    findingOf('sync-1m', 6, rows.second, times.next),
    findingOf('sync-noop', 3, rows.second, times.again),
    findingOf('sync-small', 1, smallRows, times.small),
    findingOf('detect', 3, rows.first, times.detect),
  ]
  for (const finding of found) if (wanted.has(finding.bench)) context.tell(finding)
}

async function withClient<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}

async function makeSource(url: string): Promise<void> {
  await withClient(url, (client) =>
    client.query(`insert into app_public.sources (code, name, kind) values ($1, 'Bench', 'feed')`, [source]),
  )
}

async function vacuum(url: string): Promise<void> {
  await withClient(url, (client) => client.query('vacuum analyze app_public.properties_live'))
}

/** Detection of a validated session's changes, and a full join of the same rows that compares five columns as text. */
async function detect(url: string): Promise<{ ours: number; floor: number }> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ id: string; source_id: number; staging_bucket: number }>(
      `select id, source_id, staging_bucket from app_public.scrape_sessions order by session_no desc limit 1`,
    )
    const session = rows[0] as { id: string; source_id: number; staging_bucket: number }
    await client.query('select app_public.validate_staging_data($1)', [session.id])
    const floor = await seconds(() =>
      client.query(
        `select count(*)
        from (select * from app_public.properties_live where source_id = ${session.source_id}) as l
        full join (
          select * from app_public.property_scrapes_staging where bucket = ${session.staging_bucket}
        ) as s on s.source_key = l.source_key
        where l.id is null or s.id is null or l.property_url is distinct from s.property_url
          or l.title is distinct from s.title or l.postal_code is distinct from s.postal_code
          or l.insee_code is distinct from s.insee_code or l.agency_name is distinct from s.agency_name`,
      ),
    )
    const ours = await seconds(() =>
      client.query('select count(*) from app_public.detect_changes($1)', [session.id]),
    )
    return { ours, floor }
  })
}
