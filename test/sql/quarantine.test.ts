import t from 'tap'
import { database, type TestDatabase } from '../lib/database.ts'
import { makeSource, report, type StagedRow } from '../lib/sessions.ts'

function house(key: string | null, changes: StagedRow = {}): StagedRow {
  return {
    source_key: key,
    property_type: 'Maison',
    city: 'Nantes',
    postal_code: '44000',
    price: '300000',
    surface: '100',
    ...changes,
  }
}

const waiting = (db: TestDatabase) =>
  db.query<{ key: string | null; rules: string[] }>(
    `select q.source_key as key, array(
       select r.rule_name from validation_rules as r where r.id = any (q.rule_ids) order by 1
     ) as rules
     from quarantined_rows as q where q.released_at is null order by q.source_key nulls last, q.id`,
  )

const live = (db: TestDatabase) =>
  db.query<{ key: string; price: string }>(
    `select source_key as key, price_eur::float8 as price from properties_live order by 1`,
  )

t.test(
  'rows that break an error rule wait, with all they said, until a mended rule lets them in',
  async (t) => {
    const db = await database(t)
    await makeSource(db)
    await db.query(`insert into validation_rules (rule_name, field_name, rule_type, rule_config, severity)
    values ('cheap', 'price', 'range', '{"max": 500000}', 'error')`)
    const badge = { badge: 'new', tags: ['sea'] }
    const first = await report(db, 'portal', [
      house('a'),
      { ...house('b', { price: '700 000 €' }), ...(badge as unknown as StagedRow) },
      house('c', { price: 'deux' }),
      house(null),
    ])
    t.match(first, { new_count: 1 })
    t.same(await waiting(db), [
      { key: 'b', rules: ['cheap'] },
      { key: 'c', rules: ['price_readable'] },
      { key: null, rules: ['key_present'] },
    ])
    const [kept] = await db.query<{ row: Record<string, unknown> }>(
      `select staged_row as row from quarantined_rows where source_key = 'b'`,
    )
    t.match(kept?.row, { price: '700 000 €', city: 'Nantes', payload: badge })

    await db.query(`update validation_rules set rule_config = '{"max": 900000}' where rule_name = 'cheap'`)
    const replay = await db.query<Record<string, unknown>>(
      `select source, status, staged_count, new_count, quarantined_count from replay_quarantine(rule => 'cheap')`,
    )
    t.same(replay, [
      { source: 'portal', status: 'completed', staged_count: 1, new_count: 1, quarantined_count: 0 },
    ])
    t.same(await live(db), [
      { key: 'a', price: 300000 },
      { key: 'b', price: 700000 },
    ])
    t.same(
      (await waiting(db)).map(({ key }) => key),
      ['c', null],
      'others wait on',
    )
    t.same(
      await db.query(
        `select s.name, s.is_complete from quarantined_rows as q
       join scrape_sessions as s on s.id = q.released_by_session_id where q.source_key = 'b'`,
      ),
      [{ name: 'replay of quarantine', is_complete: false }],
    )
    const again = await report(db, 'portal', [house('a'), { ...house('b', { price: '700 000 €' }) }])
    t.match(again, { unchanged_count: 2 }, 'what the source shows next is what was replayed')

    const all = await db.query(`select staged_count, quarantined_count from replay_quarantine()`)
    t.same(all, [{ staged_count: 2, quarantined_count: 1 }])
    t.same(
      (await waiting(db)).map(({ key }) => key),
      ['c', null],
      'what still fails waits anew, once',
    )
    t.same(
      await db.query(`select from replay_quarantine('other_source_without_rows')`).catch(({ code }) => code),
      'PC404',
    )
    await t.rejects(db.query(`select from replay_quarantine(rule => 'nobody')`), { code: 'PC404' })
    t.same(
      await db.query(`select from replay_quarantine(rule => 'rooms')`),
      [],
      'nothing waits for that rule',
    )
  },
)

t.test('a home that comes again in good order stops waiting; its live row was left alone', async (t) => {
  const db = await database(t)
  await makeSource(db)
  await report(db, 'portal', [house('a'), house('b')])
  const bad = await report(db, 'portal', [house('a', { price: 'n/c deux' }), house('b')])
  t.match(bad, { quarantined_count: 1, likely_removed_count: 0, removed_count: 0 }, 'seen is seen')
  t.same(
    (await waiting(db)).map(({ key }) => key),
    ['a'],
  )
  await report(db, 'portal', [house('a', { price: 'n/c trois' }), house('b')])
  t.same(
    (await waiting(db)).map(({ key }) => key),
    ['a'],
    'the newer row waits in place of the older',
  )
  t.same(await live(db), [
    { key: 'a', price: 300000 },
    { key: 'b', price: 300000 },
  ])
  await report(db, 'portal', [house('a', { price: '310000' }), house('b')])
  t.same(await waiting(db), [])
  t.same((await live(db))[0], { key: 'a', price: 310000 })
})

t.test('a broken blocker holds the session', async (t) => {
  const db = await database(t)
  await makeSource(db)
  await db.query(`insert into validation_rules (rule_name, field_name, rule_type, rule_config, severity)
    values ('never', 'city', 'not_in', '{"values": ["Atlantis"]}', 'blocker'),
      ('enough', null, 'row_count', '{"min": 2}', 'blocker')`)
  const one = await report(db, 'portal', [house('a')])
  t.match(one, { status: 'held', held_reasons: [{ reason: 'blocker', message: /enough/ }] })
  const sunk = await report(db, 'portal', [house('a'), house('b', { city: 'Atlantis', postal_code: null })])
  t.match(sunk, { status: 'held', held_reasons: [{ message: /never/ }] })
  t.match(await report(db, 'portal', [house('a'), house('b')]), { status: 'completed', new_count: 2 })
})
