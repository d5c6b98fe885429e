import t from 'tap'
import { database } from '../lib/database.ts'
import { begin, finish, type Session, stage, staged } from '../lib/intake.ts'
import { asRole } from '../lib/role.ts'

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
  await t.rejects(add(`'x', 'x', base_url => 'portal.example'`), {
    code: 'PC400',
    message: /portal\.example/,
  })
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

t.test('a source is changed as it was added, and what it was is kept', async (t) => {
  const db = await database(t)
  await db.query(
    `select add_source('my-portal', 'My portal', 'portal', 'https://portal.example', '{"a": null}')`,
  )
  const update = (rest: string) => db.query(`select * from update_source('my-portal'${rest})`)
  t.match(
    await update(`, name => ' Our portal ', base_url => '', config => '{"key_columns": ["address"], "b": null}',
      reliability => 0.8, removed_after => 5, removal_grace => '3 days', is_enabled => false`),
    [
      {
        name: 'Our portal',
        kind: 'portal',
        base_url: null,
        is_enabled: false,
        reliability: 0.8,
        removed_after: 5,
      },
    ],
  )
  await update(`, reliability => 0.8`)
  const actions = () =>
    db.query(`select details from admin_actions where action = 'update_source' and target = 'my-portal'`)
  t.strictSame(await actions(), [
    {
      details: {
        name: { from: 'My portal', to: 'Our portal' },
        base_url: { from: 'https://portal.example', to: null },
        config: { from: { a: null }, to: { key_columns: ['address'], b: null } },
        is_enabled: { from: true, to: false },
        reliability: { from: 0.9, to: 0.8 },
        removed_after: { from: 3, to: 5 },
        removal_grace: { from: '48:00:00', to: '3 days' },
      },
    },
  ])
  for (const [rest, code] of [
    [`, name => ' '`, 'PC400'],
    [`, base_url => 'ftp://portal.example'`, 'PC400'],
    [`, config => '[]'`, 'PC400'],
    [`, config => '{"key_columns": ["adress"]}'`, 'PC400'],
    [`, reliability => 1.5`, 'PC400'],
    [`, removed_after => 0`, 'PC400'],
    [`, removed_after => 100000`, 'PC400'],
    [`, kind => 'register'`, 'PC422'],
  ] as const)
    await t.rejects(update(rest), { code }, rest)
  await t.rejects(db.query(`select update_source('nobody', name => 'x')`), { code: 'PC404' })
  await t.rejects(db.query(`select update_source('dvf', kind => 'feed')`), { code: 'PC422' })
  for (const changes of ['[]', '{"code": "x"}', '{"reliability": "much"}', '{"judged_from": null}'])
    await t.rejects(db.query(`select app_private.change_source('my-portal', $1)`, [changes]), {
      code: 'PC400',
    })
  t.equal((await actions()).length, 1, 'nothing of a refused change stays')

  await update(`, base_url => 'https://portal.example', is_enabled => true`)
  const [scrape] = await db.query<{ id: string }>(`select id from app_private.begin_scrape('my-portal')`)
  await t.rejects(update(`, kind => 'sitemap'`), { code: 'PC409' })
  await db.query('select cancel_session($1)', [scrape?.id])
  t.match(await update(`, kind => 'sitemap'`), [{ kind: 'sitemap' }])
})

t.test('where a local source is reached only the owner says', async (t) => {
  const db = await database(t)
  await db.query(`select add_source('near', 'Near', 'portal', 'http://127.0.0.1:9')`)
  const update = (rest: string) =>
    asRole(db, 'app_analyst', {}, (client) =>
      client.query(`select * from app_public.update_source('near'${rest})`),
    )
  t.match((await update(`, base_url => 'http://10.0.0.1'`)).rows, [{ base_url: 'http://10.0.0.1' }])
  await db.query(`select app_private.set_source_local('near', true)`)
  for (const rest of [
    `, base_url => 'http://10.0.0.1'`,
    `, config => '{"search": {"url": "http://10.0.0.1"}}'`,
  ])
    await t.rejects(update(rest), { code: 'PC403' }, rest)
  t.match((await update(`, reliability => 0.5`)).rows, [{ reliability: 0.5 }])
  t.match(
    await db.query(`select * from app_private.change_source('near', '{"base_url": "http://10.0.0.1"}')`),
    [{ base_url: 'http://10.0.0.1' }],
  )
})
