import t from 'tap'
import { database } from '../lib/database.ts'
import { flat, judge, onlyRule, type TriedRule } from '../lib/rules.ts'
import { makeSource, report } from '../lib/sessions.ts'

t.test('keys are judged over all rows staged', async (t) => {
  const db = await database(t)
  await makeSource(db, 'portal')
  await onlyRule(db, { field: 'source_key', type: 'unique' })
  const rows = [
    flat('same'),
    flat('same'),
    flat('other', { price: '1000' }),
    flat('other', { price: '2000' }),
    flat('one'),
  ]
  const unique = await judge(db, 'portal', rows)
  t.same(unique.keys, ['other', 'other'], 'the same row shown twice is no contradiction')
  t.match(unique.result, { checked: 5, failed: 2 })

  await onlyRule(db, { field: 'source_key', type: 'required', severity: 'error' })
  const required = await judge(db, 'portal', [
    flat('k'),
    { ...flat('k'), source_key: null },
    { ...flat('k'), source_key: '' },
  ])
  t.same(required.keys, [null, null])

  await onlyRule(db, { type: 'duplicate_rate', config: { max: 0.5 } })
  const few = await judge(db, 'portal', rows)
  t.match(few.result, { outcome: 'passed', details: { duplicate_count: 2, duplicate_rate: 0.4 } })
  const many = await judge(db, 'portal', [flat('a'), flat('a'), flat('a')])
  t.match(many.result, { outcome: 'failed', details: { duplicate_rate: 0.6667 } })
})

t.test('a session is judged as a whole', async (t) => {
  const db = await database(t)
  await makeSource(db, 'portal', { judged_from: 100000 })
  const rennes = (count: number, from = 0) =>
    Array.from({ length: count }, (_, n) =>
      flat(`r${from + n}`, { price: String(150000 + (from + n) * 500) }),
    )
  await db.query('update validation_rules set is_enabled = false')

  const volume = { min_ratio: 0.7, max_ratio: 1.5, sessions: 3, min_sessions: 2 }
  await onlyRule(db, { type: 'volume_vs_history', config: volume })
  t.match(
    (await judge(db, 'portal', rennes(20))).result,
    { outcome: 'not_applicable' },
    'there is no history',
  )
  await report(db, 'portal', rennes(20))
  await report(db, 'portal', [
    ...rennes(19),
    flat('nice', { city: 'Nice', postal_code: '06000', insee_code: '06088' }),
  ])
  t.match((await judge(db, 'portal', rennes(20))).result, { outcome: 'passed', details: { ratio: 1 } })
  t.match((await judge(db, 'portal', rennes(13))).result, {
    outcome: 'failed',
    details: { usual_count: 20, sessions: 2 },
  })

  await onlyRule(db, { type: 'row_count', config: { min: 5, max: 10 } })
  t.match((await judge(db, 'portal', rennes(5))).result, { outcome: 'passed' })
  t.match((await judge(db, 'portal', rennes(11))).result, {
    outcome: 'failed',
    details: { staged_count: 11 },
  })

  await onlyRule(db, { type: 'coverage_by_source', config: { min: 0.9 } })
  t.match((await judge(db, 'portal', rennes(20))).result, {
    outcome: 'failed',
    details: { commune_count: 2, share_seen: 0.5, unseen: ['06088'] },
  })

  await onlyRule(db, {
    field: 'price',
    type: 'distribution_drift',
    config: { max_psi: 0.25, bins: 5, min_count: 15 },
  })
  const shifted = rennes(20, 100).map((row) => ({ ...row, price: '990000' }))
  t.match((await judge(db, 'portal', shifted)).result, { outcome: 'failed' }, 'all prices in one bin')
  const alike = rennes(20, 200).map((row, n) => ({ ...row, price: String(150000 + n * 500) }))
  t.match((await judge(db, 'portal', alike)).result, { outcome: 'passed' })
  t.match((await judge(db, 'portal', rennes(3, 300))).result, { outcome: 'not_applicable' })

  await onlyRule(db, { type: 'freshness', config: { max_hours: 1 } })
  t.match((await judge(db, 'portal', rennes(2))).result, { outcome: 'passed' })

  await onlyRule(db, { type: 'schema_drift', config: { max_missing: 0, max_new: 0 } })
  t.match((await judge(db, 'portal', rennes(2))).result, { outcome: 'not_applicable' })
  await report(db, 'portal', rennes(20))
  const grown = await judge(
    db,
    'portal',
    rennes(20).map(({ rooms: _, ...row }) => ({ ...row, dpe_class: 'C', badge: 'new' })),
  )
  t.match(grown.result, {
    outcome: 'failed',
    details: { missing: ['rooms'], appeared: ['dpe_class', 'payload.badge'] },
  })
})

t.test('scope, thresholds and validity decide what a rule judges', async (t) => {
  const db = await database(t)
  await makeSource(db, 'portal')
  await makeSource(db, 'other')
  const rows = [
    flat('a', { price: '1' }),
    flat('b', { price: '1', property_type: 'Maison' }),
    flat('c', { price: '1', surface: '200' }),
    ...Array.from({ length: 7 }, (_, n) => flat(`ok${n}`)),
  ]
  const range: TriedRule = { field: 'price', type: 'range', config: { min: 1000 } }
  await onlyRule(db, { ...range, propertyType: 'house' })
  t.match(await judge(db, 'portal', rows), { keys: ['b'], result: { checked: 1, failed: 1 } })
  await onlyRule(db, { ...range, where: 'surface > 100' })
  t.match(await judge(db, 'portal', rows), { keys: ['c'], result: { checked: 1, failed: 1 } })

  await onlyRule(db, { ...range, warnBelow: 0.5 })
  t.match((await judge(db, 'portal', rows)).result, { outcome: 'passed', failed: 3 })
  await onlyRule(db, { ...range, warnBelow: 0.9, failBelow: 0.8 })
  t.match((await judge(db, 'portal', rows)).result, { outcome: 'failed' })
  await onlyRule(db, { ...range, severity: 'blocker' })
  t.match((await judge(db, 'portal', rows)).result, { outcome: 'failed' }, 'a blocker fails at the first row')

  const id = await onlyRule(db, range)
  await db.query(
    `update validation_rules set source_id = (select id from sources where code = 'other') where id = $1`,
    [id],
  )
  t.same((await judge(db, 'portal', rows)).result, undefined, 'another source is not judged by it')
  t.match((await judge(db, 'other', rows)).result, { failed: 3 })
  await db.query('update validation_rules set source_id = null, valid_to = current_date - 1 where id = $1', [
    id,
  ])
  t.same((await judge(db, 'portal', rows)).result, undefined, 'its time is over')
  await db.query('update validation_rules set valid_to = null, valid_from = current_date where id = $1', [id])
  t.match((await judge(db, 'portal', rows)).result, { failed: 3 }, 'its time has come')
})

t.test('a large session is told the same as a small one, though it looks things up otherwise', async (t) => {
  const db = await database(t)
  await makeSource(db, 'portal')
  const lyon = { city: 'Lyon', postal_code: '69003', insee_code: '69383' }
  const rows = [
    flat('a', { parcel_id: '35238000AB0001' }),
    flat('b', { parcel_id: '35239000AB0001', postal_code: '75008' }),
    flat('c', { parcel_id: null, postal_code: null }),
    flat('d', { ...lyon, parcel_id: '69123000AB0001' }),
    flat('e', { ...lyon, parcel_id: '69384000AB0001', postal_code: '96000' }),
    flat('f', { ...lyon, insee_code: '69123', parcel_id: '69383000AB0001' }),
    flat('g', { city: null, postal_code: null, insee_code: null, parcel_id: '69383000AB0001' }),
  ]
  const codes = { postal_code: 'postal_code', insee_code: 'insee_code' }
  const rules: [TriedRule, string[]][] = [
    [
      { type: 'cross_field', config: { left: 'parcel_id', op: 'in_commune', right: 'insee_code' } },
      ['b', 'e'],
    ],
    [{ type: 'reference', config: { table: 'city_postal_codes', columns: codes } }, ['b', 'e']],
    [{ field: 'postal_code', type: 'enum_ref', config: { ref: 'city_postal_codes.postal_code' } }, ['e']],
    [
      { field: 'insee_code', type: 'enum_ref', config: { ref: 'listing_stats.insee_code' } },
      'abcdef'.split(''),
    ],
  ]
  for (const [rule, failing] of rules) {
    await onlyRule(db, rule)
    t.same((await judge(db, 'portal', rows)).keys, failing, `${rule.type}: few rows`)
    t.same((await judge(db, 'portal', rows, 60_000)).keys, failing, `${rule.type}: many`)
  }
})
