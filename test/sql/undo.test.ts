import t from 'tap'
import { addHomes, addSource, asSession, liveDigest } from '../fixtures/homes.ts'
import { database, type TestDatabase } from '../lib/database.ts'

async function undo(db: TestDatabase, session: string, force = false) {
  const [report] = await db.query<{
    undo_session_id: string
    restored_count: number
    deleted_count: number
    reinserted_count: number
    skipped_home_count: number
    skipped_field_count: number
  }>('select * from undo_session($1, $2)', [session, force])
  if (report === undefined) throw new Error('undo_session gave nothing')
  return report
}

async function statuses(db: TestDatabase, ...sessions: string[]) {
  const rows = await db.query<{ id: string; status: string }>(
    'select id, status from scrape_sessions where id = any ($1)',
    [sessions],
  )
  return sessions.map((id) => rows.find((row) => row.id === id)?.status)
}

/** A session that changes some homes, brings one and takes one away. */
function session(db: TestDatabase, source: number, ids: number[], by = 1) {
  return asSession(db.client, source, async (client, id) => {
    await client.query(
      `update properties_live set price_eur = price_eur + $2 * 10000, contact_phone = '+33700000000', status = 'sold',
         session_id = $3, updated_at = clock_timestamp(), missed_count = 3, raw_fingerprint = 7, latitude = 48.2
       where id = any ($1)`,
      [ids.slice(0, 2), by, id],
    )
    await client.query('delete from properties_live where id = $1', [ids[2]])
    await addHomes(client, source, 2, `new${by}-`)
  })
}

t.test(
  'undo restores every column of every home, and an undo of the undo brings the session back',
  async (t) => {
    const db = await database(t)
    const source = await addSource(db, 'portal')
    const ids = await addHomes(db, source, 5)
    const before = await liveDigest(db)
    const id = await session(db, source, ids)
    const after = await liveDigest(db)
    t.not(before, after)

    const report = await undo(db, id)
    t.equal(await liveDigest(db), before)
    t.match(report, {
      restored_count: 2,
      deleted_count: 2,
      reinserted_count: 1,
      skipped_home_count: 0,
      skipped_field_count: 0,
    })
    t.strictSame(await statuses(db, id, report.undo_session_id), ['undone', 'completed'])
    t.match(
      await db.query(
        `select kind, field_name from property_changes where session_id = $1 order by kind, field_name`,
        [report.undo_session_id],
      ),
      [
        { kind: 'new' },
        { kind: 'updated', field_name: 'contact_phone' },
        { kind: 'updated', field_name: 'contact_phone' },
        { kind: 'updated', field_name: 'latitude' },
        { kind: 'updated', field_name: 'latitude' },
        { kind: 'updated', field_name: 'price_eur' },
        { kind: 'updated', field_name: 'price_eur' },
        { kind: 'updated', field_name: 'status' },
        { kind: 'updated', field_name: 'status' },
        { kind: 'deleted' },
        { kind: 'deleted' },
      ],
    )

    const again = await undo(db, report.undo_session_id)
    t.equal(await liveDigest(db), after)
    t.strictSame(await statuses(db, id, report.undo_session_id, again.undo_session_id), [
      'completed',
      'undone',
      'completed',
    ])
    await undo(db, again.undo_session_id)
    t.equal(await liveDigest(db), before)
    t.strictSame(await statuses(db, id, report.undo_session_id, again.undo_session_id), [
      'undone',
      'completed',
      'undone',
    ])
    t.match(await db.query('select (verify_audit()).is_intact'), [{ is_intact: true }])
    t.strictSame(await db.query('select action, target from admin_actions order by batch_id, ordinal'), [
      { action: 'undo_session', target: id },
      { action: 'undo_session', target: report.undo_session_id },
      { action: 'undo_session', target: again.undo_session_id },
    ])
  },
)

t.test('a home that a later session touched is named, and nothing is undone', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const ids = await addHomes(db, source, 5)
  const first = await session(db, source, ids)
  const second = await asSession(db.client, source, (client) =>
    client.query('update properties_live set title = $2 where id = $1', [ids[0], 'Manoir']),
  )
  const now = await liveDigest(db)
  await t.rejects(db.query('select undo_session($1)', [first]), {
    code: 'PC409',
    detail: new RegExp(`^home ${ids[0]}: session ${second} at \\d{4}-[-0-9:TZ ]+$`),
  })
  t.equal(await liveDigest(db), now)
  t.strictSame(await statuses(db, first), ['completed'])

  await t.test('once the later one is undone, the earlier one can be', async () => {
    const { undo_session_id } = await undo(db, second)
    await t.resolves(db.query('begin'))
    await t.resolves(db.query('select undo_session($1)', [first]))
    await db.query('rollback')
    await undo(db, undo_session_id)
  })

  await t.test('an edit by hand counts as well', async () => {
    await db.query(`update properties_live set built_year = 1900 where id = $1`, [ids[1]])
    await t.rejects(db.query('select undo_session($1)', [first]), {
      code: 'PC409',
      detail: new RegExp(`home ${ids[1]}: edit by `),
    })
  })
})

t.test(
  'by force, fields that still hold what the session wrote are restored, and the others kept',
  async (t) => {
    const db = await database(t)
    const source = await addSource(db, 'portal')
    const ids = await addHomes(db, source, 5)
    const first = await session(db, source, ids)
    const [added] = await db.query<{ id: string }>(
      `select id from properties_live where source_key = 'new1-1'`,
    )
    await asSession(db.client, source, async (client) => {
      await client.query('update properties_live set title = $2, price_eur = 5 where id = $1', [
        ids[0],
        'Manoir',
      ])
      await client.query('update properties_live set title = $2 where id = $1', [added?.id, 'Manoir'])
    })
    const report = await undo(db, first, true)
    t.match(report, {
      restored_count: 2,
      deleted_count: 1,
      reinserted_count: 1,
      skipped_home_count: 2,
      skipped_field_count: 1,
    })
    t.match(
      await db.query(
        `select id::integer, title, price_eur::integer, status, contact_phone, latitude from properties_live order by id`,
      ),
      [
        {
          id: ids[0],
          title: 'Manoir',
          price_eur: 5,
          status: 'active',
          contact_phone: '+33612345671',
          latitude: 48.11,
        },
        { id: ids[1], title: 'Maison 2', price_eur: 102000, status: 'active' },
        { id: ids[2], title: 'Maison 3' },
        { id: ids[3] },
        { id: ids[4] },
        { id: Number(added?.id), title: 'Manoir' },
      ],
    )
  },
)

t.test('a deleted home whose key another one took cannot come back', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const ids = await addHomes(db, source, 2)
  const id = await asSession(db.client, source, (client) =>
    client.query('delete from properties_live where id = $1', [ids[0]]),
  )
  await addHomes(db, source, 1)
  await t.rejects(db.query('select undo_session($1)', [id]), { code: 'PC409', detail: /its key belongs/ })
  t.match(await undo(db, id, true), { reinserted_count: 0, skipped_home_count: 1 })
})

t.test('only a completed session can be undone', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  await t.rejects(db.query('select undo_session(gen_random_uuid())'), { code: 'PC404' })
  const [waiting] = await db.query<{ id: string }>(
    'insert into scrape_sessions (source_id) values ($1) returning id',
    [source],
  )
  await t.rejects(db.query('select undo_session($1)', [waiting?.id]), { code: 'PC409' })
  const [home] = await addHomes(db, source, 1)
  const id = await asSession(db.client, source, (client) =>
    client.query('update properties_live set title = null where id = $1', [home]),
  )
  await undo(db, id)
  await t.rejects(db.query('select undo_session($1)', [id]), { code: 'PC409' })
})

t.test('what a session did beside its homes is settled', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const [home] = await addHomes(db, source, 1)
  const row = async (session: string, by: string | null) => {
    await db.query(
      `insert into quarantined_rows (session_id, source_id, staged_id, staged_row, rule_ids, released_at, released_by_session_id)
       values ($1, $2, 1, '{}', '{1}', case when $3::uuid is not null then now() end, $3)`,
      [session, source, by],
    )
  }
  const judged = (session: string, rules: number) =>
    db.query(`insert into sync_metadata (session_id, source_id, prepared_rules) values ($1, $2, $3)`, [
      session,
      source,
      rules,
    ])
  const change = (title: string) =>
    asSession(db.client, source, (client) =>
      client.query('update properties_live set title = $2 where id = $1', [home, title]),
    )
  const first = await change('Un')
  await judged(first, 11)
  const second = await change('Deux')
  await judged(second, 22)
  await db.query('update sources set judged_by = 22, reliability = 1 where id = $1', [source])
  await row(first, second)
  await row(second, null)
  await db.query(`select app_private.recompute_listing_stats('{35238}', '{house}')`)

  const { undo_session_id } = await undo(db, second)
  const quarantine = () =>
    db.query(
      `select session_id = $1 as is_first, released_by_session_id as by from quarantined_rows order by id`,
      [first],
    )
  t.strictSame(await quarantine(), [
    { is_first: true, by: null },
    { is_first: false, by: undo_session_id },
  ])
  t.match(await db.query('select judged_by, reliability from sources where id = $1', [source]), [
    { judged_by: '11', reliability: 0.5 },
  ])
  await undo(db, undo_session_id)
  t.strictSame(await quarantine(), [
    { is_first: true, by: second },
    { is_first: false, by: null },
  ])
  t.match(await db.query('select judged_by, reliability from sources where id = $1', [source]), [
    { judged_by: '22', reliability: 1 },
  ])
})

t.test('restoring knows every stored column of a home', async (t) => {
  const db = await database(t)
  const columns = await db.query<{ name: string }>(
    `select a.attname as name from pg_attribute as a
     where a.attrelid = 'app_public.properties_live'::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''`,
  )
  const [body] = await db.query<{ restore: string; same: string }>(
    `select pg_get_functiondef('app_private.restore_homes'::regproc) as restore,
       pg_get_functiondef('app_private.is_same_home'::regproc) as same`,
  )
  for (const { name } of columns) {
    t.ok(body?.restore.includes(`(u.before).${name}`), `restore_homes restores ${name}`)
    t.ok(
      body?.same.includes(`one.${name}`) && body.same.includes(`other.${name}`),
      `is_same_home compares ${name}`,
    )
  }
})
