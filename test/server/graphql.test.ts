import t from 'tap'
import { createPool } from '../../server/session.ts'
import { addRelease, addSales } from '../fixtures/ledger.ts'
import { database } from '../lib/database.ts'
import { serve } from './lib/serve.ts'

// Building a schema is what takes time: one server answers all that are asked on loopback.
const db = await database(t)
const server = await serve(t, db)

/** A ledger without a sale, and a release that was applied to it. */
async function freshRelease(): Promise<number> {
  await db.query('truncate app_public.dvf_releases, app_public.transactions, app_public.market_stats cascade')
  return addRelease(db, '2025-10')
}

t.test('on a loopback address single sales are answered, under the names of their columns', async (t) => {
  const release = await freshRelease()
  const [id] = await addSales(db, release, [
    { insee_code: '35238', price_eur: 210_000.5, sold_on: '2023-05-10' },
  ])
  const answer = await server.ask(
    '{ transactions(first: 2) { nodes { id soldOn priceEur propertyType city { name department { name region { name } } } } } }',
  )
  t.strictSame(answer, {
    data: {
      transactions: {
        nodes: [
          {
            id: String(id),
            soldOn: '2023-05-10',
            priceEur: '210000.50',
            propertyType: 'flat',
            city: { name: 'Rennes', department: { name: 'Ille-et-Vilaine', region: { name: 'Bretagne' } } },
          },
        ],
      },
    },
  })
})

t.test('on any other address a visitor sees aggregates and no sale', async (t) => {
  const release = await freshRelease()
  await addSales(db, release, [{}])
  await db.query("insert into app_public.dvf_releases (code, status) values ('2026-04', 'failed')")
  await db.query(`insert into app_public.market_stats
    (area_level, area_code, property_type, nature, period_kind, period_start, sale_count, price_per_m2_count)
    values ('commune', '35238', 'flat', 'sale', 'year', '2023-01-01', 4, 4)`)
  const { ask } = await serve(t, db, '0.0.0.0')
  const seen = await ask('{ marketStats { nodes { areaCode saleCount } } dvfReleases { nodes { code } } }')
  t.strictSame(seen.data, {
    marketStats: { nodes: [{ areaCode: '35238', saleCount: 4 }] },
    dvfReleases: { nodes: [{ code: '2025-10' }] },
  })
  for (const query of [
    '{ transactions { nodes { id } } }',
    '{ transactions { totalCount } }',
    '{ searchTransactions { nodes { id } } }',
    '{ nearestTransactions(longitude: 2, latitude: 48) { nodes { id } } }',
    '{ transactionChanges { nodes { kind } } }',
    '{ city(inseeCode: "35238") { transactions { nodes { id } } } }',
    `{ dvfRelease(id: ${release}) { sources { nodes { name } } } }`,
  ]) {
    const refused = await ask(query)
    t.equal(refused.errors?.[0]?.extensions?.code, 'PC403', query)
  }
})

t.test(
  'no table can be written to but that of rules: mutations are operations, and queries run on read-only connections',
  async (t) => {
    const answer = await server.ask('{ __schema { mutationType { fields { name } } } }')
    const { fields } = (answer.data as { __schema: { mutationType: { fields: { name: string }[] } } })
      .__schema.mutationType
    t.ok(fields.length > 10)
    const operations = await db.query<{ name: string }>(
      `select replace(proname, '_', '') as name from pg_proc where pronamespace = 'app_public'::regnamespace`,
    )
    const isOperation = (field: string) => operations.some(({ name }) => name === field.toLowerCase())
    const written = fields
      .map(({ name }) => name)
      .filter((name) => /^(create|update|delete)[A-Z]/.test(name) && !isOperation(name))
    t.ok(
      written.every((name) => /^(create|update)ValidationRule/.test(name)),
      written.join(', '),
    )
    for (const [use, isReadOnly] of [
      ['read', 'on'],
      ['write', 'off'],
    ] as const) {
      const pool = createPool(db.serverUrl, 'app_analyst', () => {}, use)
      const { rows } = await pool.query('select current_user as role, current_setting($1) as is_read_only', [
        'transaction_read_only',
      ])
      await pool.end()
      t.same(rows, [{ role: 'app_analyst', is_read_only: isReadOnly }], use)
    }
  },
)

t.test('GraphQL is refused over GET and without JSON', async (t) => {
  const get = await fetch(`${server.url}/graphql?query=%7B__typename%7D`)
  t.ok([404, 405].includes(get.status))
  const form = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'query={__typename}',
  })
  t.equal(form.status, 415)
})

t.test('cursors over sales of one day meet each sale once, forwards and in any order', async (t) => {
  const release = await freshRelease()
  const ids = await addSales(
    db,
    release,
    Array.from({ length: 23 }, (_, n) => ({
      price_eur: 100_000 + (n % 3),
      price_per_m2: n % 5 === 0 ? null : 3000 + (n % 4),
    })),
  )
  for (const order of ['SOLD_ON_DESC', 'PRICE_EUR_ASC', 'PRICE_PER_M2_ASC', 'PRICE_PER_M2_DESC']) {
    for (const field of ['transactions', 'searchTransactions']) {
      const met: string[] = []
      let after: string | null = null
      do {
        const answer = await server.ask(
          `query($after: Cursor) { page: ${field}(first: 5, after: $after, orderBy: ${order}) {
            nodes { id } pageInfo { hasNextPage endCursor } } }`,
          { after },
        )
        const { page } = answer.data as {
          page: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } }
        }
        met.push(...page.nodes.map(({ id }) => id))
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
      } while (after !== null)
      t.strictSame(
        met.map(Number).sort((a, b) => a - b),
        ids,
        `${field} ${order}`,
      )
    }
  }
})

t.test(
  'ordered by price, sales without one are left out; by anything else, rows without a value come last',
  async (t) => {
    const release = await freshRelease()
    const [dear, none, cheap] = await addSales(db, release, [
      { price_eur: 900, price_per_m2: null },
      { price_eur: null, price_per_m2: null },
      { price_eur: 100, price_per_m2: 5 },
    ])
    const { ask } = server
    const order = async (by: string) => {
      const { data } = await ask(`{ searchTransactions(orderBy: ${by}) { nodes { id } totalCount } }`)
      const { searchTransactions: found } = data as {
        searchTransactions: { nodes: { id: string }[]; totalCount: number }
      }
      return [found.nodes.map(({ id }) => Number(id)), found.totalCount]
    }
    t.strictSame(await order('PRICE_EUR_DESC'), [[dear, cheap], 2])
    t.strictSame(await order('PRICE_EUR_ASC'), [[cheap, dear], 2])
    t.strictSame(await order('PRICE_PER_M2_DESC'), [[cheap, dear, none], 3])
    t.strictSame(await order('PRICE_PER_M2_ASC'), [[cheap, dear, none], 3])
  },
)

t.test('a search has aggregates over all it finds, by group where asked', async (t) => {
  const release = await freshRelease()
  await addSales(db, release, [
    { price_eur: 100, property_type: 'flat' },
    { price_eur: 300, property_type: 'flat' },
    { price_eur: 500, property_type: 'house' },
    { price_eur: 900, insee_code: '35047' },
  ])
  const answer = await server.ask(`{ searchTransactions(commune: "35238", first: 1) {
    totalCount
    aggregates { sum { priceEur } average { priceEur } max { priceEur } }
    groupedAggregates(groupBy: PROPERTY_TYPE) { keys sum { priceEur } }
  } }`)
  t.match(answer.data, {
    searchTransactions: {
      totalCount: 3,
      aggregates: {
        sum: { priceEur: '900.00' },
        average: { priceEur: /^300\.0/ },
        max: { priceEur: '500.00' },
      },
      groupedAggregates: [
        { keys: ['house'], sum: { priceEur: '500.00' } },
        { keys: ['flat'], sum: { priceEur: '400.00' } },
      ],
    },
  })
})

t.test('the nearest sales come nearest first, page by page', async (t) => {
  const release = await freshRelease()
  const ids = await addSales(db, release, [
    { longitude: -1.6778, latitude: 48.1173 },
    { longitude: -1.6778, latitude: 48.1273 },
    { longitude: -1.6678, latitude: 48.1173 },
    { longitude: null, latitude: null },
  ])
  const answer = await server.ask(`{ nearestTransactions(longitude: -1.6778, latitude: 48.1173) {
    nodes { id distanceM(longitude: -1.6778, latitude: 48.1173) } } }`)
  const { nearestTransactions } = answer.data as {
    nearestTransactions: { nodes: { id: string; distanceM: number }[] }
  }
  t.strictSame(
    nearestTransactions.nodes.map(({ id, distanceM }) => [Number(id), Math.round(distanceM)]),
    [
      [ids[0], 0],
      [ids[2], 742],
      [ids[1], 1112],
    ],
  )
})
