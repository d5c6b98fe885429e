import t from 'tap'
import { addRelease, addSales, type Sale } from '../fixtures/ledger.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { asRole } from '../lib/role.ts'

type Estimate = {
  department: string
  month: string
  age: number
  sales: number
  completeness: number | null
  expected: number | null
  releases: number
  reason: string | null
}

async function estimate(db: TestDatabase, department: string | null = null): Promise<Estimate[]> {
  return db.query<Estimate>(
    `select department_code as department, to_char(sold_month, 'YYYY-MM') as month, age_months as age,
       sale_count as sales, completeness::float8, expected_count as expected, release_count as releases, reason
     from app_public.estimate_completeness($1)`,
    [department],
  )
}

function sales(month: string, count: number, insee_code = '35238'): Sale[] {
  return Array.from({ length: count }, (_, n) => ({
    insee_code,
    sold_on: `${month}-${String((n % 28) + 1).padStart(2, '0')}`,
  }))
}

const years = [2022, 2023, 2024]

t.test('one release tells nothing, and says so', async (t) => {
  const db = await database(t)
  const a = await addRelease(db, 'A', { departments: ['35'], years })
  await addSales(db, a, [...sales('2023-11', 150), ...sales('2023-12', 100)])
  t.same(await estimate(db), [
    {
      department: '35',
      month: '2023-12',
      age: 0,
      sales: 100,
      completeness: null,
      expected: null,
      releases: 0,
      reason: 'there is only one release: nothing was seen filling up yet',
    },
    {
      department: '35',
      month: '2023-11',
      age: 1,
      sales: 150,
      completeness: null,
      expected: null,
      releases: 0,
      reason: 'there is only one release: nothing was seen filling up yet',
    },
  ])
})

t.test('months are as complete as earlier releases were at their age', async (t) => {
  const db = await database(t)
  // Every release knows 60 % of its newest month and 90 % of the one before.
  const a = await addRelease(db, 'A', { departments: ['35'], years })
  await addSales(db, a, [...sales('2023-04', 200), ...sales('2023-05', 180), ...sales('2023-06', 120)])
  const b = await addRelease(db, 'B', { departments: ['35'], years })
  await addSales(db, b, [
    ...sales('2023-05', 20),
    ...sales('2023-06', 80),
    ...sales('2023-11', 180),
    ...sales('2023-12', 120),
  ])
  const [first] = await estimate(db, '35')
  t.same(
    first,
    {
      department: '35',
      month: '2023-12',
      age: 0,
      sales: 120,
      completeness: 0.6,
      expected: 200,
      releases: 1,
      reason: 'rests on one earlier release',
    },
    'from one earlier release, which is said',
  )
  const c = await addRelease(db, 'C', { departments: ['35'], years })
  await addSales(db, c, [
    ...sales('2023-11', 20),
    ...sales('2023-12', 80),
    ...sales('2024-05', 90),
    ...sales('2024-06', 66),
  ])
  const later = await estimate(db, '35')
  t.same(
    later.slice(0, 2).map(({ age, completeness, expected, releases, reason }) => ({
      age,
      completeness,
      expected,
      releases,
      reason,
    })),
    [
      { age: 0, completeness: 0.6, expected: 110, releases: 2, reason: null },
      { age: 1, completeness: 0.9, expected: 100, releases: 2, reason: null },
    ],
  )
  t.equal(later.find(({ age }) => age === 6)?.completeness, 1, 'what nothing was added to is complete')
})

t.test('a release tells only about what a later one looked at again', async (t) => {
  const db = await database(t)
  const a = await addRelease(db, 'A', { departments: ['35', '44'], years })
  await addSales(db, a, [...sales('2023-06', 120), ...sales('2023-06', 300, '44109')])
  const b = await addRelease(db, 'B', { departments: ['35'], years })
  await addSales(db, b, [...sales('2023-06', 80), ...sales('2023-12', 60)])
  const rows = await estimate(db)
  t.equal(rows.find(({ department, age }) => department === '35' && age === 0)?.completeness, 0.6)
  t.equal((await estimate(db, '44'))[0]?.age, 6, 'the age counts from the newest month of the ledger')
  const communes = await database(t)
  const c = await addRelease(communes, 'A', { communes: ['35238', '35047'], years })
  await addSales(communes, c, [...sales('2023-06', 100), ...sales('2023-06', 100, '35047')])
  const d = await addRelease(communes, 'B', { communes: ['35238'], years })
  await addSales(communes, d, [...sales('2023-06', 100), ...sales('2023-12', 60)])
  t.equal(
    (await estimate(communes))[0]?.completeness,
    0.5,
    'the commune nobody looked at again does not count',
  )
})

t.test('a department of few sales borrows from the country, which is said', async (t) => {
  const db = await database(t)
  for (const [code, newest, before] of [
    ['A', '2023-06', null],
    ['B', '2023-12', '2023-06'],
    ['C', '2024-06', '2023-12'],
  ] as const) {
    const release = await addRelease(db, code, { departments: ['35', '48'], years })
    await addSales(db, release, [
      ...sales(newest, 150),
      ...sales(newest, 10, '48095'),
      ...(before === null ? [] : [...sales(before, 50), ...sales(before, 10, '48095')]),
    ])
  }
  const [own] = await estimate(db, '35')
  const [borrowed] = await estimate(db, '48')
  t.match(own, { completeness: 0.75, reason: null })
  t.match(borrowed, {
    completeness: 0.727,
    expected: 14,
    reason: 'too few sales in the department: rests on the whole country',
  })
  await asRole(db, 'app_visitor', {}, async (client) => {
    const { rowCount } = await client.query('select * from app_public.estimate_completeness()')
    t.ok(rowCount !== null && rowCount > 0, 'a visitor may know how complete the figures are')
  })
})
