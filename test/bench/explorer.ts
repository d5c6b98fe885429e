import pg from 'pg'
import { chromium } from 'playwright-core'
import { readPlaces } from '../../seeds/world/places.ts'
import { communeOutline } from '../../seeds/world/sites/contours.ts'
import { type ExplorerSite, explorerSettings, startExplorer } from '../../seeds/world/sites/explorer.ts'
import { startGeo } from '../../seeds/world/sites/geo.ts'
import { parseConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { areaSchema } from '../../tasks/lib/geo/outline.ts'
import { findExecutable } from '../../tasks/lib/scrape/browser/executable.ts'
import { explorerConfig } from '../../tasks/lib/scrape/explorer/config.ts'
import { type ScrapeReport, scrapeSession } from '../../tasks/lib/scrape/session.ts'
import { type Subdivision, subdivide } from '../tasks/lib/subdivision.ts'
import { type BenchContext, withFreshDatabase } from './imports.ts'
import { type Finding, findingOf, seconds } from './measure.ts'
import type { SyncTruthFinding } from './sync-truth.ts'

/** The benches of the explorer. */
export const explorerBenches = ['explorer-requests', 'explorer-time'] as const

/** How many of the truth's homes were found, or requests against leaves: a figure and its bar. */
export type ExplorerFinding = Omit<SyncTruthFinding, 'bench'> & { bench: 'explorer-requests' }

const city = '35238'
/** Cells that hold exactly so many homes. */
const exactCounts = [94, 95, 100, 101, 102]
const dense = 50_000
const timed = 6000
const rounds = 3
const pagesAtOnce = 4

interface Scraped {
  report: ScrapeReport
  keys: Set<string>
  seconds: number
}

/** Scrapes the city as `parcelle scrape` does, into a fresh database. */
async function scrape(context: BenchContext, site: ExplorerSite, geoUrl: string): Promise<Scraped> {
  return withFreshDatabase(context, 'bench_explorer', async (url) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      const config = { ...explorerSettings, requests_per_second: null, concurrency: pagesAtOnce }
      await client.query(`select app_public.add_source('map', 'Map', 'explorer', $1, $2)`, [
        site.url,
        JSON.stringify(config),
      ])
      await client.query(`select app_private.set_source_local('map', true)`)
      const begun = await client.query<{ id: string }>(
        `select id from app_private.begin_scrape('map', jsonb_build_object('insee_code', $1::text))`,
        [city],
      )
      const sessionId = begun.rows[0]?.id ?? ''
      process.env.GEO_API_URL = geoUrl
      const log = createLog({ logLevel: 'warn', serverPassword: undefined })
      let report: ScrapeReport | undefined
      const took = await seconds(async () => {
        report = await scrapeSession({ url, sessionId, log, signal: context.signal })
      })
      const staged = await client.query<{ source_key: string }>(
        'select s.source_key from app_public.property_scrapes_staging as s where s.session_id = $1',
        [sessionId],
      )
      if (report === undefined) throw new Error('the scrape came to nothing')
      return { report, keys: new Set(staged.rows.map((row) => row.source_key)), seconds: took }
    } finally {
      await client.end()
    }
  })
}

const truthOf = (site: ExplorerSite): string[] =>
  site.truth.sales.filter(({ inseeCode }) => inseeCode === city).map(({ id }) => String(id))

const pagesOf = (site: ExplorerSite): string[] =>
  site
    .requests()
    .filter(({ path }) => path.startsWith(explorerSettings.search.path))
    .map(({ path }) => path)

/** The same division, asked of the truth. */
function trueDivision(site: ExplorerSite): Subdivision {
  const place = readPlaces().find(({ code }) => code === city)
  if (place === undefined) throw new Error(`the world has no commune ${city}`)
  const { contour, bbox, centre } = communeOutline(place)
  return subdivide(
    site.truth.sales,
    { outline: areaSchema.parse(contour), bbox, centre },
    explorerConfig.parse(explorerSettings),
    { lastMonth: new Date().toISOString().slice(0, 7) },
  )
}

async function benchRequests(
  context: BenchContext,
  geoUrl: string,
  tell: (finding: ExplorerFinding) => void,
): Promise<void> {
  const { say } = context
  const finding = (name: string, value: number, bar: number, must_be: 'at least' | 'at most', rows: number) =>
    tell({ bench: 'explorer-requests', case: name, value: Math.round(value * 1e5) / 1e5, bar, must_be, rows })
  const site = await startExplorer({
    seed: 'bench',
    cities: [city],
    salesPerCity: dense,
    hamlets: exactCounts,
    towers: 0.15,
  })
  try {
    const division = trueDivision(site)
    const totals = new Set(division.cells.map(({ total }) => total))
    const missing = exactCounts.filter((count) => !totals.has(count))
    if (missing.length > 0) throw new Error(`no cell holds exactly ${missing.join(', ')} homes`)
    say(`explorer-requests: scraping ${dense} homes, ${division.leaves.length} leaf cells`)
    const { report, keys, seconds: took } = await scrape(context, site, geoUrl)
    const truth = truthOf(site)
    const pages = pagesOf(site).length
    say(
      `explorer-requests: ${pages} pages in ${took.toFixed(1)} s, ${report.outcome}, ${JSON.stringify(report.counts)}`,
    )
    const found = truth.filter((key) => keys.has(key)).length
    finding('homes found', found / truth.length, 1, 'at least', truth.length)
    finding('homes that are not there', keys.size - found, 0, 'at most', keys.size)
    finding('called complete', report.is_complete ? 1 : 0, 1, 'at least', 1)
    finding('requests per leaf cell', pages / division.leaves.length, 1.6, 'at most', pages)
  } finally {
    await site.close()
  }
  const alike = await startExplorer({
    seed: 'bench',
    cities: [city],
    salesPerCity: 500,
    alike: 150,
  })
  try {
    const { report } = await scrape(context, alike, geoUrl)
    finding('150 homes alike called complete', report.is_complete ? 1 : 0, 0, 'at most', 150)
  } finally {
    await alike.close()
  }
}

/** The same pages with the same browser and nothing else: until their results are there. */
async function bare(site: ExplorerSite, paths: readonly string[]): Promise<void> {
  const { path } = await findExecutable({
    chromiumPath: parseConfig().chromiumPath,
    searchPath: process.env.PATH ?? '',
  })
  const browser = await chromium.launch({
    executablePath: path,
    chromiumSandbox: false,
    args: ['--disable-gpu'],
  })
  try {
    const context = await browser.newContext()
    const waiting = [...paths]
    const work = async (): Promise<void> => {
      const page = await context.newPage()
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await page.goto(site.url + next, { waitUntil: 'domcontentloaded' })
        await page.waitForSelector('.result, .results-none', { state: 'attached' })
      }
      await page.close()
    }
    await Promise.all(Array.from({ length: pagesAtOnce }, work))
  } finally {
    await browser.close()
  }
}

async function benchTime(context: BenchContext, geoUrl: string): Promise<Finding> {
  const site = await startExplorer({ seed: 'time', cities: [city], salesPerCity: timed })
  try {
    const times = { ours: [] as number[], floor: [] as number[] }
    let paths: string[] = []
    for (let round = 0; round < rounds; round++) {
      context.signal.throwIfAborted()
      site.forgetRequests()
      const { seconds: ours } = await scrape(context, site, geoUrl)
      paths = pagesOf(site)
      times.ours.push(ours)
      times.floor.push(await seconds(() => bare(site, paths)))
      context.say(
        `explorer-time: ${paths.length} pages, ${times.ours.at(-1)?.toFixed(2)} s and bare ${times.floor.at(-1)?.toFixed(2)} s`,
      )
    }
    return findingOf('explorer-time', 1.3, paths.length, times)
  } finally {
    await site.close()
  }
}

/**
 * Scrapes a dense city of the simulated explorer with the real browser: whether every home is found, how many requests
 * that takes against the leaves of the same division of the truth, and how long against the pages alone.
 */
export async function benchExplorer(
  wanted: ReadonlySet<string>,
  context: BenchContext,
  tell: (finding: Finding | ExplorerFinding) => void,
): Promise<void> {
  const geo = await startGeo({ seed: 'bench' })
  try {
    if (wanted.has('explorer-requests')) await benchRequests(context, geo.url, tell)
    if (wanted.has('explorer-time')) tell(await benchTime(context, geo.url))
  } finally {
    await geo.close()
  }
}
