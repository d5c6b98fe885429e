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
