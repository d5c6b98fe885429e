import t from 'tap'
import { database, type TestDatabase } from '../lib/database.ts'
import { staged } from '../lib/intake.ts'
import { asRole } from '../lib/role.ts'
import { home, report } from '../lib/sessions.ts'
import { beginScrape, localSource } from '../tasks/scrape-lib.ts'

type Claim = { token: number; is_planned: boolean; city: { inseeCode: string } | null }
type Taken = { items: { id: number; key: string; attempt: number }[]; wait_seconds: number | null }

const claim = async (db: TestDatabase, id: string, holder = 'one', seconds = 15): Promise<Claim> => {
  const text = 'select app_private.claim_scrape($1, $2, $3) as claim'
  return ((await db.query<{ claim: Claim }>(text, [id, holder, seconds]))[0] as { claim: Claim }).claim
}
const plan = (db: TestDatabase, id: string, token: number, items: unknown) =>
  db.query('select app_private.plan_scrape($1, $2, $3)', [id, token, JSON.stringify(items)])
const take = async (db: TestDatabase, id: string, token: number, wanted = 100): Promise<Taken> => {
  const text = 'select app_private.take_scrape_items($1, $2, $3) as taken'
  return ((await db.query<{ taken: Taken }>(text, [id, token, wanted]))[0] as { taken: Taken }).taken
}
const tell = (
  db: TestDatabase,
  id: string,
  token: number,
  results: unknown,
  rows: unknown = [],
  items: unknown = [],
) =>
  db.query('select * from app_private.finish_scrape_items($1, $2, $3, $4, $5)', [
    id,
    token,
    ...[results, rows, items].map((value) => JSON.stringify(value)),
  ])
const end = async (db: TestDatabase, id: string, token: number, stopped: unknown = null) =>
  (
    await db.query('select * from app_private.end_scrape($1, $2, $3)', [
      id,
      token,
      stopped === null ? null : JSON.stringify(stopped),
    ])
  )[0] as {
    status: string
    is_complete: boolean
    errors: { reason: string; count?: number }[]
    held_reasons: unknown
  }

const search = (n: number) => ({
  key: `search:${n}`,
  kind: 'search',
  params: { url: `http://127.0.0.1/${n}`, chain: 'all' },
})
const listed = (key: string, parentId: number, more = {}) => ({
  ...{
    key: `home:${key}`,
    kind: 'home',
    params: { url: `http://127.0.0.1/${key}`, source_key: key },
    parentId,
  },
  ...more,
})
const done = (id: number, more = {}) => ({
  id,
  status: 'done',
  requests: 1,
  found: 1,
  coverage: 'whole',
  ...more,
})

async function opened(db: TestDatabase, items: unknown[], parameters: Record<string, unknown> = {}) {
  await localSource(db, 'portal', 'portal', 'http://127.0.0.1:1', {})
  const id = await beginScrape(db, 'portal', parameters)
  const { token } = await claim(db, id)
  await plan(db, id, token, items)
  return { id, token }
}

t.test('what is asked for is checked and brought into one form', async (t) => {
  const db = await database(t)
  const read = async (parameters: unknown) =>
    (
      await db.query<{ asked: unknown }>('select app_private.read_scrape_parameters($1) as asked', [
        JSON.stringify(parameters),
      ])
    )[0]?.asked
  t.strictSame(
    await read({ city: 'Nantes', types: ['house', 'apartment'], from: '01/2023', to: 'décembre 2023' }),
    {
      ...{
        insee_code: '44109',
        types: ['house', 'flat'],
        from: '2023-01',
        to: '2023-12',
        tier: 'full',
        sync: true,
      },
    },
  )
  t.strictSame(await read({ max_pages: 5, sync: false, tier: 'changes' }), {
    max_pages: 5,
    sync: false,
    tier: 'changes',
  })
  for (const [parameters, code] of [
    [{ colour: 'red' }, 'PC400'],
    [[1], 'PC400'],
    [{ types: ['castle in the air'] }, 'PC400'],
    [{ types: 'house' }, 'PC400'],
    [{ from: 'soon' }, 'PC400'],
    [{ from: '2024-02', to: '2024-01' }, 'PC400'],
    [{ max_pages: 0 }, 'PC400'],
    [{ tier: 'half' }, 'PC400'],
    [{ url: 'file:///etc/passwd' }, 'PC400'],
    [{ postal_code: '44000' }, 'PC400'],
    [{ city: 'Nowhereville' }, 'PC404'],
    [{ insee_code: '99999' }, 'PC404'],
  ] as const) {
    await t.rejects(read(parameters), { code }, JSON.stringify(parameters))
  }
})

t.test(
  'only sources that can be reached are scraped, by whoever may operate, and files by the owner alone',
  async (t) => {
    const db = await database(t)
    await t.rejects(beginScrape(db, 'nobody'), { code: 'PC404' })
    await t.rejects(beginScrape(db, 'dvf'), { code: 'PC422' }, 'a register is not scraped')
    await t.rejects(beginScrape(db, 'csv'), { code: 'PC422' }, 'no address and no file')
    await t.rejects(beginScrape(db, 'immodata'), { code: 'PC409' }, 'disabled')
    await localSource(db, 'portal', 'portal', 'http://127.0.0.1:1', {})
    const start = (parameters: string) =>
      `select status from app_public.start_scrape('portal', '${parameters}')`
    await asRole(db, 'app_analyst', {}, async (client) => {
      t.match((await client.query(start('{"insee_code": "44109"}'))).rows, [{ status: 'queued' }])
      await t.rejects(client.query(start('{"file": "/etc/passwd"}')), { code: 'PC403' })
    })
    await asRole(db, 'app_visitor', {}, (client) => t.rejects(client.query(start('{}')), { code: '42501' }))
    await db.query(start('{}'))
    t.match(await db.query('select task_identifier, key from graphile_worker.jobs'), [
      { task_identifier: 'scrape' },
    ])
  },
)

t.test('a task that is tried again goes on with the session that it began', async (t) => {
  const db = await database(t)
  await localSource(db, 'portal', 'portal', 'http://127.0.0.1:1', {})
  const id = await beginScrape(db, 'portal', { task_id: 7 })
  t.equal(await beginScrape(db, 'portal', { task_id: 7 }), id)
  t.not(await beginScrape(db, 'portal', { task_id: 8 }), id)
})

t.test('one worker has a scrape in hand; an old token is refused at every write', async (t) => {
  const db = await database(t)
  const { id, token } = await opened(db, [search(1), search(2)])
  await t.rejects(claim(db, id, 'two'), { code: 'PC409' })
  const mine = await take(db, id, token)
  t.equal(mine.items.length, 2)
  const next = await claim(db, id, 'two', 0)
  t.ok(next.token > token && next.is_planned)
  for (const [what, call] of [
    ['plan', () => plan(db, id, token, [])],
    ['take', () => take(db, id, token)],
    ['finish', () => tell(db, id, token, [done(mine.items[0]?.id ?? 0)], [{ source_key: 'a' }])],
    ['renew', () => db.query('select app_private.renew_scrape($1, $2)', [id, token])],
    ['checks', () => db.query('select app_private.plan_scrape_checks($1, $2)', [id, token])],
    ['end', () => end(db, id, token)],
  ] as const) {
    await t.rejects(async () => void (await call()), { code: 'PC409' }, what)
  }
  t.strictSame(await staged(db, id), [], 'nothing of it has happened')
  await db.query('select app_private.release_scrape($1, $2)', [id, token])
  const again = await take(db, id, next.token)
  t.strictSame(
    again.items.map(({ attempt }) => attempt),
    [2, 2],
    'what the other had in hand waits again',
  )
  await db.query('select app_private.release_scrape($1, $2)', [id, next.token])
  const third = await claim(db, id, 'three')
  t.strictSame(
    (await take(db, id, third.token)).items.map(({ attempt }) => attempt),
    [2, 2],
    'what was laid down counts as not begun',
  )
})

t.test('rows are staged exactly when their items are done, and once', async (t) => {
  const db = await database(t)
  const { id, token } = await opened(db, [search(1)])
  const [item] = (await take(db, id, token)).items
  const number = item?.id ?? 0
  await tell(db, id, token, [done(number, { staged: 2 })], [home(1), { ...home(2), payload: { a: 1 } }])
  t.match(await staged(db, id), [
    { source_key: 'home-1', payload: null },
    { source_key: 'home-2', payload: { a: 1 } },
  ])
  await t.rejects(tell(db, id, token, [done(number, { staged: 1 })], [home(3)]), { code: 'PC409' })
  t.equal((await staged(db, id)).length, 2)
  await db.query('select app_public.cancel_session($1)', [id])
  await t.rejects(db.query('select app_private.renew_scrape($1, $2)', [id, token]), { code: 'PC409' })
})

t.test('rows that speak of no key get one made, as staged ones do', async (t) => {
  const db = await database(t)
  const { id, token } = await opened(db, [search(1)])
  const [item] = (await take(db, id, token)).items
  await tell(
    db,
    id,
    token,
    [done(item?.id ?? 0)],
    [{ property_url: 'https://a.fr/1?utm_source=x' }, { property_url: 'https://a.fr/2', source_key: null }],
  )
  t.match(await staged(db, id), [{ source_key: 'https://a.fr/1' }, { source_key: null }])
})

t.test('an item that failed for a moment waits; what is due first is handed out first', async (t) => {
  const db = await database(t)
  const { id, token } = await opened(db, [{ ...search(1), priority: 5 }, search(2)])
  const first = await take(db, id, token, 1)
  t.match(first.items, [{ key: 'search:2', attempt: 1 }])
  const error = { reason: 'unavailable', detail: 'broke off' }
  await tell(db, id, token, [
    { id: first.items[0]?.id, status: 'waiting', requests: 1, error, retrySeconds: 60 },
  ])
  t.match((await take(db, id, token)).items, [{ key: 'search:1' }])
  const none = await take(db, id, token)
  t.strictSame(none.items, [])
  t.ok(none.wait_seconds !== null && none.wait_seconds > 50 && none.wait_seconds <= 60)
  await db.query(`update app_public.scrape_items set retry_at = now() where status = 'waiting'`)
  t.match((await take(db, id, token)).items, [{ key: 'search:2', attempt: 2 }])
})

t.test('a next page is kept only when the page before it brought homes that no page had shown', async (t) => {
  const db = await database(t)
  const { id, token } = await opened(db, [search(1)])
  const next = (n: number, parentId: number) => ({ ...search(n), parentId, needsNew: true })
  const [one] = (await take(db, id, token)).items
  const a = one?.id ?? 0
  await tell(db, id, token, [done(a)], [], [listed('x', a), listed('y', a, { isSettled: true }), next(2, a)])
  const taken = (await take(db, id, token)).items
  t.strictSame(
    taken.map(({ key }) => key),
    ['home:x', 'search:2'],
  )
  const b = taken[1]?.id ?? 0
  await tell(db, id, token, [done(b)], [], [listed('x', b), listed('y', b), next(3, b)])
  t.strictSame((await take(db, id, token)).items, [], 'the same again leads nowhere')
  await tell(db, id, token, [done(taken[0]?.id ?? 0, { staged: 1 })], [{ source_key: 'x' }])
  const ended = await end(db, id, token)
  t.match(ended, { is_complete: false, errors: [{ reason: 'repeated_page', count: 1 }] })
})

t.test('the database says what a scrape was', async (t) => {
  const db = await database(t)
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
      (id, token, [a]) =>
        tell(db, id, token, [{ id: a, status: 'failed', error: { reason: 'layout', detail: 'odd' } }]),
      null,
      {
        is_complete: false,
        errors: [{ reason: 'layout', count: 1, samples: [{ item: 'search:1', detail: 'odd' }] }],
      },
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
