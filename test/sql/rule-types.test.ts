import t from 'tap'
import { database } from '../lib/database.ts'
import { flat, judge, onlyRule, type TriedRule } from '../lib/rules.ts'
import { makeSource, report, type StagedRow } from '../lib/sessions.ts'

/** A rule with rows that pass it and rows that fail it, named by what they are. */
const cases: [name: string, rule: TriedRule, passing: StagedRow[], failing: StagedRow[]][] = [
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
    'expression with functions of the base',
    {
      type: 'expression',
      config: { expression: "normal_city_name(city) = 'rennes' and search_text(title) like 'e%'" },
    },
    [{ title: 'Étage élevé' }],
    [{ title: 'Rez-de-chaussée' }],
  ],
  [
    'siren',
    { field: 'agency_name', type: 'format', config: { preset: 'siren' } },
    [{ agency_name: '732829320' }, {}],
    [{ agency_name: '732829321' }, { agency_name: '73282932' }],
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
