import pino from 'pino'
import t, { type Test } from 'tap'
import { type ExplorerOptions, explorerSettings, startExplorer } from '../../seeds/world/sites/explorer.ts'
import { startGeo } from '../../seeds/world/sites/geo.ts'
import { scrapeSession } from '../../tasks/lib/scrape/session.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { staged } from '../lib/intake.ts'
import { beginScrape, localSource } from './scrape-lib.ts'

const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })
const signal = new AbortController().signal
const city = '35238'

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
