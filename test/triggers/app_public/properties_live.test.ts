import fc from 'fast-check'
import t from 'tap'
import { addHomes, addSource, asSession } from '../../fixtures/homes.ts'
import { database, type TestDatabase } from '../../lib/database.ts'
import { long } from '../../lib/long.ts'

interface Change {
  property_id: number
  kind: string
  field_name: string | null
  old_value: unknown
  new_value: unknown
  magnitude: number | null
  confidence: number | null
  confidence_cell: number | null
  session_id: string | null
  changed_by: string
}

async function changesAfter(db: TestDatabase, batch: number): Promise<Change[]> {
  return db.query(
    `select property_id::integer, kind, field_name, old_value, new_value, magnitude, confidence, confidence_cell,
       session_id, changed_by
     from property_changes where batch_id > $1 order by batch_id, property_id, field_name`,
    [batch],
  )
}

async function lastBatch(db: TestDatabase): Promise<number> {
  const [row] = await db.query<{ id: number }>(
    'select coalesce(max(id), 0)::integer as id from change_batches',
  )
  return row?.id ?? 0
}

t.test('an edit is recorded field by field, in the name of whoever made it', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const ids = await addHomes(db, source, 2)
  const batch = await lastBatch(db)
  await db.query(
    `update properties_live
     set price_eur = price_eur * 2, longitude = -1.66, title = null, status = 'sold', quality_score = 0.5,
       address_key = 'x', built_year = 1900
     where id = $1`,
    [ids[0]],
  )
  const changes = await changesAfter(db, batch)
  t.match(changes, [
    { field_name: 'built_year', kind: 'updated', old_value: null, new_value: 1900, magnitude: 1 },
    { field_name: 'longitude', old_value: -1.67, new_value: -1.66 },
    {
      field_name: 'price_eur',
      old_value: 101000,
      new_value: 202000,
      confidence: null,
      confidence_cell: null,
    },
    { field_name: 'status', kind: 'sold', old_value: 'active', new_value: 'sold', magnitude: 1 },
    { field_name: 'title', old_value: 'Maison 1', new_value: null, magnitude: null },
  ])
  t.equal(changes.length, 5)
  t.ok(Math.abs((changes[2]?.magnitude ?? 0) - Math.LN2) < 1e-6)
  t.ok(Math.abs((changes[1]?.magnitude ?? 0) - 742.5) < 1, `${changes[1]?.magnitude} metres`)
  t.match(
    await db.query('select (image).price_eur::integer, session_id from app_private.property_versions'),
    [{ price_eur: 101000, session_id: null }],
  )
})

t.test(
  'an update that changes nothing leaves no trace, one of what is no content leaves a version',
  async (t) => {
    const db = await database(t)
    const source = await addSource(db, 'portal')
    const ids = await addHomes(db, source, 3)
    const batch = await lastBatch(db)
    const versions = () => db.query('select count(*)::integer as count from app_private.property_versions')
    await db.query('update properties_live set price_eur = price_eur')
    await db.query('update properties_live set price_eur = price_eur where id = $1', [ids[0]])
    await db.query('update properties_live set price_eur = 1 where false')
    await db.query('delete from properties_live where false')
    t.strictSame(await versions(), [{ count: 0 }])
    t.strictSame(await changesAfter(db, batch), [])
    await db.query('update properties_live set missed_count = 1, quality_score = 0.1, updated_at = now()')
    await db.query('update properties_live set missed_count = 2 where id = $1', [ids[0]])
    t.strictSame(await versions(), [{ count: 4 }])
    t.strictSame(await changesAfter(db, batch), [])
    t.equal(await lastBatch(db), batch, 'a batch without entries is none')
  },
)

t.test(
  'personal values stand as digests: the same for the same value, of no use to whoever reads them',
  async (t) => {
    const db = await database(t)
    const source = await addSource(db, 'portal')
    const ids = await addHomes(db, source, 2)
    const batch = await lastBatch(db)
    await db.query(`update properties_live set contact_phone = '+33699999999', contact_email = null`)
    await db.query(`update properties_live set contact_phone = '+33612345671' where id = $1`, [ids[0]])
    const changes = await changesAfter(db, batch)
    t.equal(changes.length, 5)
    for (const { field_name, old_value, new_value } of changes) {
      t.match(old_value, /^digest:[0-9a-f]{64}$/)
      if (field_name === 'contact_email') t.equal(new_value, null)
      else t.match(new_value, /^digest:[0-9a-f]{64}$/)
    }
    const phones = changes.filter(
      (change) => change.property_id === ids[0] && change.field_name === 'contact_phone',
    )
    t.equal(phones[0]?.old_value, phones[1]?.new_value)
    t.equal(phones[0]?.new_value, phones[1]?.old_value)
    const recorded = await db.query(
      `select column_name from rule_fields where is_personal
     except select unnest('{contact_phone,contact_email}'::text[])`,
    )
    t.strictSame(recorded, [], 'every personal field is digested')
  },
)

t.test(
  'a session’s changes carry a confidence, and steps below their threshold make no record',
  async (t) => {
    const db = await database(t)
    const source = await addSource(db, 'portal')
    const ids = await addHomes(db, source, 2)
    const batch = await lastBatch(db)
    await db.query(
      `update rule_fields set significance = 'ratio', significance_threshold = 0.05 where column_name = 'price_eur'`,
    )
    const session = await asSession(db.client, source, async (client, id) => {
      await client.query(
        `update properties_live set price_eur = price_eur * case when id = $1 then 1.04 else 1.06 end, session_id = $2`,
        [ids[0], id],
      )
      await client.query(`update properties_live set price_eur = price_eur * 1.04 where id = $1`, [ids[1]])
      await addHomes(client, source, 1, 'new')
    })
    const changes = await changesAfter(db, batch)
    t.match(changes, [
      { property_id: ids[1], kind: 'updated', field_name: 'price_eur', session_id: session },
      { kind: 'new', field_name: null, session_id: session },
    ])
    t.equal(changes.length, 2)
    for (const { confidence, confidence_cell } of changes) {
      t.ok(confidence !== null && confidence > 0 && confidence <= 1)
      t.type(confidence_cell, 'number')
    }
    t.match(
      await db.query('select count(*)::integer from app_private.property_versions where session_id = $1', [
        session,
      ]),
      [{ count: 3 }],
    )
    t.match(
      await db.query(
        `select bool_and(c.changed_at = s.applied_at) as at_once from property_changes as c
       join scrape_sessions as s on s.id = c.session_id where c.session_id = $1`,
        [session],
      ),
      [{ at_once: true }],
    )
  },
)

t.test('an edit below the threshold of a field is recorded all the same', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  await addHomes(db, source, 2)
  const batch = await lastBatch(db)
  await db.query('update properties_live set price_eur = price_eur + 1')
  await db.query(`update properties_live set price_eur = price_eur + 1 where source_key = 'h1'`)
  t.equal((await changesAfter(db, batch)).length, 3)
})

t.test('a home keeps its id', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const ids = await addHomes(db, source, 2)
  await t.rejects(db.query('update properties_live set id = 77 where id = $1', [ids[0]]), { code: 'PC422' })
  await t.rejects(db.query('update properties_live set id = id + 100'), { code: 'PC422' })
})

const someHome = fc.record({
  title: fc.option(fc.constantFrom('Maison', 'Maison à vendre', 'Villa')),
  address: fc.option(fc.constantFrom('1 Rue Haute', '2 Rue Haute')),
  status: fc.constantFrom('active', 'under_offer', 'sold', 'likely_removed', 'removed'),
  price_eur: fc.option(fc.constantFrom(0, 100000, 120000.5)),
  land_surface_m2: fc.option(fc.nat(3)),
  room_count: fc.option(fc.nat(3)),
  longitude: fc.option(fc.constantFrom(-1.67, -1.7)),
  latitude: fc.option(fc.constantFrom(48.11, 48.2)),
  listed_on: fc.option(fc.constantFrom('2024-01-01', '2024-05-01')),
  contact_phone: fc.option(fc.constantFrom('+33612345678', '+33600000000')),
  description: fc.option(fc.constantFrom('Belle maison', 'Belle maison avec jardin')),
  missed_count: fc.nat(2),
})

t.test('an edit of one home, an edit of many and home_differences tell the same', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  await addHomes(db, source, 3)
  const sets = `title = r.title, address = r.address, status = r.status, price_eur = r.price_eur,
    land_surface_m2 = r.land_surface_m2, room_count = r.room_count, longitude = r.longitude, latitude = r.latitude,
    listed_on = r.listed_on, contact_phone = r.contact_phone, description = r.description,
    missed_count = r.missed_count
    from jsonb_populate_record(null::properties_live, $1) as r`
  await fc.assert(
    fc.asyncProperty(someHome, someHome, async (before, after) => {
      await db.query(`update properties_live as l set ${sets}`, [before])
      const batch = await lastBatch(db)
      await db.query('begin')
      const told = await db.query<Change>(
        `select d.* from properties_live as l
         cross join jsonb_populate_record(l, $1) as n
         cross join lateral app_private.home_differences(l, n) as d
         where l.source_key = 'h1' order by d.field_name`,
        [after],
      )
      await db.query(`update properties_live as l set ${sets} where l.source_key = 'h1'`, [after])
      await db.query(`update properties_live as l set ${sets} where l.source_key <> 'h1'`, [after])
      await db.query('commit')
      const changes = await changesAfter(db, batch)
      const of = (key: number) =>
        changes
          .filter((change) => change.property_id === key)
          .map(({ kind, field_name, old_value, new_value, magnitude }) => ({
            kind,
            field_name,
            old_value,
            new_value,
            magnitude,
          }))
      const [one, two, three] = await db.query<{ id: number }>(
        'select id::integer from properties_live order by source_key',
      )
      t.strictSame(of(one?.id ?? 0), of(two?.id ?? 0))
      t.strictSame(of(one?.id ?? 0), of(three?.id ?? 0))
      t.strictSame(
        of(one?.id ?? 0).map(({ kind, ...rest }) => rest),
        told.map(({ field_name, old_value, new_value, magnitude }) => ({
          field_name,
          old_value,
          new_value,
          magnitude,
        })),
      )
    }),
    { numRuns: long ? 300 : 40 },
  )
})

t.test('every content field is told, and nothing else', async (t) => {
  const db = await database(t)
  const [row] = await db.query<{ told: string }>(
    `select pg_get_functiondef('app_private.changed_values'::regproc) as told`,
  )
  const silent = new Set(
    `id street_number street_suffix street_type street_name address_key department_code city_confidence raw_fingerprint
     quality_score completeness failed_rule_ids missed_count missing_since session_id created_at updated_at price_per_m2
     location search`.split(/\s+/),
  )
  const columns = await db.query<{ name: string }>(
    `select attname as name from pg_attribute
     where attrelid = 'properties_live'::regclass and attnum > 0 and not attisdropped`,
  )
  for (const { name } of columns) {
    t.equal(
      row?.told.includes(
        `old.${name} is distinct from new.${name} then jsonb_build_array('${name}', old.${name}, new.${name})`,
      ),
      !silent.has(name),
      name,
    )
  }
})

t.test('change_magnitude tells the step of one field', async (t) => {
  const db = await database(t)
  const step = async (field: string, old: unknown, next: unknown) => {
    const [row] = await db.query<{ step: number | null }>(
      'select app_private.change_magnitude($1, $2, $3) as step',
      [field, JSON.stringify(old), JSON.stringify(next)],
    )
    return row?.step
  }
  t.equal((await step('price_eur', 100, 200))?.toFixed(4), Math.LN2.toFixed(4))
  t.equal(await step('price_eur', 0, 200), null)
  t.equal(await step('title', null, 'x'), null)
  t.equal(await step('title', 'Maison', 'Maison'), 0)
  t.equal(await step('room_count', 3, 4), 1)
  t.ok(Math.abs(((await step('latitude', 48.11, 48.12)) ?? 0) - 1112) < 1)
})
