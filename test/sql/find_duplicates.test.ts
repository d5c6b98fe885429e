import t from 'tap'
import { database } from '../lib/database.ts'
import { home, homes, makeSource, report, stage } from '../lib/sessions.ts'

type Candidate = {
  kind: string
  confidence: string
  source_keys: string[]
  property_ids: string[] | null
  row_count: number
  evidence: { agrees?: string[]; different_contents?: number }
}

t.test('a key that stands on several rows is told, with whether they say the same', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  const session = await stage(db, source, [...homes(1, 30), home(3), home(4), home(4, { price: '1' })])
  const found = await db.query<Candidate>(
    `select * from app_public.find_duplicates($1) where kind = 'source_key'`,
    [session],
  )
  t.same(
    found.map(({ source_keys, row_count, evidence }) => [
      source_keys,
      row_count,
      evidence.different_contents,
    ]),
    [
      [['home-4'], 3, 2],
      [['home-3'], 2, 1],
    ],
  )
})

t.test('one home under two keys is a candidate; another flat of the house is not', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 30))
  const one = home(7)
  const surface = Number(one.surface)
  const added = [
    { ...one, source_key: 'again', price: String(Number(one.price) * 1.03) },
    { ...one, source_key: 'dearer', price: String(Number(one.price) * 1.4) },
    { ...one, source_key: 'upstairs', surface: String(surface + 20) },
    { ...one, source_key: 'house', property_type: 'maison' },
  ]
  const { session_id } = await report(db, source, [...homes(1, 30), ...added])
  const found = await db.query<Candidate>(
    `select * from app_public.find_duplicates($1) where kind = 'address' order by confidence desc, source_keys`,
    [session_id],
  )
  t.same(
    found.map(({ source_keys, confidence }) => [source_keys, Number(confidence)]),
    [
      [['home-7', 'again'], 1],
      [['again', 'dearer'], 0.8],
    ],
  )
  t.same(found[0]?.evidence.agrees, ['address', 'surface', 'price', 'rooms'])
  const all = await db.query<Candidate>(`select * from app_public.find_duplicates(source => $1)`, [source])
  t.same(all.map(({ source_keys }) => source_keys).sort(), found.map(({ source_keys }) => source_keys).sort())
  t.ok(all.every(({ property_ids }) => property_ids?.length === 2))
})

t.test('an address with hundreds of homes is a placeholder and gives none', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  const rows = Array.from({ length: 250 }, (_, i) => home(3, { source_key: `same-${i}` }))
  await report(db, source, rows)
  t.same(await db.query(`select from app_public.find_duplicates(source => $1)`, [source]), [])
})

t.test('unknown sessions and sources are refused', async (t) => {
  const db = await database(t)
  await t.rejects(db.query(`select app_public.find_duplicates('00000000-0000-4000-8000-000000000000')`), {
    code: 'PC404',
  })
  await t.rejects(db.query(`select app_public.find_duplicates(source => 'nobody')`), { code: 'PC404' })
})
