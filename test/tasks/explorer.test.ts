import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import t, { type Test } from 'tap'
import { type ExplorerOptions, explorerSettings, startExplorer } from '../../seeds/world/sites/explorer.ts'
import { startGeo } from '../../seeds/world/sites/geo.ts'
import { holdBrowser } from '../../tasks/lib/scrape/browser.ts'
import { explorerConfig } from '../../tasks/lib/scrape/explorer/config.ts'
import { scrapeSession } from '../../tasks/lib/scrape/session.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { staged } from '../lib/intake.ts'
import { beginScrape, localSource } from './scrape-lib.ts'

const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })
const signal = new AbortController().signal
const city = '35238'

// Whoever lets the browser go last closes it: held here, one serves all tests.
const held = holdBrowser(log)
t.teardown(() => held.release())

async function sites(t: Test, db: TestDatabase, options: Partial<ExplorerOptions> = {}) {
  const explorer = await startExplorer({ seed: 'x', cities: [city], salesPerCity: 130, ...options })
  const geo = await startGeo({ seed: 'x' })
  process.env.GEO_API_URL = geo.url
  t.teardown(() => Promise.all([explorer.close(), geo.close()]))
  await localSource(db, 'map', 'explorer', explorer.url, {
    ...explorerSettings,
    requests_per_second: null,
    backoff_seconds: 0.05,
  })
  const truth = explorer.truth.sales.filter(({ inseeCode }) => inseeCode === city)
  return { explorer, geo, truth }
}

t.test('a city is read whole from a site that draws its results by JavaScript', async (t) => {
  const db = await database(t)
  const { truth, geo, explorer } = await sites(t, db)
  const id = await beginScrape(db, 'map', { insee_code: city })
  const report = await scrapeSession({ url: db.url, sessionId: id, log, signal })
  t.match(report, { outcome: 'complete', is_complete: true, staged_count: truth.length })
  const rows = new Map((await staged(db, id)).map((row) => [String(row.source_key), row]))
  t.strictSame(
    [...rows.keys()].sort(),
    truth.map((sale) => String(sale.id)).sort(),
    'all homes of the city, no others',
  )
  t.equal(
    geo.requests().filter(({ path }) => path.startsWith('/communes/')).length,
    1,
    'its outline was asked for once',
  )
  t.ok(explorer.requests().some(({ path }) => path === '/robots.txt'))
  await db.query('select sync_session($1)', [id])
  const live = await db.query<Record<string, unknown>>(
    `select source_key, status, insee_code, property_type, price_eur, surface_m2, room_count, sold_on::text as sold_on
     from properties_live`,
  )
  const types = { 0: 'commercial', 1: 'house', 2: 'flat', 4: 'land', 5: 'unspecified' }
  const byKey = new Map(live.map((row) => [String(row.source_key), row]))
  for (const sale of truth) {
    t.match(byKey.get(String(sale.id)), {
      status: 'sold',
      insee_code: city,
      property_type: types[sale.type],
      price_eur: sale.priceEur.toFixed(2),
      sold_on: sale.soldOn,
    })
  }
})

t.test('the source that ships lacks nothing but its address and the marks of its pages', async (t) => {
  const db = await database(t)
  const [source] = await db.query<{
    config: Record<string, unknown>
    is_enabled: boolean
    base_url: string | null
  }>(`select config, is_enabled, base_url from sources where code = 'immodata'`)
  t.match(source, { is_enabled: false, base_url: null })
  t.strictSame(
    explorerConfig.safeParse(source?.config).error?.issues.map(({ path }) => path.join('.')),
    ['selectors'],
  )
  const whole = explorerConfig.parse({ ...source?.config, selectors: explorerSettings.selectors })
  t.match(whole, { zoom: 12, results_at_most: 101, split_from: 95, view_km: { width: 17, height: 14 } })
})

t.test('a challenge blocks the session: what was read waits, and nobody asks again', async (t) => {
  const db = await database(t)
  const { explorer } = await sites(t, db)
  explorer.setFaults([{ kind: 'challenge', share: 1, path: '^/explorateur' }])
  const id = await beginScrape(db, 'map', { insee_code: city })
  const report = await scrapeSession({ url: db.url, sessionId: id, log, signal })
  t.match(report, { outcome: 'blocked', status: 'held' })
  t.ok(
    explorer.requests().filter(({ path }) => path.startsWith('/explorateur')).length <= 4,
    'those under way at most',
  )
})

t.test('a scrape that was broken off goes on where it was', async (t) => {
  const db = await database(t)
  const { explorer, truth, geo } = await sites(t, db, { salesPerCity: 300, skeletonMs: 100 })
  const id = await beginScrape(db, 'map', { insee_code: city })
  const controller = new AbortController()
  const first = scrapeSession({ url: db.url, sessionId: id, log, signal: controller.signal })
  const done = async () =>
    (
      await db.query<{ n: number }>(`select count(*)::integer as n from scrape_items where status = 'done'`)
    )[0]?.n ?? 0
  while ((await done()) < 4) await sleep(50)
  controller.abort(new Error('enough'))
  await t.rejects(first)
  const before = explorer.requests().length
  const report = await scrapeSession({ url: db.url, sessionId: id, log, signal })
  t.match(report, { outcome: 'complete', staged_count: truth.length })
  t.equal(
    geo.requests().filter(({ path }) => path.startsWith('/communes/')).length,
    1,
    'the outline is known',
  )
  const items = await db.query('select from scrape_items')
  const asked = explorer
    .requests()
    .slice(before)
    .filter(({ path }) => path.startsWith('/explorateur')).length
  t.ok(asked <= items.length - 4, 'nothing that was done is asked for again')
})

t.test('a page budget ends a scrape, which is then not called complete', async (t) => {
  const db = await database(t)
  await sites(t, db)
  const id = await beginScrape(db, 'map', { insee_code: city, max_pages: 4 })
  const report = await scrapeSession({ url: db.url, sessionId: id, log, signal })
  t.match(report, { outcome: 'partial', is_complete: false })
})

t.test('robots.txt is obeyed', async (t) => {
  const db = await database(t)
  const { explorer } = await sites(t, db, { robots: 'User-agent: *\nDisallow: /explorateur/\n' })
  const id = await beginScrape(db, 'map', { insee_code: city })
  const report = await scrapeSession({ url: db.url, sessionId: id, log, signal })
  t.notOk(report.is_complete)
  t.strictSame(
    explorer.requests().map(({ path }) => path),
    ['/robots.txt'],
  )
})

t.test('the rate of a source holds for everything that its pages ask for', async (t) => {
  const db = await database(t)
  const { explorer } = await sites(t, db, { salesPerCity: 60 })
  await db.query(`update sources set config = config || '{"requests_per_second": 5}' where code = 'map'`)
  const id = await beginScrape(db, 'map', { insee_code: city })
  const report = await scrapeSession({ url: db.url, sessionId: id, log, signal })
  t.equal(report.outcome, 'complete')
  t.ok(explorer.requests().some(({ path }) => path.startsWith('/api/')))
  // From the first to the last: of two alone a busy browser may hold the first back.
  const times = explorer.requests().map(({ at }) => at)
  const took = Math.max(...times) - Math.min(...times)
  t.ok(times.length > 6 && took > (times.length - 1) * 200, `${times.length} requests in ${took} ms`)
})

t.test('without a city, and where nobody knows the outline, that is said', async (t) => {
  const db = await database(t)
  const { geo } = await sites(t, db)
  const id = await beginScrape(db, 'map')
  await t.rejects(scrapeSession({ url: db.url, sessionId: id, log, signal }), /city by city/)
  const asked = () => geo.requests().filter(({ path }) => path.startsWith('/communes/')).length
  geo.setFaults([{ kind: 'error', share: 1 }])
  const shut = await beginScrape(db, 'map', { insee_code: '35051' })
  await t.rejects(scrapeSession({ url: db.url, sessionId: shut, log, signal }), /answered 500/)
  t.equal(asked(), 3, 'what a plan needs is asked for three times')
  t.match(await db.query('select status, errors from scrape_sessions where id = $1', [shut]), [
    { status: 'failed', errors: [{ reason: 'unavailable', detail: /answered 500/ }] },
  ])
  geo.setFaults([
    { kind: 'error', at: [1] },
    { kind: 'error', share: 1, status: 404 },
  ])
  const blind = await beginScrape(db, 'map', { insee_code: '35051', max_pages: 30 })
  const report = await scrapeSession({ url: db.url, sessionId: blind, log, signal })
  t.equal(report.is_complete, false, 'a centre alone proves nothing')
  t.equal(asked(), 5, 'and one failure is none for good')
})
