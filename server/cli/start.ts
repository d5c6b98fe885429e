import { type Command, InvalidArgumentError } from '@commander-js/extra-typings'
import pg from 'pg'
import type { DemoSites } from '../../seeds/world/sites/demo.ts'
import { Failure } from '../failure.ts'
import type { Database } from '../postgres/house.ts'
import { type Demo, describeDemo, ensureDemo, readDemo } from './lib/demo.ts'
import { describeWork, readWork, type WorkOverview } from './lib/demo-overview.ts'
import { describeScraping, ensureScrapes, openDemoSites, simulatedConfig } from './lib/demo-scrapes.ts'
import { addExamples } from './lib/examples.ts'
import { type CliHouse, deployTo } from './lib/house.ts'
import { formatNumber } from './lib/numbers.ts'
import {
  describePrices,
  describeReleases,
  type PriceRow,
  type ReleaseRow,
  readPrices,
  readReleases,
} from './lib/overview.ts'
import { describeQueries, queriesToTry, serveUntilStopped, type TryQuery } from './lib/serving.ts'
import { ensureWorld, presentWorld, worldCode, worldFiles } from './lib/world.ts'

type StartOptions = { once?: true | undefined; dvf?: string[] | undefined; lines: number; seed: number }
type Overview = {
  releases: ReleaseRow[]
  prices: { priciest: PriceRow[]; cheapest: PriceRow[] }
  /** Sessions of the simulated listing source; null among real files. */
  listings: Demo | null
  /** What was scraped and run; null where nothing was. */
  work: WorkOverview | null
}

function wholeNumber(text: string): number {
  const n = Number(text.replaceAll('_', ''))
  if (Number.isInteger(n) && n >= 0) return n
  throw new InvalidArgumentError('A whole number.')
}

async function withClient<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'parcelle start' })
  client.on('error', () => {})
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end().catch(() => {})
  }
}

async function importRelease(house: CliHouse, db: Database, paths: string[], code?: string): Promise<void> {
  const { importDvf } = await import('../../tasks/import_dvf.ts')
  const { out, log, signal } = house
  const done = await importDvf({ url: db.ownerUrl, log, paths, code, signal, progress: out.progress })
  if (done.status === 'unchanged') {
    out.note(`release ${done.code}: already in the ledger`)
    return
  }
  if (done.status === 'held') {
    out.note(`release ${done.code}: held, not applied; see: parcelle dvf held`)
    return
  }
  const counts = [
    `${formatNumber(done.added ?? 0)} sales added`,
    `${formatNumber(done.corrected ?? 0)} corrected`,
    `${formatNumber(done.withdrawn ?? 0)} withdrawn`,
    `${formatNumber(done.rejected)} of ${formatNumber(done.lines)} lines rejected`,
  ]
  out.note(`release ${done.code}: ${counts.join(', ')} (${done.seconds.toFixed(1)} s)`)
}

/**
 * Brings the simulated France, or the files given, into the ledger; what is there already stays. Gives whether it is the
 * simulated one.
 */
async function fill(house: CliHouse, db: Database, options: StartOptions): Promise<boolean> {
  const present = await withClient(db.ownerUrl, readReleases)
  const isWorld = present.some(({ code }) => code === worldCode('A') || code === worldCode('B'))
  if (options.dvf) {
    if (isWorld) {
      throw new Failure('the ledger holds the simulated France, which real files must not be mixed with', {
        hint: 'Run parcelle reset first, or set PARCELLE_DATA_DIR to another folder.',
        exitCode: 2,
      })
    }
    await importRelease(house, db, options.dvf)
    return false
  }
  const missing = (['A', 'B'] as const).filter(
    (letter) => !present.some(({ code }) => code === worldCode(letter)),
  )
  if (present.length > 0 && !isWorld) return false
  if (missing.length > 0) {
    const world = await ensureWorld(house, options.lines, options.seed)
    for (const letter of missing) await importRelease(house, db, worldFiles(world, letter), worldCode(letter))
  }
  await ensureDemo(house, db)
  return true
}

function describe(overview: Overview): string {
  const prices = describePrices(overview.prices)
  const listings = overview.listings === null ? undefined : describeDemo(overview.listings)
  const work = overview.work === null ? undefined : describeWork(overview.work)
  return [describeReleases(overview.releases), prices, listings, work]
    .filter((part) => part !== undefined)
    .join('\n\n')
}

async function readOverview(client: pg.Client): Promise<Overview> {
  return {
    releases: await readReleases(client),
    prices: await readPrices(client),
    listings: await readDemo(client),
    work: await readWork(client),
  }
}

/** The files that the simulated register publishes: the release that came last, or none when it no longer lies here. */
async function worldRelease(house: CliHouse, { lines, seed }: StartOptions): Promise<string[]> {
  const world = await presentWorld(house, lines, seed)
  return world === null ? [] : worldFiles(world, 'B')
}

async function serve(
  house: CliHouse,
  db: Database,
  overview: Overview,
  sites: DemoSites | null,
): Promise<void> {
  const applied = overview.releases.filter(({ status }) => status === 'applied')
  const queries = queriesToTry(
    overview.prices.priciest[0]?.insee_code ?? '75056',
    applied.map(({ code }) => code),
  )
  await serveUntilStopped(house, db, { server: true, worker: true }, (url = '') =>
    house.out.result({ url, queries, ...overview }, () =>
      [describe(overview), describeAddresses(house, url, queries, sites)].join('\n\n'),
    ),
  )
}

function describeAddresses(
  house: CliHouse,
  url: string,
  queries: TryQuery[],
  sites: DemoSites | null,
): string {
  const rows = [`page         ${url}/`, `GraphQL      ${url}/graphql`]
  if (house.config.nodeEnv !== 'production') rows.push(`GraphiQL     ${url}/graphiql`)
  rows.push(`health       ${url}/readyz`)
  rows.push('SQL          npx parcelle sql "select …", or npx parcelle psql')
  const tries = [describeQueries(url, queries)]
  if (sites !== null) tries.push(describeScraping(sites))
  return `${rows.join('\n')}\n\nTry:\n\n${tries.join('\n\n')}\n\nctrl-C stops it.`
}

/** Adds `parcelle start`: everything at once, with a simulated France or the files given. */
export function register(program: Command, house: CliHouse): void {
  const start = program
    .command('start')
    .description(
      'bring up database, ledger, server and worker; with a simulated France unless told otherwise',
    )
    .option('--once', 'end when the ledger is filled, without serving')
    .option('--dvf <paths...>', 'fill the ledger from these DVF files or folders instead')
    .option('--lines <number>', 'lines of the simulated release', wholeNumber, 100_000)
    .option('--seed <number>', 'another seed gives another France', wholeNumber, 1)
    .action(async (options) => {
      const { out } = house
      await house.database(
        async (db) => {
          await deployTo(house, db)
          const isSimulated = await fill(house, db, options)
          const sites = isSimulated
            ? await openDemoSites(house, db, await worldRelease(house, options))
            : null
          try {
            if (sites !== null) await ensureScrapes(house, db, sites)
            const overview = await withClient(db.ownerUrl, readOverview)
            if (options.once) {
              out.result(overview, () => describe(overview))
              return
            }
            const config = sites === null ? house.config : simulatedConfig(house.config, sites)
            await serve({ ...house, config }, db, overview, sites)
          } finally {
            await sites?.close()
          }
        },
        { deployed: false },
      )
    })
  addExamples(start, [
    ['parcelle start', 'a simulated France, served on http://127.0.0.1:5678'],
    ['parcelle start --once', 'the same without serving, to see whether all works'],
    ['parcelle start --dvf ValeursFoncieres-2024.txt', 'a real file, from data.gouv.fr'],
    ['parcelle start --lines 1000000', 'a bigger France'],
  ])
}
