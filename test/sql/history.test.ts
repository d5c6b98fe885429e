import fc from 'fast-check'
import t from 'tap'
import { addHomes, addSource, asSession, liveDigest } from '../fixtures/homes.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { long } from '../lib/long.ts'

const digestAsOf = `select coalesce(md5(string_agg(l::text, E'\\n' order by l.id)), '') as digest
  from properties_as_of($1::timestamptz) as l`

async function asOf(db: TestDatabase, instant: string): Promise<string | undefined> {
  const [row] = await db.query<{ digest: string }>(digestAsOf, [instant])
  return row?.digest
}

async function now(db: TestDatabase): Promise<string> {
  const [row] = await db.query<{ now: string }>('select clock_timestamp()::text as now')
  return row?.now ?? ''
}

t.test('a home’s history tells every change, by whom, and whether it was undone', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const [id] = await addHomes(db, source, 1)
  const session = await asSession(db.client, source, (client) =>
    client.query(`update properties_live set price_eur = 90000, status = 'under_offer' where id = $1`, [id]),
  )
  await db.query(`select set_config('parcelle.actor', 'marie', false)`)
  await db.query(`update properties_live set contact_phone = '+33600000000' where id = $1`, [id])
  await db.query(`select set_config('parcelle.actor', '', false)`)
  await db.query(`select undo_session($1, true)`, [session])
  const history = await db.query(
    `select position::integer, kind, field_name, old_value, new_value, source, session_id, session_kind, is_undone, changed_by
     from property_history($1) order by changed_at, field_name nulls first`,
    [id],
  )
  t.match(history, [
    { position: 1, kind: 'new', field_name: null, source: 'portal', session_id: null, is_undone: false },
    {
      kind: 'updated',
      field_name: 'price_eur',
      old_value: 101000,
      new_value: 90000,
      session_id: session,
      is_undone: true,
    },
    {
      kind: 'updated',
      field_name: 'status',
      new_value: 'under_offer',
      session_kind: 'report',
      is_undone: true,
    },
    {
      field_name: 'contact_phone',
      old_value: /^digest:[0-9a-f]{64}$/,
      changed_by: 'marie',
      is_undone: false,
    },
    { field_name: 'price_eur', old_value: 90000, new_value: 101000, session_kind: 'undo', is_undone: false },
    { field_name: 'status', new_value: 'active', session_kind: 'undo' },
  ])
  t.strictSame(
    (await db.query<{ position: number }>('select position::integer from property_history($1)', [id])).map(
      (entry) => entry.position,
    ),
    [1, 2, 3, 4, 5, 6],
  )
  await t.rejects(db.query('select property_history(99999)'), { code: 'PC404' })
})

t.test('earlier instants show the same homes before and after an undo', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const empty = await now(db)
  const ids = await addHomes(db, source, 3)
  const [first, firstAt] = [await liveDigest(db), await now(db)]
  const session = await asSession(db.client, source, async (client) => {
    await client.query('update properties_live set price_eur = price_eur * 2')
    await client.query('delete from properties_live where id = $1', [ids[0]])
    await addHomes(client, source, 1, 'new')
    await client.query(`update properties_live set title = 'twice' where source_key = 'new1'`)
  })
  const [second, secondAt] = [await liveDigest(db), await now(db)]
  await db.query('select undo_session($1)', [session])
  t.equal(await asOf(db, empty), '')
  t.equal(await asOf(db, firstAt), first)
  t.equal(await asOf(db, secondAt), second)
  t.equal(await asOf(db, await now(db)), first)
})

type Act =
  | { what: 'edit'; home: number; value: number }
  | { what: 'session'; homes: number[]; value: number; added: number; removed: number }
  | { what: 'delete'; home: number }
  | { what: 'undo'; session: number; force: boolean }

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ what: fc.constant('edit' as const), home: fc.nat(7), value: fc.nat(5) }),
  fc.record({
    what: fc.constant('session' as const),
    homes: fc.array(fc.nat(7), { maxLength: 4 }),
    value: fc.nat(5),
    added: fc.nat(2),
    removed: fc.nat(7),
  }),
  fc.record({ what: fc.constant('delete' as const), home: fc.nat(7) }),
  fc.record({ what: fc.constant('undo' as const), session: fc.nat(5), force: fc.boolean() }),
)

t.test('whatever sessions, edits and undos come, each past instant shows what stood then', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  let keys = 0
  const nth = async (n: number): Promise<number | undefined> => {
    const rows = await db.query<{ id: number }>(
      'select id::integer from properties_live order by id offset $1 limit 1',
      [n],
    )
    return rows[0]?.id
  }
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 10 }), async (acts) => {
      await addHomes(db, source, 2, `r${keys++}-`)
      const sessions: { id: string; before: string; isLast: boolean }[] = []
      const past: [instant: string, digest: string][] = []
      for (const one of acts) {
        const before = await liveDigest(db)
        if (one.what === 'edit') {
          await db.query(
            `update properties_live set price_eur = 100000 + $2 * 5000, built_year = 1900 + $2, missed_count = $2 where id = $1`,
            [await nth(one.home), one.value],
          )
          for (const session of sessions) session.isLast = false
        } else if (one.what === 'delete') {
          await db.query('delete from properties_live where id = $1', [await nth(one.home)])
          for (const session of sessions) session.isLast = false
        } else if (one.what === 'session') {
          const ids = await Promise.all(one.homes.map(nth))
          const id = await asSession(db.client, source, async (client) => {
            await client.query(
              `update properties_live set price_eur = 200000 + $2 * 5000, title = 'S' || $2, session_id = gen_random_uuid()
               where id = any ($1)`,
              [ids, one.value],
            )
            await addHomes(client, source, one.added, `a${keys++}-`)
            await client.query(
              'delete from properties_live where id = (select id from properties_live order by id offset $1 limit 1)',
              [one.removed],
            )
          })
          for (const session of sessions) session.isLast = false
          sessions.push({ id, before, isLast: true })
        } else {
          const chosen = sessions[one.session % Math.max(sessions.length, 1)]
          if (chosen === undefined) continue
          const report = await db
            .query<{ id: string }>('select undo_session_id as id from undo_session($1, $2)', [
              chosen.id,
              one.force,
            ])
            .catch((error: { code?: string }) => {
              if (error.code !== 'PC409') throw error
              return []
            })
          if (report[0] === undefined) {
            if ((await liveDigest(db)) !== before) return false
          } else {
            if (chosen.isLast && (await liveDigest(db)) !== chosen.before) return false
            for (const session of sessions) session.isLast = false
            sessions.push({ id: report[0].id, before, isLast: true })
          }
        }
        past.push([await now(db), await liveDigest(db)])
      }
      for (const [instant, digest] of past) {
        if ((await asOf(db, instant)) !== digest) return false
      }
      return true
    }),
    { numRuns: long ? 200 : 15 },
  )
  t.match(await db.query('select (verify_audit()).is_intact'), [{ is_intact: true }])
})

t.test('months have partitions, and those let go by policy leave a seal', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  t.match(await db.query(`select app_private.open_history('2020-01-15') as made`), [{ made: 6 }])
  t.match(await db.query(`select app_private.open_history('2020-01-31') as made`), [{ made: 0 }])
  t.match(await db.query(`select app_private.open_history('2020-02-01') as made`), [{ made: 3 }])
  const ids = await addHomes(db, source, 2)
  await db.query(`select set_config('parcelle.session_id', gen_random_uuid()::text, false)`)
  await db.query(`select set_config('parcelle.changed_at', '2020-01-20 12:00Z', false)`)
  await db.query('update properties_live set price_eur = price_eur * 2')
  await db.query(`select set_config('parcelle.changed_at', '2020-02-20 12:00Z', false)`)
  await db.query(`update properties_live set price_eur = 7, title = 'x' where id = $1`, [ids[0]])
  await db.query(`select set_config('parcelle.session_id', '', false)`)
  await db.query('update properties_live set price_eur = 8 where id = $1', [ids[0]])
  const count = async (table: string) => {
    const [row] = await db.query<{ rows: number }>(`select count(*)::integer as rows from ${table}`)
    return row?.rows
  }
  t.equal(await count('property_changes_2020_01'), 2)
  t.equal(await count('property_changes_2020_02'), 2)
  t.equal(await count('app_private.property_versions_2020_01'), 2)
  await t.rejects(db.query('delete from property_changes_2020_01'), { code: 'PC403' })
  await t.rejects(db.query('update property_changes_2020_01 set kind = kind'), { code: 'PC403' })
  t.match(await db.query('select is_intact, change_count::integer from verify_audit()'), [
    { is_intact: true, change_count: 7 },
  ])

  t.match(await db.query(`select app_private.drop_history('2020-02-29') as dropped`), [{ dropped: 3 }])
  t.match(await db.query('select partition_name, change_count::integer from audit_seals order by 1'), [
    { partition_name: 'property_changes_2020_01', change_count: 2 },
    { partition_name: 'property_versions_2020_01', change_count: 2 },
  ])
  t.match(await db.query('select is_intact, change_count::integer, findings from verify_audit()'), [
    { is_intact: true, change_count: 5 },
  ])
  t.match(await db.query('select position::integer from change_events_since(0) order by 1'), [
    { position: 1 },
    { position: 2 },
    { position: 5 },
    { position: 6 },
    { position: 7 },
  ])
  await t.rejects(db.query('select app_private.drop_history(current_date)'), { code: 'PC400' })
  await db.query('drop table property_changes_2020_02')
  t.match(
    await db.query('select is_intact, (to_jsonb(findings) -> 0 ->> $1) as problem from verify_audit()', [
      'problem',
    ]),
    [{ is_intact: false, problem: /^2 of its 2 changes are missing/ }],
  )
  await addHomes(db, source, 1, 'later')
  t.match(
    await db.query('select app_private.open_history() as made'),
    [{ made: 4 }],
    'a month begun in the default partition stays there',
  )
})

t.test('the history of a session that was let go cannot be undone', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  await db.query(`select app_private.open_history('2020-01-15')`)
  const ids = await addHomes(db, source, 1)
  const session = await asSession(db.client, source, async (client) => {
    await client.query(`select set_config('parcelle.changed_at', '2020-01-20 12:00Z', true)`)
    await client.query('update properties_live set price_eur = 1 where id = $1', [ids[0]])
  })
  await db.query(`select app_private.drop_history('2020-02-29')`)
  await t.rejects(db.query('select undo_session($1)', [session]), { code: 'PC409', message: /let go/ })
})
