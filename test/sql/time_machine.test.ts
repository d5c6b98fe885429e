import fc from 'fast-check'
import t, { type Test } from 'tap'
import { addRelease, addSales, correctSales, type Sale, withdrawSales } from '../fixtures/ledger.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { long } from '../lib/long.ts'
import { asRole } from '../lib/role.ts'

/** Keeps how the ledger stands, to be compared with later. */
async function photograph(db: TestDatabase, code: string): Promise<void> {
  await db.query(`create table app_private."at ${code}" as select * from app_public.transactions`)
}

/** The ids at which the time machine and the photograph differ. */
async function differences(db: TestDatabase, code: string, commune: string | null = null): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    `select coalesce(a.id, p.id) as id
     from (select * from app_public.transactions_as_of($1, $2)) as a
     full join (
       select * from app_private."at ${code}" as p
       where $2::text is null or p.insee_code = $2 or p.parent_insee_code = $2
     ) as p using (id)
     where to_jsonb(a) is distinct from to_jsonb(p)`,
    [code, commune],
  )
  return rows.map(({ id }) => id)
}

async function rejects(t: Test, code: string, run: () => Promise<unknown>, name: string): Promise<void> {
  await t.rejects(run, { code }, name)
}

/** Three releases: what each kind of change does, seen from each of them. */
async function threeReleases(t: Test) {
  const db = await database(t)
  const a = await addRelease(db, 'A')
  const ids = await addSales(db, a, [
    { sold_on: '2023-01-10', price_eur: 100_000 },
    { sold_on: '2023-02-10', price_eur: 200_000, longitude: -1.68, latitude: 48.11 },
    { sold_on: '2023-03-10', price_eur: 300_000 },
    { sold_on: '2023-04-10', price_eur: 400_000 },
    { sold_on: '2023-05-10', price_eur: 500_000, insee_code: '75108', parent_insee_code: '75056' },
  ])
  const [kept = 0, located = 0, withdrawn = 0, corrected = 0, moved = 0] = ids
  await photograph(db, 'A')
  const b = await addRelease(db, 'B')
  await correctSales(db, b, [
    { id: corrected, to: { price_eur: 410_000 } },
    { id: moved, to: { insee_code: '75115', price_eur: 510_000 } },
  ])
  await withdrawSales(db, b, [withdrawn])
  const [late = 0, fresh = 0] = await addSales(db, b, [{ sold_on: '2023-04-20' }, { sold_on: '2023-06-20' }])
  await photograph(db, 'B')
  const c = await addRelease(db, 'C')
  await correctSales(db, c, [
    { id: corrected, to: { price_eur: 400_000 } },
    { id: fresh, to: { price_eur: 999_999 } },
  ])
  await withdrawSales(db, c, [late])
  await photograph(db, 'C')
  return { db, a, b, c, kept, located, withdrawn, corrected, moved, late, fresh }
}

t.test('the ledger is what it was right after every release', async (t) => {
  const { db } = await threeReleases(t)
  for (const code of ['A', 'B', 'C']) {
    t.same(await differences(db, code), [], code)
    for (const commune of ['35238', '75056', '75108', '75115', '59350']) {
      t.same(await differences(db, code, commune), [], `${code} in ${commune}`)
    }
  }
})

t.test('coordinates that a later release supplied are not in the past', async (t) => {
  const { db, c, kept, corrected } = await threeReleases(t)
  await db.query(
    'update app_public.transactions set longitude = 2, latitude = 48, located_release_id = $1 where id = any ($2)',
    [c, [kept, corrected]],
  )
  t.same(await differences(db, 'B'), [])
  t.same(await differences(db, 'A'), [])
  const [place] = await db.query(
    "select location::text as place from app_public.transactions_as_of('C') where id = $1",
    [kept],
  )
  t.same(place, { place: '(2,48)' })
})

t.test('an undone release was never there', async (t) => {
  const { db } = await threeReleases(t)
  await db.query("select app_private.undo_dvf_release('C')")
  t.same(await differences(db, 'A'), [])
  t.same(await differences(db, 'B'), [])
  await rejects(
    t,
    'PC404',
    () => db.query("select * from app_public.transactions_as_of('C')"),
    'it cannot be asked for',
  )
})

t.test('whoever may not see single sales may not see past ones', async (t) => {
  const { db } = await threeReleases(t)
  for (const query of [
    "app_public.transactions_as_of('A')",
    "app_public.diff_releases('A', 'B')",
    "app_public.diff_release_medians('A', 'B')",
  ]) {
    await asRole(db, 'app_visitor', {}, (client) =>
      rejects(t, '42501', () => client.query(`select * from ${query}`), query),
    )
    await asRole(db, 'app_analyst', {}, async (client) => {
      const { rowCount } = await client.query(`select * from ${query}`)
      t.ok(rowCount !== null, `an analyst may ask ${query}`)
    })
  }
})

t.test('a difference names what was added, corrected and withdrawn, net of what lies between', async (t) => {
  const { db, withdrawn, corrected, moved, late, fresh } = await threeReleases(t)
  const diff = (from: string, to: string, commune: string | null = null) =>
    db.query(
      `select transaction_id::int as id, kind, field_name as field, old_value as old, new_value as new,
         is_late_registration as late
       from app_public.diff_releases($1, $2, $3) order by 1, 3`,
      [from, to, commune],
    )
  const added = { kind: 'added', field: null, old: null, new: null }
  const gone = { kind: 'withdrawn', field: null, old: null, new: null, late: null }
  t.same(await diff('A', 'B'), [
    { id: withdrawn, ...gone },
    { id: corrected, kind: 'corrected', field: 'price_eur', old: 400_000, new: 410_000, late: null },
    { id: moved, kind: 'corrected', field: 'insee_code', old: '75108', new: '75115', late: null },
    { id: moved, kind: 'corrected', field: 'price_eur', old: 500_000, new: 510_000, late: null },
    { id: late, ...added, late: true },
    { id: fresh, ...added, late: false },
  ])
  t.same(await diff('A', 'C'), [
    { id: withdrawn, ...gone },
    { id: moved, kind: 'corrected', field: 'insee_code', old: '75108', new: '75115', late: null },
    { id: moved, kind: 'corrected', field: 'price_eur', old: 500_000, new: 510_000, late: null },
    { id: fresh, ...added, late: false },
  ])
  t.same(
    (await diff('A', 'B', '75108')).map(({ id }) => id),
    [moved, moved],
    'a sale that moved away belongs to the commune it left',
  )
  t.same(await diff('B', 'B'), [])
  await rejects(t, 'PC400', () => diff('B', 'A'), 'the earlier release comes first')
  await rejects(t, 'PC404', () => diff('A', 'Z'), 'an unknown release is refused')
})

t.test('medians tell late registrations from corrections and from new months', async (t) => {
  const db = await database(t)
  const a = await addRelease(db, 'A')
  const ids = await addSales(
    db,
    a,
    [1, 2, 3, 4, 5, 6].map(
      (n): Sale => ({ price_eur: n * 100_000, price_per_m2: n * 1000, sold_on: '2023-03-10' }),
    ),
  )
  await addSales(db, a, [{ insee_code: '35047', sold_on: '2023-03-01' }])
  const b = await addRelease(db, 'B')
  await correctSales(db, b, [{ id: ids[0] ?? 0, to: { price_eur: 700_000, price_per_m2: 7000 } }])
  await withdrawSales(db, b, [ids[1] ?? 0])
  await addSales(db, b, [
    { price_eur: 900_000, price_per_m2: 9000, sold_on: '2023-03-31' },
    { price_eur: 10_000, price_per_m2: 100, sold_on: '2023-04-01' },
    { price_eur: 10_000, price_per_m2: null, sold_on: '2023-04-02' },
  ])
  const rows = await db.query(
    `select insee_code, sale_count_a as a, sale_count_b as b, corrected_count as corrected, withdrawn_count as withdrawn,
       late_count as late, new_count as new, price_median_a_eur::float8 as p_a,
       price_median_corrected_eur::float8 as p_corrected, price_median_late_eur::float8 as p_late,
       price_median_b_eur::float8 as p_b, price_per_m2_median_late::float8 as m_late, price_per_m2_median_b::float8 as m_b
     from app_public.diff_release_medians('A', 'B')`,
  )
  t.same(rows, [
    {
      insee_code: '35238',
      a: 6,
      b: 8,
      corrected: 1,
      withdrawn: 1,
      late: 1,
      new: 2,
      p_a: 350_000,
      p_corrected: 500_000,
      p_late: 550_000,
      p_b: 450_000,
      m_late: 5500,
      m_b: 5000,
    },
  ])
  t.same(await db.query("select * from app_public.diff_release_medians('A', 'B', '35047')"), [])
})

t.test('a sale that moves is a correction in both communes', async (t) => {
  const db = await database(t)
  const a = await addRelease(db, 'A')
  const ids = await addSales(
    db,
    a,
    [1, 2, 3].map((n): Sale => ({ price_eur: n * 100_000 })),
  )
  const b = await addRelease(db, 'B')
  await correctSales(db, b, [{ id: ids[0] ?? 0, to: { insee_code: '35047' } }])
  for (const commune of [null, '35238', '35047']) {
    const rows = await db.query(
      `select insee_code, sale_count_a as a, sale_count_b as b, corrected_count as corrected,
         withdrawn_count + late_count + new_count as others
       from app_public.diff_release_medians('A', 'B', $1)`,
      [commune],
    )
    const both = [
      { insee_code: '35047', a: 0, b: 1, corrected: 1, others: 0 },
      { insee_code: '35238', a: 3, b: 2, corrected: 1, others: 0 },
    ]
    t.same(
      rows,
      both.filter((row) => commune === null || row.insee_code === commune),
      commune ?? 'everywhere',
    )
  }
})

t.test('any history of additions, corrections and withdrawals can be gone back through', async (t) => {
  const db = await database(t)
  const step = fc.record({
    adds: fc.integer({ min: 0, max: 4 }),
    corrects: fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 9 })), { maxLength: 4 }),
    withdraws: fc.array(fc.nat(), { maxLength: 3 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      await db.query('begin')
      try {
        let alive: number[] = []
        let n = 0
        for (const { adds, corrects, withdraws } of steps) {
          const code = `R${n++}`
          const release = await addRelease(db, code)
          const touched = new Set<number>()
          const take = (index: number): number[] => {
            const id = alive[index % Math.max(1, alive.length)]
            if (id === undefined || touched.has(id)) return []
            touched.add(id)
            return [id]
          }
          await correctSales(
            db,
            release,
            corrects.flatMap(([index, price]) =>
              take(index).map((id) => ({ id, to: { price_eur: price * 1000 } })),
            ),
          )
          const gone = withdraws.flatMap(take)
          await withdrawSales(db, release, gone)
          const added = await addSales(
            db,
            release,
            Array.from({ length: adds }, () => ({})),
          )
          alive = [...alive.filter((id) => !gone.includes(id)), ...added]
          await photograph(db, code)
        }
        for (let at = 0; at < n; at++) {
          const wrong = await differences(db, `R${at}`)
          if (wrong.length > 0) return false
        }
        return true
      } finally {
        await db.query('rollback')
      }
    }),
    { numRuns: long ? 200 : 15 },
  )
  t.pass('every photograph was found again')
})
