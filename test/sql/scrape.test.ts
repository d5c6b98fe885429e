import t from 'tap'
import { database } from '../lib/database.ts'
import { staged } from '../lib/intake.ts'
import { asRole } from '../lib/role.ts'
import { home } from '../lib/sessions.ts'
import { beginScrape, localSource } from '../tasks/scrape-lib.ts'
import { claim, done, end, listed, opened, plan, search, take, tell } from './scrape-steps.ts'

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
      t.match((await client.query(start('{"url": "http://127.0.0.1:1/page"}'))).rows, [{ status: 'queued' }])
    })
    for (const parameters of ['{"file": "/etc/passwd"}', '{"url": "http://10.0.0.1/"}']) {
      await asRole(db, 'app_analyst', {}, (client) =>
        t.rejects(client.query(start(parameters)), { code: 'PC403' }, parameters),
      )
      const [run] = await db.query<{ error: string }>(
        `select error from trigger_pipeline('scrape_listings', $1::jsonb || '{"source": "portal"}')`,
        [parameters],
      )
      t.match(run?.error, /not for this way in|no page of source portal/, 'nor by way of a pipeline')
    }
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
  await db.query('select app_public.cancel_session($1)', [id])
  t.not(await beginScrape(db, 'portal', { task_id: 7 }), id, 'unless that one is over')
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
