import t from 'tap'
import { database } from '../lib/database.ts'

t.test('what could not be read is told by what it looks like', async (t) => {
  const db = await database(t)
  const cases: [type: string, raw: string, cause: string][] = [
    ['numeric(14,2)', '252 000 €*8 129 € / m2', 'two_amounts'],
    ['numeric(14,2)', '<b>252 000</b>', 'markup'],
    ['numeric(14,2)', '252&nbsp;000 &euro;', 'markup'],
    ['numeric(14,2)', 'undefined', 'placeholder'],
    ['numeric(14,2)', '{{price}}', 'placeholder'],
    ['text', 'Belle maison avec…', 'cut_off'],
    ['numeric(14,2)', 'https://portal.example/annonce/7', 'other_field'],
    ['smallint', '12/03/2024', 'other_field'],
    ['date', '31/02/2024', 'no_such_day'],
    ['integer', 'trois', 'words'],
    ['smallint', '99999999', 'out_of_range'],
    ['numeric(10,2)', '85 m² habitables', 'mixed'],
    ['text', 'H', 'other'],
  ]
  for (const [type, raw, cause] of cases) {
    t.same(
      await db.query('select app_private.unreadable_cause($1, $2) as cause', [type, raw]),
      [{ cause }],
      raw,
    )
  }
})

t.test('a share is read aloud with as many digits as it needs', async (t) => {
  const db = await database(t)
  const rows = await db.query<{ said: string }>(
    `select app_private.percent(share) as said
     from unnest(array[0, 0.0004, 0.012, 0.34, 0.995, 1]) with ordinality as s (share, n) order by n`,
  )
  t.same(
    rows.map(({ said }) => said),
    ['0 %', 'under 0.1 %', '1.2 %', '34 %', '99.5 %', '100 %'],
  )
})

t.test('one thing is said in the singular', async (t) => {
  const db = await database(t)
  t.same(
    await db.query(`select app_private.counted(1, 'row') as one, app_private.counted(3, 'row') as three`),
    [{ one: '1 row', three: '3 rows' }],
  )
})

t.test('what to do about a rule follows from its numbers', async (t) => {
  const db = await database(t)
  const rule = (changes: Record<string, unknown>) => ({
    ...{
      rule: 'r',
      type: 'range',
      field: 'price',
      severity: 'warning',
      outcome: 'warned',
      checked_count: 1000,
    },
    ...{ failed_count: 200, failed_share: 0.2, details: {}, samples: [{ source_key: 'k', value: '7' }] },
    ...changes,
  })
  const advise = (rules: unknown[]) =>
    db.query<{ priority: number; finding: string; likely_cause: string; next_step: string }>(
      'select * from app_private.recommend_for_rules($1) order by priority, finding',
      [JSON.stringify({ rules })],
    )
  t.match(await advise([rule({ typical_failing: 100, typical_passing: 10_000, severity: 'error' })]), [
    { priority: 1, finding: 'rule r fails in 200 rows (20 %), as “7” of k', likely_cause: /a hundredth/ },
  ])
  t.match(await advise([rule({ typical_failing: 2_500_000, typical_passing: 25_000 })]), [
    { likely_cause: /cents/ },
  ])
  t.match(
    await advise([rule({ typical_failing: 26_000, typical_passing: 25_000, description: 'Too dear.' })]),
    [{ likely_cause: 'Too dear.' }],
  )
  t.match(await advise([rule({ mostly_of_type: 'land', mostly_in: 'Lyon (69123)' })]), [
    { finding: /nearly all of them land, nearly all in Lyon \(69123\)/ },
  ])
  t.match(await advise([rule({ outcome: 'broken', details: { message: 'division by zero' } })]), [
    { priority: 1, likely_cause: 'division by zero', next_step: /parcelle rules test r/ },
  ])
  const once = { severity: 'info', checked_count: 1, failed_count: 1, failed_share: 1, samples: [] }
  t.match(
    await advise([
      rule({ ...once, type: 'volume_vs_history', details: { staged_count: 262, usual_count: 602 } }),
      rule({ ...once, type: 'schema_drift', details: { missing: ['price', 'rooms'], appeared: [] } }),
    ]),
    [{ finding: '262 rows, where 602 are usual' }, { finding: 'fields that have gone: price, rooms' }],
  )
  t.match(
    await advise([
      rule({ rule: 'a', failed_count: 2, failed_share: 0.002 }),
      rule({ rule: 'b', failed_count: 1, failed_share: 0.001 }),
      rule({ rule: 'c', failed_count: 1, failed_share: 0.001, severity: 'error' }),
    ]),
    [
      { priority: 3, finding: '2 rules fail in single rows, 3 in all: a, b' },
      { priority: 3, finding: 'rule c fails in 1 row', next_step: /quarantine list/ },
    ],
  )
})

t.test('fields that single rows lack are put together', async (t) => {
  const db = await database(t)
  const field = (name: string, count: number) => ({
    ...{ field: name, staged_count: 1000, said_count: 1000, brought_count: 1000, read_share: 1 },
    ...{ unreadable_count: count, unreadable_share: count / 1000, unreadable_causes: { words: count } },
    unreadable_samples: ['trois'],
  })
  const found = await db.query(
    'select priority, field, finding from app_private.recommend_for_fields($1) order by priority',
    [
      JSON.stringify({
        fields: [field('rooms', 300), field('floor', 2), field('price', 1), field('title', 0)],
      }),
    ],
  )
  t.same(found, [
    {
      priority: 1,
      field: 'rooms',
      finding: 'rooms unreadable in 30 % of the rows brought (300), all with words and no digit, as “trois”',
    },
    { priority: 3, field: null, finding: 'floor, price unreadable in single rows' },
  ])
})
