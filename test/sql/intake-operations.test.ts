import t from 'tap'
import { database } from '../lib/database.ts'
import { begin, finish, stage } from '../lib/intake.ts'
import { asRole } from '../lib/role.ts'

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
  await db.query(`update scrape_sessions set applied_at = now() - interval '1 minute' where id = $1`, [id])
  t.equal(await statuses('completed'), 'enriched')
  const score = (status: string, finished: string) =>
    db.query(
      `insert into pipeline_runs (pipeline, status, triggered_by, finished_at)
       values ('score_master', $1, 'test', now() + $2::interval)`,
      [status, finished],
    )
  await score('succeeded', '-2 minutes')
  await score('failed', '0')
  t.equal(await statuses('completed'), 'enriched', 'scored before, and a failed run')
  await score('succeeded', '0')
  t.equal(await statuses('completed'), 'scored')
  await db.query(
    `insert into staged_properties (bucket, session_id, staged_id, is_quarantined)
     select bucket, session_id, id, true from property_scrapes_staging where source_key = '1'`,
  )
  t.equal(await statuses('completed'), 'failed', 'in quarantine')
})
