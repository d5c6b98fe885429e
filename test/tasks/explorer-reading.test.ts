import pino from 'pino'
import t from 'tap'
import type { ExplorerOptions, ExplorerSite } from '../../seeds/world/sites/explorer.ts'
import { explorerSettings, startExplorer } from '../../seeds/world/sites/explorer.ts'
import type { FaultPlan } from '../../seeds/world/sites/faults.ts'
import { holdBrowser } from '../../tasks/lib/scrape/browser.ts'
import { type MemoryScrape, memoryContext, scrapeInMemory, settings } from './lib/explorer.ts'

// With the real browser and real HTTP; only the database is left out. One browser serves all: launching it is what takes
// time.
const held = holdBrowser(pino({ level: 'silent' }))
await held.browser()
t.teardown(() => held.release())

/** One view of all, where it is the reading of a page that is looked at. */
const oneView = { view_km: { width: 80, height: 80 } }
const rennes = { inseeCode: '35238', name: 'Rennes' }

async function scrape(
  options: Partial<ExplorerOptions>,
  changes: Record<string, unknown> = {},
  faults: FaultPlan = [],
): Promise<{ got: MemoryScrape; site: ExplorerSite; truth: string[] }> {
  const site = await startExplorer({
    seed: 'reading',
    cities: ['35238'],
    salesPerCity: 60,
    towers: 0,
    ...options,
  })
  site.setFaults(faults)
  try {
    const context = memoryContext({
      url: site.url,
      city: rennes,
      config: settings({ patience_ms: 1500, ...changes }),
    })
    const got = await scrapeInMemory(context)
    const truth = site.truth.sales
      .filter(({ inseeCode }) => inseeCode === '35238')
      .map(({ id }) => String(id))
    return { got, site, truth: truth.sort() }
  } finally {
    await site.close()
  }
}

const keys = ({ rows }: MemoryScrape) => [...rows.keys()].sort()

t.test('lists are read to their end, however they are drawn', async (t) => {
  for (const list of ['lazy', 'virtual'] as const) {
    const { got, truth } = await scrape({ list, skeletonMs: 150 }, oneView)
    t.strictSame(keys(got), truth, `a ${list} list behind skeletons`)
    t.ok(got.isComplete)
    const unmarked = await scrape(
      { list, hasEnd: false },
      { ...oneView, selectors: { ...explorerSettings.selectors, end: null }, settle_ms: 200 },
    )
    t.strictSame(keys(unmarked.got), unmarked.truth, `a ${list} list without a mark at its end`)
  }
})

t.test('homes that have no page are told apart by what they say', async (t) => {
  const { got, truth } = await scrape({ hasLinks: false }, oneView)
  t.equal(got.rows.size, truth.length)
  t.ok(keys(got).every((key) => /^digest:[0-9a-f]{32}$/.test(key)))
  t.ok([...got.rows.values()].every(({ property_url }) => property_url === null))
})

t.test('where the site tells how many there are, that is counted on', async (t) => {
  const selectors = { ...explorerSettings.selectors, announced: '.results-count' }
  const { got, truth } = await scrape({ salesPerCity: 150, isAnnounced: true }, { selectors })
  t.strictSame(keys(got), truth)
  t.ok(got.isComplete)
})

t.test('150 homes alike in everything leave the session incomplete', async (t) => {
  const { got } = await scrape(
    { alike: 150, salesPerCity: 160, neighbours: 0 },
    { smallest_zoom: 14, first_month: '2019-01' },
  )
  t.notOk(got.isComplete)
  t.ok(got.items.some(({ found }) => found.coverage === 'capped'))
  t.strictSame(got.failures, [])
})

t.test('what goes wrong for a moment is tried again, and nothing is missing', async (t) => {
  for (const kind of ['too_many', 'error', 'reset', 'truncated', 'slow'] as const) {
    const at = [1, 4, 6]
    const { got, truth } = await scrape({}, {}, [{ kind, at, retryAfter: 0 }])
    t.strictSame(keys(got), truth, kind)
    t.strictSame(got.failures, [], kind)
  }
  const { got, truth } = await scrape({}, {}, [{ kind: 'truncated', at: [1], isQuiet: true }])
  t.strictSame(keys(got), truth, 'a page that is cut as if it were whole')
})

t.test('a rebuilt page, a challenge and a login wall are recognised', async (t) => {
  for (const [fault, reason] of [
    [{ kind: 'layout', share: 1 }, 'layout'],
    [{ kind: 'challenge', share: 1 }, 'challenge'],
    [{ kind: 'challenge', share: 1, status: 200 }, 'challenge'],
    [{ kind: 'challenge', share: 1, path: '^/api/' }, 'challenge'],
    [{ kind: 'login', share: 1 }, 'login'],
    [{ kind: 'login', share: 1, status: 302, path: '^/explorateur' }, 'login'],
    [{ kind: 'error', share: 1 }, 'unavailable'],
  ] as const) {
    const { got } = await scrape({}, { ...oneView, patience_ms: 800 }, [fault])
    t.equal(got.rows.size, 0)
    t.notOk(got.isComplete)
    t.ok(got.failures.length > 0)
    for (const { error } of got.failures)
      t.match(error, { name: 'ScrapeRefusal', reason }, `${reason} by ${JSON.stringify(fault)}`)
  }
})

t.test('a site that takes no notice of prices is found out', async (t) => {
  const site = await startExplorer({
    seed: 'x',
    cities: ['35238'],
    salesPerCity: 150,
    towers: 1,
    neighbours: 0,
  })
  t.teardown(() => site.close())
  const search = { path: explorerSettings.search.path, parameters: { price_from: 'unheard', price_to: 'of' } }
  const config = settings({ search, smallest_zoom: 12, split_from: 20, results_at_most: 20 })
  const got = await scrapeInMemory(memoryContext({ url: site.url, city: rennes, config }))
  t.ok(got.failures.some(({ error }) => /outside the band/.test((error as Error).message)))
  t.ok(got.items.length < 400, 'instead of being divided for ever')
})

t.test(
  'a glance divides nothing and is not called complete; changes are those of the last year',
  async (t) => {
    const site = await startExplorer({
      seed: 'tiers',
      cities: ['35238'],
      salesPerCity: 600,
      towers: 0,
      neighbours: 0,
    })
    t.teardown(() => site.close())
    const context = (tier: 'first_pages' | 'changes') =>
      memoryContext({ url: site.url, city: rennes, request: { tier } })
    const glance = await scrapeInMemory(context('first_pages'))
    t.ok(glance.items.every(({ found }) => found.items.length === 0))
    t.ok(glance.rows.size > 0)
    t.notOk(glance.isComplete)
    const changes = await scrapeInMemory(context('changes'))
    const month = new Date(Date.now() - 366 * 86_400_000).toISOString().slice(0, 7)
    t.ok(changes.items.every(({ item }) => String(item.params.monthFrom) >= month))
  },
)
