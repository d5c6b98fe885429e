import t, { type Test } from 'tap'
import { explorerSettings, startExplorer } from '../../seeds/world/sites/explorer.ts'
import { startGeo } from '../../seeds/world/sites/geo.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { work as workOnce } from './lib/pipelines.ts'
import { localSource } from './scrape-lib.ts'

async function world(t: Test, db: TestDatabase, settings: Record<string, unknown> = {}) {
  const explorer = await startExplorer({ seed: 'x', cities: ['35238', '44109', '2A004'], salesPerCity: 90 })
  const geo = await startGeo({ seed: 'x' })
  t.teardown(() => Promise.all([explorer.close(), geo.close()]))
  await localSource(db, 'map', 'explorer', explorer.url, { ...explorerSettings, ...settings })
  return { explorer, geo }
}

/** Works off the real queue once. */
const work = (db: TestDatabase, geoApiUrl: string) => workOnce(db, [], { geoApiUrl })

const prices = (db: TestDatabase) =>
  db.query<{ insee_code: string; property_type: string; price: string }>(
    `select insee_code, property_type, source_price_per_m2 as price from city_price_comparisons
     where source = 'map' order by 1, 2`,
  )

t.test('cities are refreshed from the geographic service and the pages of the explorer', async (t) => {
  const db = await database(t)
  const { explorer, geo } = await world(t, db)
  await db.query(`select app_private.enqueue_refresh_city('{35238,44109,2A004}')`)
  await work(db, geo.url)
  const truth = explorer.truth.cities.flatMap(({ inseeCode, flatEuroPerM2, houseEuroPerM2 }) => [
    { insee_code: inseeCode, property_type: 'house', price: houseEuroPerM2?.toFixed(2) },
    { insee_code: inseeCode, property_type: 'flat', price: flatEuroPerM2?.toFixed(2) },
  ])
  const byCode = (a: { insee_code: string }, b: { insee_code: string }) =>
    a.insee_code < b.insee_code ? -1 : 1
  t.strictSame(await prices(db), truth.filter(({ price }) => price !== undefined).sort(byCode))
  const places = await db.query(`
    select o.insee_code, o.outline is not null and o.west < o.longitude and o.longitude < o.east as is_whole,
      c.last_scraped_at is not null as is_refreshed
    from city_outlines as o join cities as c using (insee_code) order by 1`)
  t.strictSame(
    places,
    ['2A004', '35238', '44109'].map((insee_code) => ({ insee_code, is_whole: true, is_refreshed: true })),
  )
  t.ok(
    explorer
      .requests()
      .some(({ path }) => path === '/prix-immobilier/bretagne-53/ille-et-vilaine-35/rennes-35238'),
    'the page of a city is found by region, department and name',
  )
  t.ok(geo.requests().every(({ userAgent }) => userAgent.startsWith('Parcelle/')))
})

t.test(
  'many communes of a département are asked for in one request, and alone what it does not tell',
  async (t) => {
    const db = await database(t)
    const geo = await startGeo({ seed: 'x' })
    t.teardown(() => geo.close())
    const many = [
      '35001',
      '35002',
      '35003',
      '35004',
      '35238',
      '44109',
      '75101',
      '75102',
      '75103',
      '75104',
      '75105',
    ]
    const refresh = async (codes: string[]) => {
      await db.query('delete from city_outlines')
      const before = geo.requests().length
      await db.query('select app_private.enqueue_refresh_city($1)', [codes])
      await work(db, geo.url)
      t.strictSame(
        (await db.query('select insee_code from city_outlines order by 1')).map((row) => row.insee_code),
        codes,
      )
      const asked = geo.requests().slice(before)
      return asked.map(({ path }) => path.replace(/\?.*/, '')).filter((path) => path !== '/robots.txt')
    }
    const alone = ['/communes/44109', ...Array.from({ length: 5 }, () => '/communes')]
    t.strictSame(await refresh(many), ['/departements/35/communes', ...alone])
    const [told] =
      await db.query(`select outline is not null and west < longitude as is_whole from city_outlines
    where insee_code = '35003'`)
    t.strictSame(told, { is_whole: true })
    geo.setFaults([{ kind: 'error', share: 1, status: 404, path: '/departements/' }])
    t.strictSame(
      await refresh(many),
      ['/departements/35/communes', ...many.slice(0, 5).map((code) => `/communes/${code}`), ...alone],
      'without an answer for the département, each alone',
    )
    t.strictSame(
      await refresh(many.slice(1, 5)),
      many.slice(1, 5).map((code) => `/communes/${code}`),
      'a few',
    )
  },
)

t.test('what one city lacks keeps nothing from the others, and is told', async (t) => {
  const db = await database(t)
  const { explorer, geo } = await world(t, db)
  await localSource(db, 'broken', 'explorer', explorer.url, { city_page: {} })
  explorer.setFaults([{ kind: 'layout', share: 1, path: 'nantes' }])
  geo.setFaults([{ kind: 'error', share: 1, path: '2A004' }])
  const [run] = await db.query<{ id: number }>(
    `select id from trigger_pipeline('city_refresh', '{"insee_codes": ["35238", "44109", "2A004", "35051"]}')`,
  )
  await work(db, geo.url)
  const [ended] = await db.query('select status from pipeline_runs where id = $1', [run?.id])
  t.equal(ended?.status, 'succeeded')
  const told = await db.query<{
    result: { refreshed: number; failures: { inseeCode: string; from: string }[] }
  }>(`select result from pipeline_tasks where run_id = $1`, [run?.id])
  const failures = told.flatMap(({ result }) => result?.failures ?? [])
  t.strictSame(failures.map(({ inseeCode, from }) => `${inseeCode} ${from}`).sort(), [
    '2A004 broken',
    '2A004 geo',
    '35051 broken',
    '35051 map',
    '35238 broken',
    '44109 broken',
    '44109 map',
  ])
  t.strictSame([...new Set((await prices(db)).map((row) => row.insee_code))], ['2A004', '35238'])
  const places = await db.query('select insee_code from city_outlines order by 1')
  t.strictSame(
    places.map((row) => row.insee_code),
    ['35051', '35238', '44109'],
  )
  explorer.setFaults([])
  await db.query(`select app_private.enqueue_refresh_city('{44109}')`)
  await work(db, geo.url)
  t.ok(
    (await prices(db)).some((row) => row.insee_code === '44109'),
    'a second run mends it',
  )
})

t.test('an explorer that shows a challenge is asked once, and no more', async (t) => {
  const db = await database(t)
  const { explorer, geo } = await world(t, db)
  explorer.setFaults([{ kind: 'challenge', share: 1 }])
  await db.query(`select app_private.enqueue_refresh_city('{35238,44109,2A004}')`)
  await work(db, geo.url)
  t.equal(explorer.requests().filter(({ path }) => path !== '/robots.txt').length, 1)
  t.strictSame(await prices(db), [])
  t.equal(
    (await db.query('select from city_outlines')).length,
    3,
    'the geographic service was asked all the same',
  )
})

t.test('pages whose figures need JavaScript are read by the browser', async (t) => {
  const db = await database(t)
  const { geo } = await world(t, db, { city_page: { ...explorerSettings.city_page, needs_browser: true } })
  await db.query(`select app_private.enqueue_refresh_city('{35238}')`)
  await work(db, geo.url)
  t.equal((await prices(db)).length, 2)
})

t.test(
  'an arrondissement is asked for by its type; a commune that does not exist is refused for good',
  async (t) => {
    const db = await database(t)
    const { geo } = await world(t, db)
    await db.query(`select app_private.enqueue_refresh_city('{75111}')`)
    await work(db, geo.url)
    t.strictSame(await db.query('select insee_code from city_outlines'), [{ insee_code: '75111' }])
    await db.query(`select app_private.enqueue_refresh_city('{99999}')`)
    await work(db, geo.url)
    const [failure] = await db.query('select message from task_failures')
    t.match(failure, { message: /commune 99999 does not exist/ })
  },
)
