import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { setDatabaseDefaults } from '../../sql/deploy/bootstrap.ts'
import { dropDatabase, withDatabaseName } from '../../sql/deploy/scratch.ts'
import { type ChildImport, importByCommand } from './child.ts'
import { copyRaw, readHeader } from './floor.ts'
import { type Finding, findingOf, rounded } from './measure.ts'
import { importByDuckDb } from './peer.ts'
import { releaseFile } from './world.ts'

/** What every bench has at hand. */
export interface BenchContext {
  /** A deployed database that nobody is connected to: fresh ones are copied from it. */
  templateUrl: string
  say(text: string): void
  signal: AbortSignal
}

/** Runs something with a fresh copy of the deployed database, dropped afterwards. */
export async function withFreshDatabase<T>(
  context: BenchContext,
  name: string,
  run: (url: string) => Promise<T>,
): Promise<T> {
  const { templateUrl } = context
  const admin = new pg.Client({ connectionString: withDatabaseName(templateUrl, 'postgres') })
  await admin.connect()
  try {
    const template = new URL(templateUrl).pathname.slice(1)
    await dropDatabase(admin, name)
    await admin.query(`create database ${name} template ${template}`)
    const url = withDatabaseName(templateUrl, name)
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await setDatabaseDefaults(client)
    await client.end()
    return await run(url)
  } finally {
    await dropDatabase(admin, name)
    await admin.end()
  }
}

/** Imports a file by the command and insists that it did what it was to do. */
export async function importExpecting(
  url: string,
  file: string,
  release: string,
  status: ChildImport['report']['status'],
  context: BenchContext,
): Promise<ChildImport> {
  const done = await importByCommand(url, file, release, context.signal)
  if (done.report.status !== status) {
    throw new Error(
      `release ${release} is ${done.report.status}, not ${status}: ${JSON.stringify(done.report)}`,
    )
  }
  return done
}

const rounds = 3
const megabyte = 1_000_000

/** The benches of importing, in the order in which a round runs them. */
export const importBenches = ['dvf-import', 'dvf-memory', 'dvf-reimport', 'dvf-release'] as const

/**
 * Three rounds, each on a fresh database: release A, release A again, release B, each beside a raw COPY of the same
 * file; the medians count. Benches that were not asked for are left out where the others do not need them.
 */
export async function benchImports(
  wanted: ReadonlySet<string>,
  world: string,
  context: BenchContext,
): Promise<Finding[]> {
  const { say, signal } = context
  const a = await releaseFile(world, 'A')
  const b = await releaseFile(world, 'B')
  const columns = await readHeader(a.readable)
  const folder = await mkdtemp(join(tmpdir(), 'parcelle-bench-peer-'))
  const first = { ours: [] as number[], floor: [] as number[], peer: [] as number[] }
  const again = { ours: [] as number[], floor: [] as number[] }
  const next = { ours: [] as number[], floor: [] as number[] }
  const peaks: number[] = []
  try {
    for (let round = 1; round <= rounds; round++) {
      signal.throwIfAborted()
      await withFreshDatabase(context, 'bench_import', async (url) => {
        if (wanted.has('dvf-import')) {
          first.floor.push(await copyRaw(url, a.readable, a.readableLines))
          first.peer.push(await importByDuckDb(a.readable, columns, folder))
        }
        const done = await importExpecting(url, a.path, 'A', 'applied', context)
        first.ours.push(done.seconds)
        peaks.push(done.peak)
        say(
          `round ${round}: import ${done.seconds.toFixed(2)} s, ${Math.round(done.peak / megabyte)} MB, ` +
            `raw COPY ${first.floor.at(-1)?.toFixed(2) ?? '-'} s, DuckDB ${first.peer.at(-1)?.toFixed(2) ?? '-'} s`,
        )
        if (wanted.has('dvf-reimport')) {
          again.floor.push(await copyRaw(url, a.readable, a.readableLines))
          again.ours.push((await importExpecting(url, a.path, 'A again', 'unchanged', context)).seconds)
          say(
            `round ${round}: again ${again.ours.at(-1)?.toFixed(2)} s, raw COPY ${again.floor.at(-1)?.toFixed(2)} s`,
          )
        }
        if (wanted.has('dvf-release')) {
          next.floor.push(await copyRaw(url, b.readable, b.readableLines))
          const { seconds, peak, report } = await importExpecting(url, b.path, 'B', 'applied', context)
          next.ours.push(seconds)
          peaks.push(peak)
          say(
            `round ${round}: next release ${seconds.toFixed(2)} s, raw COPY ${next.floor.at(-1)?.toFixed(2)} s; ` +
              `${report.added} added, ${report.corrected} corrected, ${report.withdrawn} withdrawn`,
          )
        }
      })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const worst = Math.max(...peaks) / megabyte
  const memory: Finding = {
    bench: 'dvf-memory',
    ours_s: rounded(worst),
    floor_s: 250,
    ratio: rounded(worst / 250),
    bar: 1,
    rows: a.lines,
  }
  return [
    ...(wanted.has('dvf-import') ? [findingOf('dvf-import', 4, a.lines, first)] : []),
    ...(wanted.has('dvf-memory') ? [memory] : []),
    ...(wanted.has('dvf-reimport') ? [findingOf('dvf-reimport', 1.5, a.lines, again)] : []),
    ...(wanted.has('dvf-release') ? [findingOf('dvf-release', 4, b.lines, next)] : []),
  ]
}
