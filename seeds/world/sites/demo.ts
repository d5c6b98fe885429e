import { type ExplorerSite, explorerSettings, startExplorer } from './explorer.ts'
import { startGeo } from './geo.ts'
import { type Portal, startPortal } from './portal.ts'
import { openPortalMarket } from './portal-homes.ts'
import { type Register, startRegister } from './register.ts'
import type { Site } from './server.ts'
import { feedSettings, portalSettings, sitemapSettings } from './settings.ts'

// What the demonstration shows of scraping: which sites there are, and what is scraped of them in which order.

const seed = 'demo'
const explorerCity = '35238'
const nightsBetween = 5

/** The sites of the demonstration. */
export interface DemoSites {
  portal: Portal
  /** The same homes, behind a server that fails now and then. */
  flaky: Portal
  /** The same homes, behind a page that asks for a person after a while. */
  guarded: Portal
  explorer: ExplorerSite
  geo: Site
  register: Register
  /** An address where nobody answers. */
  shutUrl: string
  /** Goes on to the nights after the first. */
  pass: () => void
  close: () => Promise<void>
}

/** A source of the demonstration, on loopback. */
export interface DemoSource {
  code: string
  name: string
  kind: 'portal' | 'feed' | 'sitemap' | 'explorer'
  url: string
  config: Record<string, unknown>
}

/** A run of a pipeline that the demonstration makes. */
export interface DemoRun {
  pipeline: string
  params: Record<string, unknown>
  /** Only up to this stage. */
  toStage?: string
}

/** Runs that do not wait for each other, and whether the market goes on to its next nights before them. */
export interface DemoWave {
  isLater?: boolean
  runs: readonly DemoRun[]
}

/**
 * Starts the sites of the demonstration; a site whose port is given, by source code, is started there.
 *
 * @param release files of the release that the register publishes.
 */
export async function startDemoSites(options: {
  release: readonly string[]
  ports: Readonly<Record<string, number>>
}): Promise<DemoSites> {
  const { ports } = options
  const market = openPortalMarket({ seed, homes: 480, least: 30 })
  const at = (code: string): { port: number } | undefined => {
    const port = ports[code]
    return port === undefined ? undefined : { port }
  }
  const started: Site[] = []
  const keep = <S extends Site>(site: S): S => {
    started.push(site)
    return site
  }
  try {
    const shut = await startGeo({ seed, name: 'shut' })
    await shut.close()
    const portal = keep(await startPortal({ seed, market, ...at('sim-portal') }))
    const flaky = keep(
      await startPortal({
        seed,
        market,
        name: 'flaky',
        quirks: { deadLinks: 3 },
        faults: [
          { kind: 'error', share: 0.04 },
          { kind: 'truncated', share: 0.03 },
          { kind: 'too_many', at: [9], retryAfter: 1 },
        ],
        ...at('sim-flaky'),
      }),
    )
    const guarded = keep(
      await startPortal({
        seed,
        market,
        name: 'guarded',
        faults: [{ kind: 'challenge', at: Array.from({ length: 900 }, (_, i) => i + 60) }],
        ...at('sim-guarded'),
      }),
    )
    const explorer = keep(
      await startExplorer({ seed, cities: [explorerCity], salesPerCity: 300, ...at('sim-explorer') }),
    )
    const geo = keep(await startGeo({ seed }))
    const register = keep(
      await startRegister({ seed, paths: options.release, publishedAt: '2025-10-07T09:12:00+00:00' }),
    )
    return {
      ...{ portal, flaky, guarded, explorer, geo, register, shutUrl: shut.url },
      pass() {
        portal.pass(nightsBetween)
        flaky.pass(0)
        guarded.pass(0)
      },
      async close() {
        await Promise.all(started.map((site) => site.close()))
      },
    }
  } catch (error) {
    await Promise.all(started.map((site) => site.close()))
    throw error
  }
}

/** The sources of the demonstration; their codes begin with `sim-`. */
export function demoSources(sites: DemoSites): DemoSource[] {
  // The crontab leaves them alone: they answer only while they are served.
  return listSources(sites).map((source) => ({ ...source, config: { ...source.config, tiers: [] } }))
}

function listSources(sites: DemoSites): DemoSource[] {
  const { portal, flaky, guarded, explorer, shutUrl } = sites
  const brief = { backoff_seconds: 0.2, circuit_seconds: 1 }
  // Where a scrape ends early, or chooses what to ask by what it found, so that it always ends with the same homes.
  const oneByOne = { concurrency: 1 }
  const page = (code: string, name: string, url: string, more = {}): DemoSource => ({
    ...{ code, name, kind: 'portal', url },
    config: portalSettings(more),
  })
  return [
    page('sim-portal', 'A simulated portal', portal.url),
    page('sim-flaky', 'A simulated portal that fails now and then', flaky.url, brief),
    page('sim-guarded', 'A simulated portal that wants to see a person', guarded.url, oneByOne),
    page('sim-shut', 'A simulated portal that has closed', shutUrl, brief),
    // Without `detail` nobody can tell which links lead to homes: what such a scrape fails with is a lesson too.
    page('sim-misread', 'A simulated portal whose config is wrong', portal.url, { detail: null }),
    {
      code: 'sim-feed',
      name: 'The feed of a simulated portal',
      kind: 'feed',
      url: portal.url,
      config: feedSettings(),
    },
    {
      code: 'sim-sitemap',
      name: 'The sitemap of a simulated portal',
      kind: 'sitemap',
      url: portal.url,
      config: { ...sitemapSettings(), ...oneByOne },
    },
    {
      code: 'sim-explorer',
      name: 'A simulated transaction explorer',
      kind: 'explorer',
      url: explorer.url,
      config: { ...explorerSettings, ...oneByOne, pages: 1, requests_per_second: null },
    },
  ]
}

/** What the demonstration runs, wave by wave: every pipeline several times, and scrapes that end in every way. */
export function demoWaves(sites: DemoSites): DemoWave[] {
  const cities = sites.portal.truth().cities.map(({ inseeCode }) => inseeCode)
  const scrape = (source: string, name: string, params: Record<string, unknown> = {}): DemoRun => ({
    pipeline: 'scrape_listings',
    params: { source, name, ...params },
  })
  const run = (pipeline: string, params: Record<string, unknown> = {}): DemoRun => ({ pipeline, params })
  const portal = (name: string, index: number, more: Record<string, unknown> = {}): DemoRun =>
    scrape('sim-portal', `${name} ${cities[index]}`, { insee_code: cities[index], ...more })
  const [first = '', second = ''] = cities
  return [
    {
      runs: [
        scrape('sim-shut', 'closed', { insee_code: first }),
        ...cities.slice(0, 6).map((_, index) => portal('all', index)),
        scrape('sim-feed', 'feed, night 1'),
        scrape('sim-explorer', 'explorer', { insee_code: explorerCity, from: '2023-01' }),
        scrape('sim-guarded', 'guarded', { insee_code: first }),
        scrape('sim-misread', 'misread', { insee_code: first }),
        scrape('sim-flaky', 'flaky, first', { insee_code: first }),
        run('city_refresh', { insee_codes: [explorerCity, first] }),
      ],
    },
    {
      isLater: true,
      runs: [
        ...[0, 1, 2].map((index) => portal('changes', index, { tier: 'changes' })),
        ...[3, 4].map((index) => portal('first pages', index, { tier: 'first_pages' })),
        portal('manifest', 5, { tier: 'manifest' }),
        scrape('sim-feed', 'feed, night 6'),
        scrape('sim-sitemap', 'sitemap, its beginning', { max_pages: 60 }),
        scrape('sim-flaky', 'flaky, second', { insee_code: second }),
        scrape('sim-misread', 'misread again', { insee_code: second }),
        run('dvf_update'),
      ],
    },
    ...[1, 2].map(() => ({
      runs: [
        ...['daily_sync', 'discovery_offmarket', 'enrichment_property', 'score_master', 'docgen_packet'],
        ...['client_assignment', 'cleanup', 'dvf_update'],
      ].map((pipeline) => run(pipeline)),
    })),
    {
      runs: [
        run('docgen_packet', { property_ids: [1, 2, 3] }),
        run('city_refresh', { insee_codes: [second] }),
        run('client_assignment', { departments: [first.slice(0, 2)] }),
      ],
    },
    // Seen after the last score_master.
    { runs: [portal('later', 0, { tier: 'first_pages' })] },
    // Filled and left for the next daily_sync: what waits in the queue.
    { runs: [{ ...portal('waits', 1, { tier: 'sample' }), toStage: 'scrape' }] },
  ]
}
