import t from 'tap'
import { database, type TestDatabase } from '../lib/database.ts'
import { asRole } from '../lib/role.ts'

type Session = {
  id: string
  session_no: number
  status: string
  staging_bucket: number
  is_complete: boolean
  scope_insee_codes: string[] | null
  scope_property_types: string | null
  staged_count: number | null
  unkeyed_count: number | null
  item_count: number
  page_count: number
  errors: { reason: string; count?: number; detail?: string }[]
  finished_at: Date | null
}

async function begin(db: TestDatabase, more = ''): Promise<Session> {
  const [session] = await db.query<Session>(`select * from begin_session('csv', 'a test'${more})`)
  return session as Session
}

async function finish(db: TestDatabase, id: string, more = ''): Promise<Session> {
  const [session] = await db.query<Session>(`select * from finish_session($1${more})`, [id])
  return session as Session
}

const stage = (db: TestDatabase, id: string, rows: unknown) =>
  db.query('select stage_properties($1, $2) as staged', [id, JSON.stringify(rows)])

const staged = (db: TestDatabase, id: string) =>
  db.query<Record<string, unknown>>(
    'select * from property_scrapes_staging where session_id = $1 order by id',
    [id],
  )

t.test('a session is begun, filled and finished', async (t) => {
  const db = await database(t)
  const session = await begin(
    db,
    `, insee_codes => '{44109,69048}', property_types => '{House, flat}', "from" => '2024-01-01', is_complete => true`,
  )
  t.match(session, { status: 'queued', is_complete: true, finished_at: null })
  t.strictSame(session.scope_insee_codes, ['44109', '69179'], 'a former commune is the present one')
  t.equal(String(session.scope_property_types), '{house,flat}')

  t.strictSame(
    await stage(db, session.id, [{ source_key: '1', price: '252 000 €', surface: 85.5, rooms: null }]),
    [{ staged: 1 }],
  )
  const [row] = await staged(db, session.id)
  t.match(row, { source_key: '1', price: '252 000 €', surface: '85.5', rooms: null, payload: null })

  t.strictSame(
    await db.query('select id from get_pending_sessions()'),
    [],
    'it is not pending while it is filled',
  )
  t.match(await finish(db, session.id, ', page_count => 3'), {
    ...{ staged_count: 1, unkeyed_count: 0, page_count: 3, is_complete: true, status: 'queued' },
  })
  t.strictSame(await db.query('select id from get_pending_sessions()'), [{ id: session.id }])
})

t.test('nothing is refused on the way in', async (t) => {
  const db = await database(t)
  const { id } = await begin(db)
  await stage(db, id, [
    { source_key: 'a', agent: 'X', nested: { b: [1] }, address: { street: 'Rue Haute' } },
    { source_key: 'b', scraped_at: '2024-05-01T10:00:00Z', title: '' },
    { source_key: 'c', scraped_at: 'yesterday evening', is_new: true, price: true },
    'junk',
    12,
    null,
    [],
    {},
  ])
  const rows = await staged(db, id)
  t.strictSame(rows[0]?.payload, { agent: 'X', nested: { b: [1] }, address: { street: 'Rue Haute' } })
  t.equal(rows[0]?.address, null, 'an object under a known name is no text')
  t.strictSame(rows[1]?.scraped_at, new Date('2024-05-01T10:00:00Z'))
  t.equal(rows[1]?.payload, null)
  t.strictSame(rows[2]?.payload, { is_new: true, scraped_at: 'yesterday evening' })
  t.equal(rows[2]?.price, 'true')
  t.strictSame(
    rows.slice(3, 7).map(({ payload }) => payload),
    ['junk', 12, null, []].map((raw) => ({ raw, reason: 'not_an_object' })),
  )
  const done = await finish(db, id)
  t.match(done, { staged_count: 8, unkeyed_count: 5, item_count: 8 })
  t.strictSame(done.errors, [{ reason: 'not_an_object', count: 4 }])
})

t.test('the key is what the row says it is, else the page, else what the source lists', async (t) => {
  const db = await database(t)
  const { id } = await begin(db)
  const home = { address: '1 Rue  Haute', postal_code: '44000', city: 'Nantes', surface: '80', price: '1' }
  await stage(db, id, [
    { source_key: ' 7 ', property_url: 'https://example.org/7' },
    { source_key: '', property_url: 'https://example.org/8' },
    { property_url: 'https://example.org/9?utm_source=mail&page=2&fbclid=xyz' },
    { property_url: 'https://example.org/#/ad/10?utm_medium=x' },
    { property_url: '  ', address: '2 Rue Haute' },
    home,
    { ...home, address: '1 rue haute ', price: '2' },
    { city: 'Nantes' },
  ])
  const keys = (await staged(db, id)).map((row) => row.source_key as string | null)
  t.strictSame(keys.slice(0, 5), [
    '7',
    null,
    'https://example.org/9?page=2',
    'https://example.org/#/ad/10',
    null,
  ])
  t.match(keys[5], /^digest:[0-9a-f]{32}$/)
  t.equal(keys[6], keys[5], 'price, case and spaces do not make another home')
  t.equal(keys[7], null, 'without an address there is nothing to tell it by')

  await db.query(`select add_source('strict', 'Without digests', config => '{}')`)
  const [other] = await db.query<{ id: string }>(`select id from begin_session('strict')`)
  await stage(db, other?.id ?? '', [home])
  t.equal((await staged(db, other?.id ?? ''))[0]?.source_key, null)
})

t.test('a session that is not being filled takes nothing', async (t) => {
  const db = await database(t)
  const { id } = await begin(db)
  await t.rejects(stage(db, id, { source_key: 'x' }), { code: 'PC400' }, 'one object is no list')
  await t.rejects(db.query('select stage_properties($1, null)', [id]), { code: 'PC400' })
  await t.rejects(stage(db, '00000000-0000-0000-0000-000000000000', []), { code: 'PC404' })
  await finish(db, id)
  await t.rejects(stage(db, id, []), { code: 'PC409', hint: /sync_session/ })
  await t.rejects(finish(db, id), { code: 'PC409' })
  await t.rejects(db.query('select heartbeat_session($1)', [id]), { code: 'PC409' })
  await db.query(`select cancel_session($1, 'wrong file')`, [id])
  await t.rejects(stage(db, id, []), { code: 'PC409', message: /cancelled/ })
  await t.rejects(db.query('select cancel_session($1)', [id]), { code: 'PC409' })
  await t.rejects(db.query(`select cancel_session('00000000-0000-0000-0000-000000000000')`), {
    code: 'PC404',
  })
  t.match(await db.query('select action, target, details from admin_actions'), [
    { action: 'cancel_session', target: id, details: { reason: 'wrong file' } },
  ])
})

t.test('a session is begun only as its source and scope allow', async (t) => {
  const db = await database(t)
  const attempt = (call: string) => db.query(`select begin_session(${call})`)
  await t.rejects(attempt(`'nobody'`), { code: 'PC404' })
  await t.rejects(attempt('null'), { code: 'PC404' })
  await t.rejects(attempt(`'immodata'`), { code: 'PC409', message: /disabled/ })
  await t.rejects(attempt(`'csv', insee_codes => '{44109,99999}'`), { code: 'PC404', message: /99999/ })
  await t.rejects(attempt(`'csv', insee_codes => '{}'`), { code: 'PC400' })
  await t.rejects(attempt(`'csv', property_types => '{castle}'`), { code: 'PC400', hint: /house, flat/ })
  await t.rejects(attempt(`'csv', property_types => '{}'`), { code: 'PC400' })
  await t.rejects(attempt(`'csv', "from" => '2024-02-01', "to" => '2024-01-01'`), { code: 'PC400' })
  await t.rejects(attempt(`'csv', parameters => '[]'`), { code: 'PC400' })
  await db.query(`select pause_source('csv', 'prices look wrong')`)
  await t.rejects(attempt(`'csv'`), { code: 'PC409', hint: /resume csv/ })
  await db.query(`select pause_source('csv')`)
  await db.query(`select resume_source('csv')`)
  await db.query(`select resume_source('csv')`)
  await db.query(`select resume_source('immodata')`)
  await attempt(`'csv'`)
  await attempt(`'immodata'`)
  t.strictSame(await db.query('select action, target from admin_actions order by batch_id, ordinal'), [
    { action: 'pause_source', target: 'csv' },
    { action: 'resume_source', target: 'csv' },
    { action: 'resume_source', target: 'immodata' },
  ])
  await t.rejects(db.query(`select pause_source('nobody')`), { code: 'PC404' })
  await t.rejects(db.query(`select resume_source('nobody')`), { code: 'PC404' })
})

t.test('a source is added once, with a config that can be used', async (t) => {
  const db = await database(t)
  const add = (rest: string) => db.query(`select * from add_source(${rest})`)
  t.match(await add(`'my-portal', ' My portal ', 'portal', 'https://portal.example'`), [
    { code: 'my-portal', name: 'My portal', kind: 'portal', is_enabled: true },
  ])
  await t.rejects(add(`'my-portal', 'Again'`), { code: 'PC409' })
  await t.rejects(add(`'My Portal', 'x'`), { code: 'PC400' })
  await t.rejects(add(`'x', ' '`), { code: 'PC400' })
  await t.rejects(add(`'x', 'x', config => '[]'`), { code: 'PC400' })
  await t.rejects(add(`'x', 'x', config => '{"key_columns": "address"}'`), { code: 'PC400' })
  await t.rejects(add(`'x', 'x', config => '{"key_columns": ["adress"]}'`), {
    code: 'PC400',
    message: /adress/,
  })
  t.strictSame(await db.query(`select from sources where code = 'x'`), [], 'nothing of a refused one stays')
})

t.test('rows of a session lie in one partition', async (t) => {
  const db = await database(t)
  const leaves = (id: string) =>
    db.query(
      `select distinct tableoid::regclass::text as leaf from property_scrapes_staging where session_id = $1`,
      [id],
    )
  const large = await begin(db, ', expected_rows => 50000')
  await stage(db, large.id, [{ source_key: '1' }])
  await stage(db, large.id, [{ source_key: '2' }])
  t.equal(large.staging_bucket, -large.session_no)
  t.strictSame(await leaves(large.id), [{ leaf: `property_scrapes_staging_session_${large.session_no}` }])
  t.match(await finish(db, large.id), { staged_count: 2, unkeyed_count: 0 })

  const small = await begin(db, ', expected_rows => 49999')
  // Somebody who inserts by himself, before and after midnight, in a day that has a partition and in one that has not.
  await db.query(`select app_private.open_staging_partition(${small.staging_bucket - 1})`)
  for (const days of [0, 1, 2]) {
    await db.query(
      `insert into property_scrapes_staging (session_id, bucket, source_key)
       values ($1, $2::integer, ' key ' || $2::integer), ($1, $2::integer, '  ')`,
      [small.id, small.staging_bucket - days],
    )
  }
  t.equal((await leaves(small.id)).length, 3)
  t.match(await finish(db, small.id), { staged_count: 6, unkeyed_count: 3 })
  t.equal((await leaves(small.id)).length, 1)
  t.match(await staged(db, small.id), [{ source_key: `key ${small.staging_bucket}` }, {}, {}, {}, {}, {}])

  // What came before its partition lies in the default one, and moves.
  const early = await begin(db)
  await db.query(
    `insert into property_scrapes_staging (session_id, bucket, source_key) values ($1, 12345, 'early')`,
    [early.id],
  )
  t.strictSame(await leaves(early.id), [{ leaf: 'property_scrapes_staging_default' }])
  await db.query('select app_private.open_staging_partition(12345)')
  t.strictSame(await leaves(early.id), [{ leaf: 'property_scrapes_staging_20331019' }])
})

t.test('twenty sessions of one day that begin at once share its partition', async (t) => {
  const db = await database(t)
  const begun = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      db.pool.query<Session>(`select * from begin_session('csv', $1)`, [`session ${n}`]),
    ),
  )
  t.equal(new Set(begun.map(({ rows }) => rows[0]?.staging_bucket)).size, 1)
})

t.test('somebody who fills a session is heard of', async (t) => {
  const db = await database(t)
  const { id } = await begin(db)
  t.match(
    await db.query(`select * from heartbeat_session($1, 12, 600, '{"reason": "timeout", "page": 13}')`, [id]),
    [{ page_count: 12, item_count: 600, errors: [{ reason: 'timeout', page: 13 }] }],
  )
  t.match(await finish(db, id, ', is_complete => false'), {
    is_complete: false,
    item_count: 600,
    staged_count: 0,
  })
})

t.test('sessions are listed and looked into', async (t) => {
  const db = await database(t)
  const first = await begin(db)
  await stage(db, first.id, [{ source_key: '1' }])
  const second = await begin(db, ', insee_codes => array[$$44109$$], is_complete => true')
  t.match(await db.query('select * from list_sessions(1)'), [{ session_id: second.id, staged_count: 0 }])
  t.match(await db.query(`select * from list_sessions(source => 'csv')`), [
    { session_id: second.id },
    { session_id: first.id, source: 'csv', status: 'queued', staged_count: 1, new_count: null },
  ])
  t.strictSame(await db.query(`select * from list_sessions(source => 'dvf')`), [])
  await t.rejects(db.query('select list_sessions(0)'), { code: 'PC400' })
  await t.rejects(db.query(`select list_sessions(source => 'nobody')`), { code: 'PC404' })
  const [answer] = await db.query('select session_details($1) as details', [second.id])
  t.match(answer?.details, {
    source: 'csv',
    scope: { insee_codes: ['44109'], property_types: null, is_complete: true },
    sync: null,
    failures: [],
  })
  await t.rejects(db.query(`select session_details('00000000-0000-0000-0000-000000000000')`), {
    code: 'PC404',
  })
})

t.test('cleaning up takes what was decided long ago and nothing else', async (t) => {
  const db = await database(t)
  await t.rejects(db.query('select cleanup_old_data(0)'), { code: 'PC400' })
  await t.rejects(db.query('select cleanup_old_data(null)'), { code: 'PC400' })
  const made = async (status: string, days: number, more = '') => {
    const session = await begin(db, more)
    await stage(db, session.id, [{ source_key: '1' }])
    await finish(db, session.id)
    await db.query(
      `update scrape_sessions set status = $2, queued_at = now() - make_interval(days => $3),
         finished_at = now() - make_interval(days => $3) where id = $1`,
      [session.id, status, days],
    )
    await db.query(
      `insert into validation_failures (session_id, rule_id, rule_version, severity, failed_at)
       values ($1, 1, 1, 'error', now() - make_interval(days => $2))`,
      [session.id, days],
    )
    return session
  }
  const large = ', expected_rows => 100000'
  const old = await made('completed', 40, large)
  const held = await made('held', 40, large)
  const waiting = await made('queued', 40, large)
  const recent = await made('completed', 20, large)
  const today = await made('completed', 40)
  const inDefault = await made('cancelled', 40, large)
  await db.query('update property_scrapes_staging set bucket = 20000 where session_id = $1', [inDefault.id])
  await db.query(
    `insert into quarantined_rows (session_id, source_id, staged_id, staged_row, rule_ids)
     select id, source_id, 1, '{}', '{1}' from scrape_sessions where id = $1`,
    [old.id],
  )
  const silent = await begin(db)
  await db.query(`update scrape_sessions set heartbeat_at = now() - interval '25 hours' where id = $1`, [
    silent.id,
  ])
  const broken = await begin(db, `, parameters => '{"files": ["x.csv"]}'`)

  // Somebody reads staging: its partition is left for the next time, and he is not kept waiting.
  const [reader] = [await db.pool.connect()]
  await reader.query('begin')
  await reader.query('select count(*) from property_scrapes_staging')
  const [busy] = await db.query<{ done: Record<string, unknown> }>('select cleanup_old_data(30) as done')
  t.match(busy?.done, { partitions_dropped: [], rows_deleted: 1, failures_deleted: 3, sessions_given_up: 1 })
  t.strictSame(busy?.done.partitions_busy, [`session_${inDefault.session_no}`, `session_${old.session_no}`])
  await reader.query('commit')
  reader.release()

  const [done] = await db.query<{ done: Record<string, unknown> }>('select cleanup_old_data(30) as done')
  t.match(done?.done, { partitions_busy: [], rows_deleted: 0, failures_deleted: 0, sessions_given_up: 0 })
  t.match(done?.done.partitions_dropped, [/^session_/, /^session_/])
  const left = await db.query<{ session_id: string }>('select session_id from property_scrapes_staging')
  t.strictSame(
    left.map((row) => row.session_id).sort(),
    [held, waiting, recent, today].map((session) => session.id).sort(),
    'today shares a partition with sessions of today',
  )
  t.match(await db.query('select count(*)::integer as n from quarantined_rows'), [{ n: 1 }])
  t.match(await db.query('select count(*)::integer as n from scrape_sessions'), [{ n: 8 }])
  t.match(
    await db.query('select status, errors from scrape_sessions where id = any ($1)', [
      [silent.id, broken.id],
    ]),
    [
      { status: 'failed', errors: [{ reason: 'broken_off' }] },
      { status: 'failed', errors: [{ reason: 'broken_off' }] },
    ],
  )
})

t.test('an analyst operates; a visitor learns the names of sources', async (t) => {
  const db = await database(t)
  await asRole(db, 'app_analyst', {}, async (client) => {
    const { rows } = await client.query(`select id from app_public.begin_session('csv')`)
    await client.query(`select app_public.stage_properties($1, '[{"source_key": "1"}]')`, [rows[0].id])
    await client.query('select app_public.finish_session($1)', [rows[0].id])
    t.equal((await client.query('select * from app_public.prospect_queue')).rowCount, 1)
    t.equal((await client.query('select * from app_public.scrape_sessions')).rowCount, 1)
    t.equal((await client.query('select * from app_public.properties_current')).rowCount, 0)
  })
  await asRole(db, 'app_visitor', {}, async (client) => {
    const { rows } = await client.query('select code, name from app_public.sources order by code')
    t.equal(rows[0].code, 'csv')
  })
  for (const statement of [
    'select config from app_public.sources',
    'select * from app_public.scrape_sessions',
    'select * from app_public.property_scrapes_staging',
    'select * from app_public.staged_properties',
    'select * from app_public.prospect_queue',
    'select * from app_public.properties_current',
    `select app_public.begin_session('csv')`,
    'select app_public.list_sessions()',
  ]) {
    await t.rejects(
      asRole(db, 'app_visitor', {}, (client) => client.query(statement)),
      { code: '42501' },
      statement,
    )
  }
})

t.test('the prospect queue says what became of a staged row', async (t) => {
  const db = await database(t)
  const { id } = await begin(db)
  await stage(db, id, [
    { source_key: '1', property_url: 'https://example.org/1', price: '1 €', agent: 'X' },
    { a: 1 },
  ])
  t.match(await db.query('select * from prospect_queue order by id'), [
    {
      ...{ source: 'csv', source_id: '1', url: 'https://example.org/1', status: 'new' },
      payload: { price: '1 €', agent: 'X' },
    },
    { source_id: null, status: 'failed', payload: { a: 1 } },
  ])
  const statuses = async (status: string) => {
    await db.query('update scrape_sessions set status = $2 where id = $1', [id, status])
    return (await db.query('select status from prospect_queue order by id'))[0]?.status
  }
  t.equal(await statuses('held'), 'processing')
  t.equal(await statuses('undone'), 'failed')
  t.equal(await statuses('completed'), 'enriched')
  await db.query(
    `insert into staged_properties (bucket, session_id, staged_id, is_quarantined)
     select bucket, session_id, id, true from property_scrapes_staging where source_key = '1'`,
  )
  t.equal(await statuses('completed'), 'failed', 'in quarantine')
})
