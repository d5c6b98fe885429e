import t from 'tap'
import { addRelease, addSales, correctSales, withdrawSales } from '../fixtures/ledger.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { importInto, smallWorld } from '../tasks/import-lib.ts'

type Sync = Record<string, unknown> & { session_id: string }

/** Stages the ledger and syncs, whatever the guard thinks of it. */
async function follow(db: TestDatabase): Promise<Sync> {
  const [staged] = await db.query<{ id: string }>('select stage_dvf_sales() as id')
  const [sync] = await db.query<Sync>('select * from sync_session($1)', [staged?.id])
  if (sync?.status !== 'held') return sync as Sync
  const [accepted] = await db.query<Sync>('select * from accept_session($1)', [staged?.id])
  return accepted as Sync
}

/** Where the live homes of the register and the ledger's single dwellings are not the same. */
const differences = (db: TestDatabase) =>
  db.query(
    `select coalesce(t.id::text, l.source_key) as key, t.price_eur as sold_for, l.price_eur, l.status
     from (
       select * from transactions
       where (price_per_m2_reason is null or price_per_m2_reason = 'no_surface')
         -- One of two sales that only their changed prices tell apart has a price per m² all the same.
         and identity_basis <> 'ambiguous'
     ) as t
     full join (
       select l.* from properties_live as l join sources as s on s.id = l.source_id and s.code = 'dvf'
       where l.status <> 'removed'
     ) as l on l.source_key = t.id::text
     where (t.price_eur, t.insee_code, t.sold_on, t.property_type::text, t.dwelling_surface_m2::numeric, 'sold')
       is distinct from (l.price_eur, l.insee_code, l.sold_on, l.property_type::text, l.surface_m2, l.status::text)
       and not exists (select from quarantined_rows as q where q.source_key = t.id::text)`,
  )

t.test('the register follows the ledger from release to release', { timeout: 300_000 }, async (t) => {
  const db = await database(t)
  await t.rejects(db.query('select stage_dvf_sales()'), { code: 'PC409', hint: /dvf import/ })
  const world = await smallWorld(t, 6_000, 'session')
  await importInto(db, [world.a], { code: 'A' })
  t.match(await follow(db), { status: 'completed', updated_count: 0, removed_count: 0 })
  t.strictSame(await differences(db), [])

  const again = await follow(db)
  t.match(
    again,
    { status: 'completed', staged_count: 0, new_count: 0, removed_count: 0 },
    'nothing has happened since',
  )

  await importInto(db, [world.b], { code: 'B' })
  const second = await follow(db)
  t.ok(Number(second.new_count) > 0 && Number(second.updated_count) > 0 && Number(second.removed_count) > 0)
  t.strictSame(await differences(db), [])

  await db.query(`select app_private.undo_dvf_release('B')`)
  await follow(db)
  t.strictSame(await differences(db), [], 'a release that was undone is followed too')
  await t.rejects(db.query(`select stage_dvf_sales('B')`), { code: 'PC409', message: /that is A/ })
  await db.query(`select stage_dvf_sales('A')`)
})

t.test('a release of one department judges no other', async (t) => {
  const db = await database(t)
  const a = await addRelease(db, 'A', { departments: ['35', '44'], years: [2022, 2023] })
  const [brittany = 0, nantes = 0, earlier = 0, gone = 0] = await addSales(db, a, [
    { sold_on: '2023-01-10', insee_code: '35238' },
    { sold_on: '2023-01-10', insee_code: '44109' },
    { sold_on: '2022-01-10', insee_code: '44109' },
    { sold_on: '2023-02-10', insee_code: '44109' },
  ])
  await follow(db)
  const b = await addRelease(db, 'B', { departments: ['44'], years: [2023] })
  await withdrawSales(db, b, [gone])
  await correctSales(db, b, [{ id: nantes, to: { price_eur: 210_000 } }])
  const sync = await follow(db)
  const [session] = await db.query('select * from scrape_sessions where id = $1', [sync.session_id])
  t.match(session, { is_complete: true, staged_count: 1 })
  t.notMatch(String(session?.scope_insee_codes), /(^|,)(?!44)/)
  t.strictSame(
    [session?.scope_from, session?.scope_to].map((day) => (day as Date).getFullYear()),
    [2023, 2023],
  )
  t.strictSame(
    await db.query(
      'select source_key::integer as id, status::text, price_eur::integer as price from properties_live order by 1',
    ),
    [
      { id: brittany, status: 'sold', price: 200_000 },
      { id: nantes, status: 'sold', price: 210_000 },
      { id: earlier, status: 'sold', price: 200_000 },
      { id: gone, status: 'removed', price: 200_000 },
    ],
  )
})

t.test('only priced sales of one certain dwelling are staged', async (t) => {
  const db = await database(t)
  const a = await addRelease(db, 'A', { departments: ['35'], years: [2023] })
  const [flat = 0, house = 0] = await addSales(db, a, [
    {},
    { property_type: 'house', nature: 'auction' },
    { price_eur: null, price_per_m2: null },
    { property_type: 'land' },
    { flat_count: 2 },
    { property_type: 'mixed', flat_count: 1, commercial_count: 1 },
    { is_count_certain: false },
    { identity_basis: 'ambiguous' },
    { mutation_is_partial: true },
    { nature: 'exchange' },
  ])
  await db.query('select stage_dvf_sales()')
  t.match(await db.query('select * from property_scrapes_staging order by id'), [
    {
      source_key: String(flat),
      property_type: 'flat',
      price: '200000',
      sale_date: '2023-05-10',
      status: 'sold',
      city: 'Rennes',
    },
    { source_key: String(house), property_type: 'house' },
  ])
  t.equal((await db.query('select from property_scrapes_staging')).length, 2)
})
