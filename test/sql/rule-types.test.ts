import t from 'tap'
import { database, type TestDatabase } from '../lib/database.ts'
import { makeSource, report, type StagedRow, stage } from '../lib/sessions.ts'

/** A sound flat in Rennes, with what a test changes. */
function flat(key: string, changes: StagedRow = {}): StagedRow {
  return {
    source_key: key,
    property_type: 'Appartement',
    city: 'Rennes',
    postal_code: '35000',
    insee_code: '35238',
    address: `${key.length} rue de la Paix`,
    price: '200000',
    surface: '50',
    rooms: '2',
    ...changes,
  }
}

type Rule = {
  field?: string
  type: string
  config?: Record<string, unknown>
  severity?: string
  propertyType?: string
  where?: string
  warnBelow?: number
  failBelow?: number
}

/** Only this rule is in force. */
async function onlyRule(db: TestDatabase, rule: Rule): Promise<number> {
  await db.query('update validation_rules set is_enabled = false where is_enabled')
  await db.query(`delete from validation_rules where rule_name = 'tried'`)
  const [row] = await db.query<{ id: number }>(
    `insert into validation_rules (
       rule_name, field_name, rule_type, rule_config, severity, property_type, scope_where, warn_below, fail_below
     ) values ('tried', $1, $2, $3, coalesce($4::app_base.rule_severity, 'warning'), $5, $6, $7, $8) returning id`,
    [
      rule.field,
      rule.type,
      rule.config ?? {},
      rule.severity,
      rule.propertyType,
      rule.where,
      rule.warnBelow,
      rule.failBelow,
    ],
  )
  return (row as { id: number }).id
}

type Result = { outcome: string; checked: number; failed: number; details: Record<string, unknown> }

async function judge(db: TestDatabase, source: string, rows: StagedRow[]) {
  const session = await stage(db, source, rows)
  const [result] = await db.query<Result>(
    `select outcome, checked_count as checked, failed_count as failed, details from validate_staging_data($1)`,
    [session],
  )
  const failures = await db.query<{ key: string | null; value: string | null }>(
    `select source_key as key, failed_value as value from validation_failures where session_id = $1 order by source_key, staged_id`,
    [session],
  )
  return { session, result: result as Result, failures, keys: failures.map(({ key }) => key) }
}

/** A rule with rows that pass it and rows that fail it, named by what they are. */
const cases: [name: string, rule: Rule, passing: StagedRow[], failing: StagedRow[]][] = [
  ['required', { field: 'price', type: 'required' }, [{}], [{ price: null }, { price: '' }]],
  ['required type', { field: 'type', type: 'required' }, [{}], [{ property_type: null }]],
  [
    'required_if in',
    { field: 'surface', type: 'required_if', config: { field: 'property_type', in: ['flat'] } },
    [{}, { property_type: 'Terrain', surface: null }],
    [{ surface: null }],
  ],
  [
    'required_if is_present',
    { field: 'dpe_class', type: 'required_if', config: { field: 'dpe_number', is_present: true } },
    [{}, { dpe_number: '2335E1234567A', dpe_class: 'C' }],
    [{ dpe_number: '2335E1234567A' }],
  ],
  ['data_type of a field', { field: 'price', type: 'data_type' }, [{}, { price: null }], [{ price: '12a' }]],
  ['data_type of any', { type: 'data_type' }, [{}], [{ surface: 'grand' }, { listed_on: '31/02/2024' }]],
  [
    'range of numbers',
    { field: 'price', type: 'range', config: { min: 200000, max: 300000 } },
    [{}, { price: '300000' }, { price: null }],
    [{ price: '199999' }, { price: '300001' }],
  ],
  [
    'range of days',
    { field: 'listed_on', type: 'range', config: { min: '2020-01-01', max: 'today' } },
    [{ listed_on: '2020-01-01' }, {}],
    [{ listed_on: '2019-12-31' }, { listed_on: '2099-01-01' }],
  ],
  [
    'length',
    { field: 'title', type: 'length', config: { min: 3, max: 5 } },
    [{}, { title: 'abc' }, { title: 'éèàùç' }],
    [{ title: 'ab' }, { title: 'abcdef' }],
  ],
  [
    'regex',
    { field: 'title', type: 'regex', config: { pattern: "^l'a[b%]$", ignore_case: true } },
    [{ title: "L'ab" }, { title: "l'A%" }, {}],
    [{ title: 'lab' }],
  ],
  [
    'not_regex',
    { field: 'title', type: 'not_regex', config: { pattern: '<b>' } },
    [{ title: '<B>' }, {}],
    [{ title: 'a <b>' }],
  ],
  [
    'enum',
    { field: 'dpe_class', type: 'enum', config: { values: ['A', 'B'] } },
    [{ dpe_class: 'A' }, {}],
    [{ dpe_class: 'C' }],
  ],
  [
    'enum of types',
    { field: 'type', type: 'enum', config: { values: ['flat', 'house'] } },
    [{}, { property_type: 'Maison' }],
    [{ property_type: 'Terrain' }],
  ],
  [
    'not_in',
    { field: 'rooms', type: 'not_in', config: { values: [13] } },
    [{}, { rooms: null }],
    [{ rooms: '13' }],
  ],
  [
    'enum_ref',
    { field: 'postal_code', type: 'enum_ref', config: { ref: 'city_postal_codes.postal_code' } },
    [{}, { postal_code: null }],
    [{ postal_code: '35999' }],
  ],
  [
    'reference',
    {
      type: 'reference',
      config: {
        table: 'city_postal_codes',
        columns: { postal_code: 'postal_code', insee_code: 'insee_code' },
      },
    },
    [{}, { postal_code: '35200' }, { postal_code: null }],
    [{ postal_code: '75008' }],
  ],
  [
    'cross_field',
    { type: 'cross_field', config: { left: 'surface', op: '>=', right: 'rooms', factor: 9, offset: 1 } },
    [{ surface: '19' }, { rooms: null }],
    [{ surface: '18' }],
  ],
  [
    'cross_field in_commune',
    { type: 'cross_field', config: { left: 'parcel_id', op: 'in_commune', right: 'insee_code' } },
    [{ parcel_id: '35238000AB0001' }, {}],
    [{ parcel_id: '35239000AB0001' }],
  ],
  [
    'sum_equals',
    { type: 'sum_equals', config: { fields: ['bedrooms', 'floor'], total: 'rooms', tolerance: 1 } },
    [{ bedrooms: '1', floor: '2' }, { bedrooms: '1' }],
    [{ bedrooms: '1', floor: '3' }],
  ],
  [
    'expression',
    { type: 'expression', config: { expression: "price / surface < 4500 and city <> 'Ailleurs'" } },
    [{}, { surface: null }],
    [{ price: '250000' }],
  ],
  [
    'expression with a look-up',
    {
      type: 'expression',
      config: { expression: 'exists (select from departments as d where d.code = left(postal_code, 2))' },
    },
    [{}],
    [{ postal_code: null }, { postal_code: '96000' }],
  ],
  [
    'query',
    {
      type: 'query',
      config: {
        query: 'select source_key from staged where price > 1.5 * (select min(price) from staged)',
      },
    },
    [{}, { price: '210000' }],
    [{ price: '400000' }],
  ],
  [
    'format',
    { field: 'dpe_number', type: 'format', config: { preset: 'dpe_number' } },
    [{ dpe_number: '2335E1234567A' }, { dpe_number: '212AE1234567A' }, {}],
    [{ dpe_number: 'DPE-1' }],
  ],
  [
    'geo_within department',
    { type: 'geo_within', config: { area: 'department' } },
    [{ longitude: '-1.68', latitude: '48.11' }, {}],
    [{ longitude: '2.35', latitude: '48.85' }],
  ],
  [
    'geo_within france',
    { type: 'geo_within', config: { area: 'france' } },
    [
      { longitude: '55.5', latitude: '-21.1' },
      { longitude: '9.4', latitude: '42.5' },
    ],
    [{ longitude: '13.4', latitude: '52.5' }],
  ],
  [
    'geo_within box',
    { type: 'geo_within', config: { box: [-2, 48, -1, 49] } },
    [{ longitude: '-1.68', latitude: '48.11' }],
    [{ longitude: '-1.68', latitude: '47.9' }],
  ],
  [
    'confidence_min',
    { field: 'city', type: 'confidence_min', config: { min: 0.7 } },
    [{}],
    [{ city: 'Nulle-Part', postal_code: null, insee_code: null }],
  ],
  [
    'freshness of a field',
    { field: 'listed_on', type: 'freshness', config: { max_days: 30 } },
    [{}, { listed_on: new Date(Date.now() - 10 * 864e5).toISOString().slice(0, 10) }],
    [{ listed_on: '2020-01-01' }],
  ],
  [
    'completeness',
    { type: 'completeness', config: { min: 0.5, weights: { title: 3, price: 1, rooms: 1 } } },
    [{ title: 'T2' }],
    [{}],
  ],
  [
    'unique',
    { field: 'title', type: 'unique' },
    [{ title: 'one' }, { title: 'two' }, {}, {}],
    [{ title: 'same' }, { title: 'same' }],
  ],
  [
    'compound_unique',
    { type: 'compound_unique', config: { fields: ['title', 'price'] } },
    [{ title: 'a' }, { title: 'a', price: '1000' }, {}],
    [
      { title: 'b', price: '2000' },
      { title: 'b', price: '2000' },
    ],
  ],
  [
    'zscore',
    { field: 'price', type: 'zscore', config: { max: 3, by: ['property_type'], min_count: 10 } },
    Array.from({ length: 30 }, (_, n) => ({ price: String(200000 + n * 100) })),
    [{ price: '900000' }],
  ],
]

t.test('every type of rule tells failing rows from passing ones', async (t) => {
  const db = await database(t)
  await makeSource(db, 'portal')
  const tried = new Set<string>()
  for (const [name, rule, passing, failing] of cases) {
    await onlyRule(db, rule)
    const rows = [
      ...passing.map((changes, n) => flat(`p${String(n).padStart(2, '0')}`, changes)),
      ...failing.map((changes, n) => flat(`x${n}`, changes)),
    ]
    const { keys, result } = await judge(db, 'portal', rows)
    t.same(
      keys,
      failing.map((_, n) => `x${n}`),
      name,
    )
    t.match(
      result,
      { outcome: 'warned', checked: rows.length, failed: failing.length },
      `${name}: its result`,
    )
    tried.add(rule.type)
  }
  const elsewhere = [
    'peer_outlier',
    'rate_of_change',
    'row_count',
    'volume_vs_history',
    'distribution_drift',
    'duplicate_rate',
    'schema_drift',
    'coverage_by_source',
  ]
  const types = await db.query<{ rule_type: string }>('select rule_type from rule_types')
  t.same(
    types.map(({ rule_type }) => rule_type).sort(),
    [...tried, ...elsewhere].sort(),
    'no type is left out',
  )
  const [enumerated] = await db.query<{ count: number }>(
    `select cardinality(enum_range(null::app_base.rule_type)) as count`,
  )
  t.equal(types.length, enumerated?.count, 'and rule_types describes every one')
})

t.test('a price is held against the peers of its commune and type, and against the live one', async (t) => {
  const db = await database(t)
  await makeSource(db, 'portal')
  await db.query('update validation_rules set is_enabled = false')
  await report(
    db,
    'portal',
    Array.from({ length: 40 }, (_, n) => flat(`h${n}`, { price: String(180000 + n * 1000) })),
  )
  await onlyRule(db, { type: 'peer_outlier', config: { max_deviations: 8, min_count: 20 } })
  const priced = [
    ['a', '2000000'],
    ['b', '20000'],
    ['c', '230000'],
    ['d', '170000'],
  ].map(([key, price]) => flat(key as string, { price: price as string }))
  const peers = await judge(db, 'portal', [
    ...priced,
    flat('e', { price: '2000000', property_type: 'Maison' }),
  ])
  t.same(peers.keys, ['a', 'b'], 'ten times too much and ten times too little; houses have no peers here')
  t.same(
    peers.failures.map(({ value }) => value),
    ['40000.00', '400.00'],
  )

  await onlyRule(db, { field: 'price', type: 'rate_of_change', config: { max_ratio: 1 } })
  const steps = await judge(db, 'portal', [
    flat('h0', { price: '361000' }),
    flat('h1', { price: '361000' }),
    flat('h2', { price: '90000' }),
    flat('h3', { price: '92000' }),
    flat('new', { price: '1' }),
  ])
  t.same(steps.keys, ['h0', 'h2'], 'more than double, less than half; new homes have changed from nothing')
})

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
  const range: Rule = { field: 'price', type: 'range', config: { min: 1000 } }
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
