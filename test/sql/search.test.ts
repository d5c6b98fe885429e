import fc from 'fast-check'
import t from 'tap'
import { addRelease, addSales, type Sale } from '../fixtures/ledger.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { long } from '../lib/long.ts'
import { asRole } from '../lib/role.ts'

type Found = Sale & {
  built_surface_m2: number | null
  room_count: number | null
  land_surface_m2: number | null
  parcel_ids: string[]
}

const communes = ['75101', '75102', '69381', '13201', '35238', '35047', '01004']
const parents: Record<string, string> = {
  '75101': '75056',
  '75102': '75056',
  '69381': '69123',
  '13201': '13055',
}
const parcel = (n: number) => `35238000AB000${n}`
const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null, freq: 5 })
const day = fc
  .integer({ min: 0, max: 60 })
  .map((n) => new Date(Date.UTC(2023, 0, 1 + n)).toISOString().slice(0, 10))

const anySale = fc
  .record({
    insee_code: fc.constantFrom(...communes),
    sold_on: day,
    property_type: fc.constantFrom('house' as const, 'flat' as const, 'land' as const),
    nature: fc.constantFrom('sale' as const, 'auction' as const),
    price_eur: orNull(fc.integer({ min: 1, max: 40 })),
    price_per_m2: orNull(fc.integer({ min: 1, max: 40 })),
    built_surface_m2: orNull(fc.integer({ min: 1, max: 40 })),
    room_count: orNull(fc.integer({ min: 0, max: 8 })),
    land_surface_m2: orNull(fc.integer({ min: 1, max: 40 })),
    parcel_ids: fc.uniqueArray(fc.integer({ min: 1, max: 6 }).map(parcel), { minLength: 1, maxLength: 3 }),
    place: orNull(
      fc.record({
        longitude: fc.double({ min: 2, max: 2.2, noNaN: true }),
        latitude: fc.double({ min: 48, max: 48.2, noNaN: true }),
      }),
    ),
  })
  .map(
    ({ place, ...sale }): Found => ({
      ...sale,
      parent_insee_code: parents[sale.insee_code] ?? null,
      longitude: place?.longitude ?? null,
      latitude: place?.latitude ?? null,
    }),
  )

const anySearch = fc
  .record(
    {
      commune: fc.constantFrom(...communes, '75056', '69123', '13055', '99999'),
      department: fc.constantFrom('75', '35', '01'),
      sold_from: day,
      sold_to: day,
      property_types: fc.subarray(['house', 'flat', 'land']),
      natures: fc.subarray(['sale', 'auction']),
      price_min_eur: fc.integer({ min: 1, max: 40 }),
      price_max_eur: fc.integer({ min: 1, max: 40 }),
      price_per_m2_min: fc.integer({ min: 1, max: 40 }),
      price_per_m2_max: fc.integer({ min: 1, max: 40 }),
      surface_min_m2: fc.integer({ min: 1, max: 40 }),
      surface_max_m2: fc.integer({ min: 1, max: 40 }),
      rooms_min: fc.integer({ min: 0, max: 8 }),
      rooms_max: fc.integer({ min: 0, max: 8 }),
      land_min_m2: fc.integer({ min: 1, max: 40 }),
      land_max_m2: fc.integer({ min: 1, max: 40 }),
      parcel: fc.integer({ min: 1, max: 7 }).map(parcel),
      near: fc.record({
        near_longitude: fc.double({ min: 2, max: 2.2, noNaN: true }),
        near_latitude: fc.double({ min: 48, max: 48.2, noNaN: true }),
        radius_m: fc.integer({ min: 0, max: 12_000 }),
      }),
      box: fc.record({
        west: fc.double({ min: 2, max: 2.1, noNaN: true }),
        south: fc.double({ min: 48, max: 48.1, noNaN: true }),
        east: fc.double({ min: 2.1, max: 2.2, noNaN: true }),
        north: fc.double({ min: 48.1, max: 48.2, noNaN: true }),
      }),
    },
    { requiredKeys: [] },
  )
  // All conditions at once find nothing: a few at a time.
  .chain((search) => fc.subarray(Object.entries(search), { maxLength: 4 }).map(Object.fromEntries))
  .map(({ near, box, ...search }): Record<string, unknown> => ({ ...search, ...near, ...box }))

const radians = (degrees: number) => (degrees * Math.PI) / 180
const distance = (lon1: number, lat1: number, lon2: number, lat2: number) => {
  const h =
    Math.sin(radians(lat2 - lat1) / 2) ** 2 +
    Math.cos(radians(lat1)) * Math.cos(radians(lat2)) * Math.sin(radians(lon2 - lon1) / 2) ** 2
  return 2 * 6371008.8 * Math.asin(Math.min(1, Math.sqrt(h)))
}

/** The search as one would write it down by hand. */
function matches(sale: Found, search: Record<string, unknown>): boolean {
  const atLeast = (value: unknown, limit: unknown) =>
    limit === undefined || (value !== null && Number(value) >= Number(limit))
  const atMost = (value: unknown, limit: unknown) =>
    limit === undefined || (value !== null && Number(value) <= Number(limit))
  const among = (value: unknown, list: unknown) => list === undefined || (list as unknown[]).includes(value)
  const { longitude, latitude } = sale
  const isPlaced = typeof longitude === 'number' && typeof latitude === 'number'
  const department = sale.insee_code?.slice(0, 2)
  return (
    (search.commune === undefined ||
      [sale.insee_code, sale.parent_insee_code].includes(search.commune as string)) &&
    (search.department === undefined || search.department === department) &&
    (search.sold_from === undefined || (sale.sold_on ?? '') >= (search.sold_from as string)) &&
    (search.sold_to === undefined || (sale.sold_on ?? '') <= (search.sold_to as string)) &&
    among(sale.property_type, search.property_types) &&
    among(sale.nature, search.natures) &&
    atLeast(sale.price_eur, search.price_min_eur) &&
    atMost(sale.price_eur, search.price_max_eur) &&
    atLeast(sale.price_per_m2, search.price_per_m2_min) &&
    atMost(sale.price_per_m2, search.price_per_m2_max) &&
    atLeast(sale.built_surface_m2, search.surface_min_m2) &&
    atMost(sale.built_surface_m2, search.surface_max_m2) &&
    atLeast(sale.room_count, search.rooms_min) &&
    atMost(sale.room_count, search.rooms_max) &&
    atLeast(sale.land_surface_m2, search.land_min_m2) &&
    atMost(sale.land_surface_m2, search.land_max_m2) &&
    (search.parcel === undefined || sale.parcel_ids.includes(search.parcel as string)) &&
    (search.near_longitude === undefined ||
      (isPlaced &&
        distance(Number(search.near_longitude), Number(search.near_latitude), longitude, latitude) <=
          Number(search.radius_m))) &&
    (search.west === undefined ||
      (isPlaced &&
        longitude >= Number(search.west) &&
        longitude <= Number(search.east) &&
        latitude >= Number(search.south) &&
        latitude <= Number(search.north)))
  )
}

async function find(db: TestDatabase, search: Record<string, unknown>): Promise<number[]> {
  const names = Object.keys(search)
  const given = names.map((name, n) => `${name} => $${n + 1}`).join(', ')
  const rows = await asRole(db, 'app_analyst', {}, (client) =>
    client.query<{ id: string }>(
      `select id from app_public.search_transactions(${given}) order by id`,
      names.map((name) => search[name]),
    ),
  )
  return rows.rows.map(({ id }) => Number(id))
}

t.test('a search finds what its conditions say, each and together', async (t) => {
  const db = await database(t)
  const release = await addRelease(db, '2025-10')
  const sales = fc.sample(anySale, { numRuns: 600, seed: 7 })
  const ids = await addSales(db, release, sales)
  let found = 0
  await fc.assert(
    fc.asyncProperty(anySearch, async (search) => {
      const expected = ids.filter((_, n) => matches(sales[n] as Found, search))
      found += expected.length > 0 ? 1 : 0
      t.strictSame(await find(db, search), expected, JSON.stringify(search))
    }),
    { numRuns: long ? 2000 : 150, seed: 11 },
  )
  t.ok(found > 20, 'the searches found something')
})

t.test('the nearest sales are those of a look at every sale', async (t) => {
  const db = await database(t)
  const release = await addRelease(db, '2025-10')
  const sales = fc.sample(anySale, { numRuns: 600, seed: 3 })
  const ids = await addSales(db, release, sales)
  const anyQuestion = fc.record({
    longitude: fc.double({ min: 1.9, max: 2.3, noNaN: true }),
    latitude: fc.double({ min: 47.9, max: 48.3, noNaN: true }),
    maximum: fc.integer({ min: 0, max: 40 }),
    radius: fc.integer({ min: 100, max: 30_000 }),
    type: fc.option(fc.constantFrom('house', 'flat'), { nil: null }),
  })
  await fc.assert(
    fc.asyncProperty(anyQuestion, async ({ longitude, latitude, maximum, radius, type }) => {
      const expected = sales
        .map((sale, n) => ({ id: ids[n], sale }))
        .filter(({ sale }) => sale.longitude != null && (type === null || sale.property_type === type))
        .map(({ id, sale }) => ({
          id,
          m: distance(longitude, latitude, sale.longitude ?? 0, sale.latitude ?? 0),
        }))
        .filter(({ m }) => m <= radius)
        .sort((a, b) => a.m - b.m)
        .slice(0, maximum)
        .map(({ id }) => id)
      const rows = await db.query<{ id: string }>(
        'select id from app_public.nearest_transactions($1, $2, $3, $4, $5)',
        [longitude, latitude, maximum, radius, type === null ? null : [type]],
      )
      t.strictSame(
        rows.map(({ id }) => Number(id)),
        expected,
      )
    }),
    { numRuns: long ? 1000 : 100, seed: 5 },
  )
})

t.test('distances are metres on the great circle', async (t) => {
  const db = await database(t)
  const [row] = await db.query(`select
    round(app_public.distance_m(2.3488, 48.8534, 4.8357, 45.7640))::integer as far,
    app_public.distance_m(2.3488, 48.8534, 2.3488, 48.8534) as none,
    round(app_public.distance_m(2.3488, 48.8534, 2.3488, 48.8535)::numeric, 2)::float as near`)
  t.match(row, { none: 0, near: 11.12 })
  t.ok(Math.abs(row?.far - distance(2.3488, 48.8534, 4.8357, 45.764)) < 1)
})

t.test('every kind of search goes by an index and is planned in place of the call', async (t) => {
  const db = await database(t)
  const release = await addRelease(db, '2025-10')
  const [first] = await addSales(db, release, [{ longitude: 2, latitude: 48 }])
  const names = `id, sold_on, nature, price_eur, property_type, insee_code, parent_insee_code, department_code,
    insee_codes, parcel_ids, disposition_count, disposition_no, line_count, house_count, flat_count, annex_count,
    commercial_count, is_count_certain, lot_count, longitude, latitude, price_per_m2, price_per_m2_reason,
    identity_basis, mutation_is_partial, evidence, content_digest, line_release_id, added_release_id,
    changed_release_id`
  const copied = names
    .replace('id,', `${first} + g,`)
    .replace('sold_on', 'sold_on + (g % 900)')
    .replace('price_eur', 'g * 10')
    .replace('insee_code,', "case when g % 10 = 0 then '75101' else lpad((g % 900)::text, 5, '0') end,")
    .replace('parent_insee_code', "case when g % 10 = 0 then '75056' end")
    .replace('department_code', "lpad((g % 90)::text, 2, '0')")
    .replace('parcel_ids', "array['P' || g]")
    .replace('longitude, latitude', '2 + (g % 1000) * 0.003, 46 + (g / 1000) * 0.05')
  await db.query(`insert into app_public.transactions (${names})
    select ${copied} from app_public.transactions as t, generate_series(1, 30000) as g where t.id = ${first}`)
  await db.query('analyze app_public.transactions')
  const plan = async (call: string, order: string) => {
    const rows = await asRole(db, 'app_analyst', {}, (client) =>
      client.query<{ 'QUERY PLAN': string }>(
        `explain (analyze, buffers, timing off) select * from app_public.${call} ${order} limit 50`,
      ),
    )
    return rows.rows.map((row) => row['QUERY PLAN']).join('\n')
  }
  const newest = 'order by sold_on desc, id desc'
  for (const [call, order] of [
    ["search_transactions(commune => '00123')", newest],
    ["search_transactions(commune => '75056', price_min_eur => 100, price_max_eur => 200000)", newest],
    ["search_transactions(department => '35', sold_from => '2023-06-01')", newest],
    ["search_transactions(sold_from => '2023-06-01', sold_to => '2023-06-03')", newest],
    ['search_transactions(price_min_eur => 299000)', 'order by price_eur desc, id desc'],
    ["search_transactions(parcel => 'P77')", newest],
    ['search_transactions(near_longitude => 2.5, near_latitude => 47, radius_m => 3000)', newest],
    [
      'search_transactions(west => 2.5, south => 47, east => 2.55, north => 47.2, price_max_eur => 1000000)',
      newest,
    ],
    ['nearest_transactions(2.5, 47, 50)', ''],
  ] as const) {
    const text = await plan(call, order)
    t.notMatch(text, /Seq Scan on transactions/, call)
    t.notMatch(text, /Function Scan/, call)
    const buffers = /Buffers: shared hit=(\d+)(?: read=(\d+))?/.exec(text)
    const rows = Number(/rows=(\d+)/.exec(text.slice(text.indexOf('actual')))?.[1])
    const read = Number(buffers?.[1]) + Number(buffers?.[2] ?? 0)
    t.ok(read <= 10 * rows + 100, `${call} reads ${read} buffers for ${rows} rows`)
  }
})

t.test('a visitor may not search single sales', async (t) => {
  const db = await database(t)
  await t.rejects(
    asRole(db, 'app_visitor', {}, (client) => client.query('select * from app_public.search_transactions()')),
    { code: '42501' },
  )
  await t.rejects(
    asRole(db, 'app_visitor', {}, (client) =>
      client.query('select * from app_public.nearest_transactions(2, 48)'),
    ),
    { code: '42501' },
  )
})
