import t from 'tap'
import { addRelease, addSales, type Sale } from '../fixtures/ledger.ts'
import { database } from '../lib/database.ts'
import { asRole } from '../lib/role.ts'

t.test('rankings, changes and seasons follow the statistics', async (t) => {
  const db = await database(t)
  const release = await addRelease(db, '2024-04')
  const sales: Sale[] = []
  for (const [code, base] of [
    ['35238', 3000],
    ['35047', 2000],
    ['75108', 11_000],
  ] as const) {
    for (const [year, factor] of [
      [2018, 1],
      [2022, 1.5],
      [2023, 2],
    ] as const) {
      for (let month = 1; month <= 12; month++) {
        for (let n = 0; n < (month === 7 ? 10 : 5); n++) {
          sales.push({
            insee_code: code,
            parent_insee_code: code === '75108' ? '75056' : null,
            sold_on: `${year}-${String(month).padStart(2, '0')}-15`,
            price_eur: base * factor * 50,
            price_per_m2: base * factor,
          })
        }
      }
    }
  }
  await addSales(db, release, sales)
  await db.query('select app_private.recompute_market_stats($1)', [release])
  for (const turn of ['empty views', 'filled views']) {
    await db.query('select app_private.refresh_market_views()')
    await asRole(db, 'app_visitor', {}, async (client) => {
      const { rows: ranks } = await client.query(
        `select insee_code, nation_rank::int, department_rank::int, department_commune_count::int as communes
         from app_public.market_rankings where sold_year = 2023 order by nation_rank`,
      )
      t.same(
        ranks,
        [
          { insee_code: '75108', nation_rank: 1, department_rank: 1, communes: 1 },
          { insee_code: '35238', nation_rank: 2, department_rank: 1, communes: 2 },
          { insee_code: '35047', nation_rank: 3, department_rank: 2, communes: 2 },
        ],
        `ranks from ${turn}`,
      )
      const { rows: changes } = await client.query(
        `select price_per_m2_one_year_change::float8 as one, price_per_m2_five_year_change::float8 as five
         from app_public.market_changes
         where area_code = '35238' and period_kind = 'year' and period_start = '2023-01-01'`,
      )
      t.same(changes, [{ one: 0.3333, five: 1 }])
      const { rows: seasons } = await client.query(
        `select year_count, sale_count, sale_count_index::float8 as sales, price_per_m2_index::float8 as price
         from app_public.market_seasonality where area_level = 'nation' and month_of_year in (6, 7) order by month_of_year`,
      )
      t.same(seasons, [
        { year_count: 3, sale_count: 45, sales: 0.923, price: 1 },
        { year_count: 3, sale_count: 90, sales: 1.846, price: 1 },
      ])
    })
  }
  await asRole(db, 'app_visitor', {}, async (client) => {
    const { rows } = await client.query(
      `select period, value::float8 as value from stats_cache
       where city_code = '35238' and stat_type = 'flat_price_per_m2_median' and period in ('2023', '2023-Q3', '2023-07')
       order by period`,
    )
    t.same(rows, [
      { period: '2023', value: 6000 },
      { period: '2023-07', value: 6000 },
      { period: '2023-Q3', value: 6000 },
    ])
    const { rows: log } = await client.query('select release_code, status from update_log')
    t.same(log, [{ release_code: '2024-04', status: 'applied' }])
  })
})
