import t from 'tap'
import { database } from '../lib/database.ts'
import { staged } from '../lib/intake.ts'
import { home, report } from '../lib/sessions.ts'
import { beginScrape, localSource } from '../tasks/scrape-lib.ts'
import { claim, done, end, listed, opened, plan, search, take, tell } from './scrape-steps.ts'

t.test('the database says what a scrape was', async (t) => {
  const db = await database(t)
  const failed = (id: number) => ({ id, status: 'failed', error: { reason: 'layout', detail: 'odd' } })
  // A page of results that leads to homes, which are taken in hand.
  const lead = async (id: string, token: number, parent: number, numbers: number[]) => {
    const homes = numbers.map((n) => listed(String(n), parent))
    await tell(db, id, token, [done(parent, { found: homes.length })], [], homes)
    return (await take(db, id, token)).items.map((item) => item.id)
  }
  const cases: [
    string,
    Record<string, unknown>,
    (id: string, token: number, items: number[]) => Promise<unknown>,
    unknown,
    object,
  ][] = [
    [
      'all was read',
      {},
      (id, token, [a]) => tell(db, id, token, [done(a ?? 0)]),
      null,
      { is_complete: true, errors: [] },
    ],
    [
      'an item failed',
      {},
      async (id, token, [a]) => {
        const [b, c] = await lead(id, token, a ?? 0, [1, 2])
        await tell(db, id, token, [done(b ?? 0, { staged: 1 }), failed(c ?? 0)], [home(1)])
      },
      null,
      {
        status: 'queued',
        is_complete: false,
        errors: [
          { reason: 'layout', count: 1, failed_count: 1, samples: [{ item: 'home:2', detail: 'odd' }] },
        ],
      },
    ],
    [
      'all items failed',
      {},
      (id, token, [a]) => tell(db, id, token, [failed(a ?? 0)]),
      null,
      {
        status: 'failed',
        is_complete: false,
        errors: [{ reason: 'layout' }, { reason: 'nothing_read', detail: /not be read: odd$/ }],
      },
    ],
    [
      'results were shown, and not one of the homes could be read',
      {},
      async (id, token, [a]) => {
        const items = await lead(id, token, a ?? 0, [1, 2])
        await tell(db, id, token, items.map(failed))
      },
      null,
      {
        status: 'failed',
        errors: [
          { reason: 'layout', failed_count: 2 },
          { reason: 'nothing_read', detail: /of the 2 pages/ },
        ],
      },
    ],
    [
      'robots.txt keeps us from all of it',
      {},
      (id, token, [a]) =>
        tell(db, id, token, [
          { id: a, status: 'skipped', error: { reason: 'robots', detail: 'keeps us away' } },
        ]),
      null,
      { status: 'failed', errors: [{ reason: 'robots', failed_count: undefined }, {}] },
    ],
    [
      'the source says that it has nothing',
      {},
      (id, token, [a]) => tell(db, id, token, [done(a ?? 0, { found: 0, announced: 0 })]),
      null,
      { status: 'queued', is_complete: true, errors: [] },
    ],
    [
      'it cannot be planned',
      {},
      async () => {},
      { reason: 'unavailable', detail: 'nobody answers' },
      { status: 'failed', is_complete: false, errors: [{ reason: 'unavailable', detail: 'nobody answers' }] },
    ],
    [
      'a cell held something back',
      {},
      (id, token, [a]) => tell(db, id, token, [done(a ?? 0, { coverage: 'capped' })]),
      null,
      { is_complete: false, errors: [{ reason: 'capped', count: 1 }] },
    ],
    [
      'fewer than announced',
      {},
      (id, token, [a]) => tell(db, id, token, [done(a ?? 0, { announced: 3 })]),
      null,
      { is_complete: false, errors: [{ reason: 'fewer_than_announced', count: 0, announced: 3 }] },
    ],
    [
      'the pages allowed were used up',
      {},
      async () => {},
      { reason: 'budget', detail: 'enough' },
      { status: 'queued', is_complete: false, errors: [{ reason: 'budget', count: 1 }] },
    ],
    [
      'a challenge',
      {},
      async () => {},
      { reason: 'challenge', detail: 'a page' },
      { status: 'held', is_complete: false, held_reasons: [{ reason: 'blocked' }] },
    ],
    ['a login wall', {}, async () => {}, { reason: 'login', detail: 'a page' }, { status: 'held' }],
    [
      'first pages only',
      { tier: 'first_pages' },
      (id, token, [a]) => tell(db, id, token, [done(a ?? 0)]),
      null,
      { is_complete: false },
    ],
    [
      'from one page on',
      { url: 'http://127.0.0.1:1/x' },
      (id, token, [a]) => tell(db, id, token, [done(a ?? 0)]),
      null,
      { is_complete: false },
    ],
  ]
  await localSource(db, 'portal', 'portal', 'http://127.0.0.1:1', {})
  for (const [what, parameters, act, stopped, expected] of cases) {
    const id = await beginScrape(db, 'portal', parameters)
    const { token } = await claim(db, id)
    await plan(db, id, token, [search(1)])
    const { items } = await take(db, id, token)
    await act(
      id,
      token,
      items.map((item) => item.id),
    )
    t.match(await end(db, id, token, stopped), expected, what)
  }
  const jobs = await db.query('select status, items_failed from scraping_jobs order by started_at')
  t.strictSame(
    jobs.map((job) => `${job.status} ${job.items_failed}`),
    [
      ...['success 0', 'success 1', 'failed 1', 'failed 2', 'failed 0', 'success 0', 'failed 0'],
      ...['success 0', 'success 0', 'success 0', 'held 0', 'held 0', 'success 0', 'success 0'],
    ],
    'pages that were never asked for, or held back, are none that failed',
  )
  const find = (wanted: string) => db.query(`select status, source from find_scraping_jobs(${wanted})`)
  t.equal((await find('')).length, 14)
  t.strictSame([...new Set((await find(`'failed'`)).map(({ status }) => status))], ['failed'])
  t.equal((await find(`'held', dag_id => 'scrape'`)).length, 2)
  t.equal((await find(`source => 'csv', status => 'running'`)).length, 0)
  await t.rejects(find(`'done'`), { code: 'PC400', message: /got done/ })
  await t.rejects(find(`source => 'nobody'`), { code: 'PC404' })
  await t.rejects(
    db.query(
      `select app_public.sync_session(s.id) from scrape_sessions as s where s.status = 'failed' limit 1`,
    ),
    { code: 'PC409' },
    'what has failed is never applied',
  )
})

t.test('an item that waits keeps a scrape from ending; one home is staged once', async (t) => {
  const db = await database(t)
  const { id, token } = await opened(db, [search(1)])
  await t.rejects(end(db, id, token), { code: 'PC409' })
  const [item] = (await take(db, id, token)).items
  await tell(
    db,
    id,
    token,
    [done(item?.id ?? 0, { staged: 3 })],
    [home(1), home(2), { ...home(1), price: '1' }],
  )
  t.match(await end(db, id, token), {
    is_complete: true,
    staged_count: 2,
    errors: [{ reason: 'repeated_row', count: 1 }],
  })
  t.match(
    await staged(db, id),
    [{ source_key: 'home-2' }, { source_key: 'home-1', price: '1' }],
    'the last one holds',
  )
  t.match(await db.query('select items_scraped, items_failed from scraping_jobs'), [
    { items_scraped: 2, items_failed: 0 },
  ])
})

t.test('a manifest checks what no page showed, and stages what it saw as it was', async (t) => {
  const db = await database(t)
  await localSource(db, 'portal', 'portal', 'http://127.0.0.1:1', {})
  await report(db, 'portal', [home(1), home(2), home(3)])
  const known = await db.query(`select * from app_private.known_homes('portal', '{home-1,home-9}')`)
  t.match(known, [{ source_key: 'home-1', is_kept: true, read_at: Date }])
  t.equal(known.length, 1)
  const id = await beginScrape(db, 'portal', { tier: 'manifest' })
  const { token } = await claim(db, id)
  await plan(db, id, token, [search(1)])
  const [page] = (await take(db, id, token)).items
  const parent = page?.id ?? 0
  await tell(
    db,
    id,
    token,
    [done(parent)],
    [],
    [listed('home-1', parent, { isSettled: true }), listed('home-2', parent, { isSettled: true })],
  )
  const checks = () => db.query('select app_private.plan_scrape_checks($1, $2) as n', [id, token])
  t.match(await checks(), [{ n: 1 }])
  t.match(await checks(), [{ n: 0 }], 'once')
  const [check] = (await take(db, id, token)).items
  t.match(check, { key: 'check:home-3', params: { source_key: 'home-3', url: home(3).property_url } })
  await tell(db, id, token, [done(check?.id ?? 0, { found: 0 })])
  t.match(await end(db, id, token), { is_complete: true, staged_count: 2 })
  const [synced] = await db.query('select * from app_public.sync_session($1)', [id])
  t.match(synced, { unchanged_count: 2, updated_count: 0, likely_removed_count: 1 })
  t.match(await db.query('select * from app_private.sample_homes($1, 2)', [id]), [
    { property_url: /^https/ },
    {},
  ])
})

t.test('due scrapes are those that a tier and the sources say', async (t) => {
  const db = await database(t)
  await localSource(db, 'portal', 'portal', 'http://127.0.0.1:1', {})
  await localSource(db, 'cities', 'portal', 'http://127.0.0.1:1', {
    insee_codes: ['44109', '35238'],
    tiers: ['changes'],
  })
  await localSource(db, 'feed', 'feed', 'http://127.0.0.1:1', {})
  await localSource(db, 'map', 'explorer', 'http://127.0.0.1:1', { insee_codes: ['49007'] })
  await localSource(db, 'paused', 'portal', 'http://127.0.0.1:1', {})
  await db.query(`select app_public.pause_source('paused')`)
  const start = async (tier: string) =>
    (await db.query('select app_private.start_due_scrapes($1) as n', [tier]))[0]?.n as number
  const begun = async () =>
    (
      await db.query(
        `select o.code, s.parameters ->> 'insee_code' as insee, s.parameters ->> 'tier' as tier
         from scrape_sessions as s join sources as o on o.id = s.source_id order by o.code, insee`,
      )
    ).map(({ code, insee, tier }) => [code, insee, tier].join(' '))
  t.equal(await start('changes'), 4)
  t.strictSame(await begun(), [
    'cities 35238 changes',
    'cities 44109 changes',
    'feed  full',
    'portal  changes',
  ])
  t.equal(await start('changes'), 0, 'what is being scraped is left alone')
  t.equal(await start('manifest'), 1)
  t.ok((await begun()).includes('map 49007 full'))
  t.equal((await db.query('select from graphile_worker.jobs')).length, 5)
  await db.query(`select app_private.enqueue_start_due_scrapes('sample')`)
})

t.test('figures of the intake add up; what has served its purpose goes', async (t) => {
  const db = await database(t)
  await localSource(db, 'portal', 'portal', 'http://127.0.0.1:1', {})
  await report(db, 'portal', [home(1), home(2)])
  const { id, token } = await (async () => {
    const id = await beginScrape(db, 'portal')
    return { id, token: (await claim(db, id)).token }
  })()
  await plan(db, id, token, [search(1)])
  t.match(await db.query('select * from scraping_stats()'), [
    {
      ...{
        jobs_total: '2',
        jobs_running: '1',
        jobs_successful: '1',
        jobs_failed: '0',
        success_rate: '1.0000',
      },
      ...{ prospects_total: '2', prospects_new: '0', prospects_processed: '2', processing_rate: '1.0000' },
    },
  ])
  await db.query('select app_public.cancel_session($1)', [id])
  t.match(await db.query(`select app_private.prune_scraping(now() + interval '1 minute') as gone`), [
    { gone: { items_deleted: 1, responses_deleted: 0 } },
  ])
})
