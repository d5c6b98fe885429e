import t, { type Test } from 'tap'
import { addRelease, addSales, correctSales, type Sale, withdrawSales } from '../fixtures/ledger.ts'
import { database, type TestDatabase } from '../lib/database.ts'

const communes = [
  ['35238', null],
  ['35047', null],
  ['75108', '75056'],
  ['75115', '75056'],
  ['2A004', null],
  ['97411', null],
] as const

function pick<T>(list: readonly T[], share: number): T {
  return list[Math.floor(share * list.length)] as T
}

/** Sales spread unevenly over places, types, natures and months; the same for the same seed. */
async function randomSales(db: TestDatabase, release: number, count: number, seed: number): Promise<void> {
  await db.query('select setseed($1)', [seed])
  const rows = await db.query<{ a: number; b: number; c: number; d: number; e: number; f: number }>(
    `select random() as a, random() as b, random() as c, random() as d, random() as e, random() as f
     from generate_series(1, $1)`,
    [count],
  )
  const sales = rows.map(({ a, b, c, d, e, f }): Sale => {
    const [insee_code, parent_insee_code] = pick(communes, a * a)
    const type = pick(['flat', 'house', 'land', 'commercial', 'annex', 'mixed'] as const, b)
    const nature = pick(['sale', 'sale', 'sale', 'off_plan_sale', 'auction', 'exchange'] as const, c)
    const isDwelling = type === 'flat' || type === 'house'
    return {
      insee_code,
      parent_insee_code,
      property_type: type,
      nature,
      sold_on: new Date(Date.UTC(2022, 0, 1 + Math.floor(d * d * 1000))).toISOString().slice(0, 10),
      price_eur: e < 0.02 ? null : Math.round(5_000_000 * e) / 10,
      price_per_m2: isDwelling && f > 0.2 && e >= 0.02 ? Math.round(600_000 * f) / 100 : null,
      is_count_certain: f > 0.05,
      mutation_is_partial: f > 0.97,
      identity_basis: f > 0.93 && f < 0.95 ? 'ambiguous' : 'evidence',
    }
  })
  await addSales(db, release, sales)
}

// Written without anything the implementation uses: one plain aggregate over all groupings.
const plainQuery = `
  with counted as (
    select t.*, d.region_code from app_public.transactions as t
    join app_public.departments as d on d.code = t.department_code
    where t.price_eur is not null and t.nature in ('sale', 'off_plan_sale', 'auction')
      and not t.mutation_is_partial and t.identity_basis <> 'ambiguous'
      and (t.property_type in ('land', 'commercial') or t.property_type in ('house', 'flat') and t.is_count_certain
        and t.house_count + t.flat_count = 1 and t.commercial_count = 0)
  ), placed as (
    select a.level, a.code, p.kind, date_trunc(p.kind, c.sold_on)::date as start, c.*
    from counted as c,
      lateral (values ('commune', c.insee_code), ('commune', c.parent_insee_code), ('department', c.department_code),
        ('region', c.region_code), ('nation', 'FR')) as a (level, code),
      (values ('month'), ('quarter'), ('year')) as p (kind)
    where a.code is not null
  )
  select level as area_level, code as area_code, property_type, nature, kind as period_kind, start as period_start,
    count(*)::int as sale_count,
    case when count(*) >= 5 then sum(price_eur) end::numeric(18, 2) as volume_eur,
    case when count(*) >= 5 then avg(price_eur) end::numeric(14, 2) as price_mean_eur,
    case when count(*) >= 5 then (percentile_cont(0.25) within group (order by price_eur * 100))::numeric / 100 end::numeric(14, 2) as price_first_quartile_eur,
    case when count(*) >= 5 then (percentile_cont(0.5) within group (order by price_eur * 100))::numeric / 100 end::numeric(14, 2) as price_median_eur,
    case when count(*) >= 5 then (percentile_cont(0.75) within group (order by price_eur * 100))::numeric / 100 end::numeric(14, 2) as price_third_quartile_eur,
    count(price_per_m2)::int as price_per_m2_count,
    case when count(price_per_m2) >= 5 then avg(price_per_m2) end::numeric(10, 2) as price_per_m2_mean,
    case when count(price_per_m2) >= 5 then (percentile_cont(0.25) within group (order by price_per_m2 * 100))::numeric / 100 end::numeric(10, 2) as price_per_m2_first_quartile,
    case when count(price_per_m2) >= 5 then (percentile_cont(0.5) within group (order by price_per_m2 * 100))::numeric / 100 end::numeric(10, 2) as price_per_m2_median,
    case when count(price_per_m2) >= 5 then (percentile_cont(0.75) within group (order by price_per_m2 * 100))::numeric / 100 end::numeric(10, 2) as price_per_m2_third_quartile
  from placed
  group by 1, 2, 3, 4, 5, 6`

/** The groups that `market_stats` and the plain aggregate do not agree on, both ways. */
async function disagreements(db: TestDatabase): Promise<unknown[]> {
  return db.query(
    `with plain as (select to_jsonb(p) as figures from (${plainQuery}) as p),
       kept as (select to_jsonb(m) - 'calculated_at' as figures from app_public.market_stats as m)
     (select 'missing' as problem, figures from plain except all select 'missing', figures from kept)
     union all
     (select 'wrong', figures from kept except all select 'wrong', figures from plain)`,
  )
}

async function number(db: TestDatabase, query: string, values: unknown[] = []): Promise<number> {
  const [row] = await db.query<{ n: string }>(query, values)
  return Number(row?.n)
}

async function firstRelease(t: Test, count: number): Promise<{ db: TestDatabase; release: number }> {
  const db = await database(t)
  const release = await addRelease(db, '2024-04')
  await randomSales(db, release, count, 0.25)
  return { db, release }
}

t.test('every group of a first release is what a plain aggregate gives', async (t) => {
  const { db, release } = await firstRelease(t, 3000)
  const written = await number(db, 'select app_private.recompute_market_stats($1) as n', [release])
  t.ok(written > 1000, `${written} groups are written`)
  t.same(await disagreements(db), [])
  t.equal(
    (await number(db, "select count(*) as n from app_public.market_stats where area_code = '75056'")) > 0,
    true,
  )
  t.equal(
    await number(
      db,
      `select count(*) as n from pg_class where relnamespace = 'app_private'::regnamespace
         and relname like 'market\\_%' and relkind = 'r'`,
    ),
    0,
    'and no scratch table is left',
  )
})

t.test('figures do not depend on how the plan is run', async (t) => {
  const { db, release } = await firstRelease(t, 2000)
  await db.query('select app_private.recompute_market_stats($1)', [release])
  const plans = [
    'set max_parallel_workers_per_gather = 0',
    'set max_parallel_workers_per_gather = 2; set parallel_setup_cost = 0; set parallel_tuple_cost = 0; set min_parallel_table_scan_size = 0',
    'set enable_hashjoin = off',
  ]
  for (const plan of plans) {
    await db.query(plan)
    t.equal(
      await number(
        db,
        `select count(*) as n from (
           select to_jsonb(f) - 'calculated_at' from app_private.market_figures() as f
           except all select to_jsonb(m) - 'calculated_at' from app_public.market_stats as m) as x`,
      ),
      0,
      plan,
    )
  }
})

t.test('a later release rewrites the groups it changed and no other', async (t) => {
  const { db, release } = await firstRelease(t, 1500)
  await db.query('select app_private.recompute_market_stats($1)', [release])
  await db.query("update app_public.market_stats set calculated_at = '2000-01-01'")
  const ids = (
    await db.query<{ id: string }>('select t.id from app_private.market_sales as t order by t.id limit 40')
  ).map(({ id }) => Number(id))
  const second = await addRelease(db, '2024-10')
  await correctSales(db, second, [
    ...ids.slice(0, 10).map((id) => ({ id, to: { price_eur: 123_456.78 } })),
    { id: ids[10] ?? 0, to: { insee_code: '2A004', parent_insee_code: null, department_code: '2A' } },
    { id: ids[11] ?? 0, to: { sold_on: '2031-07-14' } },
    { id: ids[12] ?? 0, to: { property_type: 'mixed' } },
    { id: ids[13] ?? 0, to: { nature: 'exchange' } },
  ])
  await withdrawSales(db, second, ids.slice(14, 30))
  await addSales(db, second, [
    { insee_code: '59350', sold_on: '2023-02-01' },
    { insee_code: '75108', parent_insee_code: '75056', price_eur: 1_000_000.01 },
  ])
  const cells = await number(db, 'select cardinality(app_private.touched_market_cells($1)) as n', [second])
  const written = await number(db, 'select app_private.recompute_market_stats($1) as n', [second])
  t.same(await disagreements(db), [])
  const recent = await number(
    db,
    "select count(*) as n from app_public.market_stats where calculated_at > '2000-01-01'",
  )
  t.ok(recent > 0 && recent <= written && written <= cells * 15, `${written} groups for ${cells} cells`)
  t.equal(
    await number(db, 'select app_private.recompute_market_stats($1) as n', [second]),
    0,
    'a second run writes nothing',
  )
})

t.test('cells asked before sales leave bring the statistics back', async (t) => {
  const { db, release } = await firstRelease(t, 600)
  await db.query('select app_private.recompute_market_stats($1)', [release])
  await db.query('create table before_second as table app_public.market_stats')
  const second = await addRelease(db, '2024-10')
  const ids = await addSales(db, second, [
    { insee_code: '59350' },
    { price_eur: 9 },
    { property_type: 'land' },
  ])
  await db.query('select app_private.recompute_market_stats($1)', [second])
  await db.query('create table cells as select app_private.touched_market_cells($1) as cells', [second])
  await db.query('delete from app_public.transactions where id = any ($1)', [ids])
  await db.query('select app_private.recompute_market_cells(cells) from cells')
  t.same(
    await db.query(
      `select to_jsonb(m) - 'calculated_at' from app_public.market_stats as m
       except all select to_jsonb(b) - 'calculated_at' from before_second as b`,
    ),
    [],
  )
  t.same(await disagreements(db), [])
})

t.test('recomputing everything repairs what was damaged', async (t) => {
  const { db, release } = await firstRelease(t, 400)
  await db.query('select app_private.recompute_all_market_stats()')
  await db.query("delete from app_public.market_stats where property_type = 'flat'")
  await db.query('update app_public.market_stats set sale_count = sale_count + 5')
  await db.query('select app_private.recompute_all_market_stats()')
  t.same(await disagreements(db), [])
  await db.query('delete from app_public.transactions')
  t.equal(await number(db, 'select app_private.recompute_all_market_stats() as n'), 0)
  t.equal(await number(db, 'select app_private.recompute_market_stats($1) as n', [release]), 0)
})

t.test('a group of four sales shows its count only', async (t) => {
  const db = await database(t)
  const release = await addRelease(db, '2024-04')
  const sales: Sale[] = [1, 2, 3, 4].map((n) => ({ price_eur: n * 100_000, price_per_m2: n * 1000 }))
  await addSales(db, release, sales)
  await addSales(db, release, [
    ...[1, 2, 3, 4, 5].map(
      (n): Sale => ({ insee_code: '35047', price_eur: n * 100_000, price_per_m2: n < 5 ? 2000 : null }),
    ),
  ])
  await db.query('select app_private.recompute_market_stats($1)', [release])
  const rows = await db.query(
    `select area_code, sale_count, price_median_eur, price_per_m2_count, price_per_m2_median
     from app_public.market_stats where area_level = 'commune' and period_kind = 'year' order by 1`,
  )
  t.same(rows, [
    {
      area_code: '35047',
      sale_count: 5,
      price_median_eur: '300000.00',
      price_per_m2_count: 4,
      price_per_m2_median: null,
    },
    {
      area_code: '35238',
      sale_count: 4,
      price_median_eur: null,
      price_per_m2_count: 4,
      price_per_m2_median: null,
    },
  ])
})

t.test('quartiles interpolate like percentile_cont', async (t) => {
  const db = await database(t)
  for (const prices of [
    [1],
    [1, 2],
    [3, 10, 11],
    [1, 2, 3, 4],
    [100, 200, 300, 400, 1000],
    [5, 5, 5, 7, 9, 1_000_000_000_01],
  ]) {
    const [row] = await db.query<{ same: boolean }>(
      `select array[app_private.quartile($1, 1), app_private.quartile($1, 2), app_private.quartile($1, 3)] =
         (select (percentile_cont(array[0.25, 0.5, 0.75]) within group (order by p))::numeric[] from unnest($1) as p)
         or (select bool_and(a * 100 = b) from unnest(
           array[app_private.quartile($1, 1), app_private.quartile($1, 2), app_private.quartile($1, 3)],
           (select (percentile_cont(array[0.25, 0.5, 0.75]) within group (order by p))::numeric[] from unnest($1) as p)
         ) as x (a, b)) as same`,
      [prices],
    )
    t.equal(row?.same, true, prices.join(' '))
  }
})
