import t from 'tap'
import { database } from '../lib/database.ts'
import { asRole } from '../lib/role.ts'

const outline = {
  type: 'Polygon',
  coordinates: [
    [
      [-1.75, 48.07],
      [-1.62, 48.07],
      [-1.62, 48.15],
      [-1.75, 48.07],
    ],
  ],
}
const place = { centre: [-1.68, 48.11], bbox: [-1.75, 48.07, -1.62, 48.15], outline, source: 'geo.example' }

t.test(
  'what is learnt of a city is written over what was known, and what was not learnt stays',
  async (t) => {
    const db = await database(t)
    await db.query(`select add_source('map', 'Map', 'explorer')`)
    const record = async (figures: unknown) =>
      (await db.query('select app_private.record_city_figures($1) as n', [JSON.stringify(figures)]))[0]?.n
    t.equal(
      await record([
        {
          insee_code: '35238',
          place,
          source: 'map',
          prices: { flat: 3950.5, house: null },
          is_refreshed: true,
        },
        { insee_code: '44109', source: 'map', prices: null, is_refreshed: false },
      ]),
      1,
    )
    t.equal(
      await record([{ insee_code: '35238', source: 'map', prices: { flat: 4000 }, is_refreshed: true }]),
      1,
    )
    t.strictSame(await db.query('select insee_code, longitude, south, source, outline from city_outlines'), [
      { insee_code: '35238', longitude: -1.68, south: 48.07, source: 'geo.example', outline },
    ])
    t.strictSame(await db.query('select property_type, price_per_m2 from city_prices'), [
      { property_type: 'flat', price_per_m2: '4000.00' },
    ])
    const seen = await db.query('select insee_code from cities where last_scraped_at is not null')
    t.strictSame(seen, [{ insee_code: '35238' }])
    const [known] = await db.query("select app_private.city_place('35238') as place")
    t.strictSame(known?.place, { centre: [-1.68, 48.11], bbox: [-1.75, 48.07, -1.62, 48.15], outline })
    await db.query("update city_outlines set fetched_at = now() - interval '2 years'")
    t.strictSame((await db.query("select app_private.city_place('35238') as place"))[0]?.place, null)
  },
)

t.test('the ledger speaks beside the explorer, where it has five sales', async (t) => {
  const db = await database(t)
  await db.query(`select add_source('map', 'Map', 'explorer')`)
  await db.query(`
    insert into market_stats (area_level, area_code, property_type, nature, period_kind, period_start, sale_count,
      price_per_m2_count, price_per_m2_mean)
    values
      ('commune', '35238', 'flat', 'sale', 'year', '2023-01-01', 50, 40, 3800),
      ('commune', '35238', 'flat', 'sale', 'year', '2024-01-01', 60, 50, 4000),
      ('commune', '35238', 'flat', 'off_plan_sale', 'year', '2024-01-01', 60, 50, 5000),
      ('commune', '35238', 'house', 'sale', 'year', '2024-01-01', 3, 3, null)`)
  await db.query('select app_private.record_city_figures($1)', [
    JSON.stringify([
      { insee_code: '35238', source: 'map', prices: { flat: 4200, house: 3100 }, is_refreshed: true },
    ]),
  ])
  const text = `select property_type, source, source_price_per_m2, ledger_price_per_m2, ledger_sale_count, difference
    from city_price_comparisons order by property_type`
  t.strictSame(
    await db.query(text),
    [
      {
        property_type: 'house',
        source: 'map',
        source_price_per_m2: '3100.00',
        ledger_price_per_m2: null,
        ledger_sale_count: null,
        difference: null,
      },
      {
        property_type: 'flat',
        source: 'map',
        source_price_per_m2: '4200.00',
        ledger_price_per_m2: '4000.00',
        ledger_sale_count: 50,
        difference: '0.0500',
      },
    ].sort((a, b) => (a.property_type < b.property_type ? 1 : -1)),
  )
  for (const role of ['app_visitor', 'app_analyst'] as const) {
    const rows = await asRole(db, role, {}, async (client) => (await client.query(text)).rows)
    t.equal(rows.length, 2, `${role} sees both`)
  }
})

t.test('unknown communes and what is no list are refused', async (t) => {
  const db = await database(t)
  await t.rejects(db.query(`select app_private.record_city_figures('{}')`), { code: 'PC400' })
  await t.rejects(db.query(`select app_private.record_city_figures('[{"insee_code": "99999"}]')`), {
    code: 'PC404',
  })
})

t.test('a place belongs to a city by its name and postal code, or it cannot be told', async (t) => {
  const db = await database(t)
  const belongs = async (insee: string, places: [string, string | null][]) => {
    const [row] = await db.query<{ b: (boolean | null)[] }>(
      'select app_private.belongs_to_city($1, $2, $3) as b',
      [insee, places.map(([name]) => name), places.map(([, code]) => code)],
    )
    return row?.b
  }
  t.strictSame(
    await belongs('35238', [
      ['RENNES', '35000'],
      ['Rennes', null],
      ['Cesson-Sévigné', '35510'],
      ['Nulle-Part', null],
    ]),
    [true, true, false, null],
  )
  t.strictSame(
    await belongs('75056', [
      ['Paris 11e Arrondissement', '75011'],
      ['Montreuil', '93100'],
    ]),
    [true, false],
  )
  t.strictSame(
    await belongs('75111', [
      ['Paris', '75011'],
      ['Paris', '75012'],
      ['Paris', null],
    ]),
    [true, false, null],
  )
})

t.test('the same cities wait in the queue once', async (t) => {
  const db = await database(t)
  for (let i = 0; i < 2; i++) await db.query(`select app_private.enqueue_refresh_city('{35238,44109}')`)
  const jobs = await db.query(`select j.task_identifier as task from graphile_worker.jobs as j`)
  t.strictSame(jobs.filter(({ task }) => task === 'refresh_city').length, 1)
})

t.test('a scrape knows where its city lies as its outline was drawn, else by what lies there', async (t) => {
  const db = await database(t)
  await db.query(`select add_source('map', 'Map', 'portal', 'https://map.example')`)
  const cityOf = async (insee: string) => {
    const [scrape] = await db.query<{ id: string }>(`select id from app_private.begin_scrape('map', $1)`, [
      JSON.stringify({ insee_code: insee }),
    ])
    const [row] = await db.query<{ city: { longitude: number; latitude: number; bbox: number[] | null } }>(
      `select app_private.claim_scrape($1, 'one') -> 'city' as city`,
      [scrape?.id],
    )
    return row?.city
  }
  const about = await cityOf('35238')
  t.equal(about?.bbox, null)
  t.ok(
    about && about.latitude > 47.5 && about.latitude < 48.8,
    'the département, where nothing else is known',
  )
  await db.query('select app_private.record_city_figures($1)', [
    JSON.stringify([{ insee_code: '35238', place }]),
  ])
  await db.query(`update city_outlines set fetched_at = now() - interval '2 years'`)
  t.match(await cityOf('35238'), { longitude: -1.68, latitude: 48.11, bbox: place.bbox })
})
