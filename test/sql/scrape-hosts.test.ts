import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { database, type TestDatabase } from '../lib/database.ts'
import { localSource } from '../tasks/scrape-lib.ts'

type State = {
  now: number
  resumes: number | null
  probe: number | null
  is_probing: boolean
  failures: number
  interval: number | null
  slots: number[]
  is_probe: boolean
  robots: { status: number; text: string | null } | null
}

const one = async (db: TestDatabase, call: string, values: unknown[] = []): Promise<State> =>
  ((await db.query<{ answer: State }>(`select ${call} as answer`, values))[0] as { answer: State }).answer
const see = (db: TestDatabase, host: string, asked: number | null = null) =>
  one(db, 'app_private.see_request_host($1, $2)', [host, asked])
const take = (db: TestDatabase, host: string, count: number, asked: number | null = null) =>
  one(db, 'app_private.take_request_slots($1, $2, $3)', [host, count, asked])
const tell = (db: TestDatabase, host: string, outcome: string, rest: number | null = null, isProbe = false) =>
  one(db, 'app_private.tell_request_host($1, $2, $3, $4, 0.2)', [host, outcome, rest, isProbe])

t.test('the rate of a host is that of the most patient who asks it', async (t) => {
  const db = await database(t)
  const interval = async (asked: number | null) => (await see(db, '127.0.0.1:9', asked)).interval
  t.equal(await interval(null), null)
  t.equal(await interval(0.5), 0.5)
  await localSource(db, 'fast', 'portal', 'http://127.0.0.1:9/x', { requests_per_second: 10 })
  t.equal(await interval(null), 0.1)
  await localSource(db, 'free', 'portal', 'http://127.0.0.1:9', { requests_per_second: null })
  t.equal(await interval(null), 0.1, 'a local source may do without a rate, which makes no other faster')
  await db.query(`select app_public.add_source('usual', 'usual', 'portal', 'http://127.0.0.1:9')`)
  t.equal(await interval(0.2), 1, 'once a second unless told')
  await db.query(`select app_private.keep_robots('127.0.0.1:9', 200, 'Crawl-delay: 3', 3, 60)`)
  const seen = await see(db, '127.0.0.1:9')
  t.match(seen, { interval: 3, robots: { status: 200, text: 'Crawl-delay: 3' } })
  t.equal(
    (await db.query(`select app_private.source_host('https://Example.org:443/a?b') as h`))[0]?.h,
    'example.org',
  )
})

t.test('slots never come closer than the rate allows, whoever takes them', async (t) => {
  const db = await database(t)
  await see(db, 'a.fr')
  const taken = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const { rows } = await db.pool.query(`select app_private.take_request_slots('a.fr', 3, 0.05) as answer`)
      return (rows[0].answer as State).slots
    }),
  )
  const slots = taken.flat().sort((a, b) => a - b)
  t.equal(slots.length, 24)
  for (let i = 1; i < slots.length; i++) {
    const apart = (slots[i] as number) - (slots[i - 1] as number)
    t.ok(apart > 54.9, `${apart} ms apart, ${i}`)
  }
  t.equal((await take(db, 'a.fr', 100, 0.05)).slots.length, 9, 'half a second ahead at most')
  t.equal((await take(db, 'a.fr', 5, 20)).slots.length, 1)
  await t.rejects(take(db, 'nobody.fr', 1), { code: 'PC500' })
})

t.test('a rest is kept by all, and the longest holds', async (t) => {
  const db = await database(t)
  await see(db, 'a.fr')
  const { now, resumes } = await tell(db, 'a.fr', 'rest', 30)
  t.ok((resumes ?? 0) - now >= 30_000)
  await tell(db, 'a.fr', 'rest', 1)
  t.match(await take(db, 'a.fr', 3), { resumes, slots: [] })
  await db.query(`update app_private.request_hosts set resumes_at = now() - interval '1 second'`)
  t.equal((await tell(db, 'a.fr', 'fine')).resumes, null)
  const first = await tell(db, 'a.fr', 'rest')
  t.ok((first.resumes ?? 0) - first.now > 4900)
  const second = await tell(db, 'a.fr', 'rest')
  t.ok((second.resumes ?? 0) - second.now > 9900, 'twice as long where the host does not say')
})

t.test('five failures open the circuit, one probe tries, any answer closes it', async (t) => {
  const db = await database(t)
  await see(db, 'a.fr')
  for (let n = 1; n <= 4; n++) t.equal((await tell(db, 'a.fr', 'failed')).probe, null)
  const opened = await tell(db, 'a.fr', 'failed')
  t.ok(opened.probe !== null && opened.probe > opened.now)
  t.strictSame((await take(db, 'a.fr', 3)).slots, [])
  await sleep(250)
  const probe = await take(db, 'a.fr', 3)
  t.match(probe, { is_probe: true, slots: { length: 1 } })
  t.match(await take(db, 'a.fr', 3), { slots: [], is_probing: true }, 'nobody else')
  const again = await tell(db, 'a.fr', 'failed', null, true)
  t.ok((again.probe ?? 0) - again.now > 350, 'a probe that fails doubles the wait')
  t.match(await tell(db, 'a.fr', 'fine', null, true), { probe: null, failures: 0 })
  t.equal((await take(db, 'a.fr', 3)).slots.length, 3)
  t.match(await one(db, `app_private.look_at_request_host('a.fr')`), { failures: 0, probe: null })
})

t.test('answers are kept, renewed and forgotten', async (t) => {
  const db = await database(t)
  const keep = (answers: unknown[]) =>
    db.query('select app_private.keep_responses($1) as n', [JSON.stringify(answers)])
  const answer = {
    url: 'http://a.fr/1',
    policy: { v: 1 },
    body: 'one',
    etag: '"1"',
    freshSeconds: 0,
    keepSeconds: 60,
  }
  t.match(await keep([answer, { ...answer, url: 'http://a.fr/2' }]), [{ n: 2 }])
  const { body: _, ...renewed } = { ...answer, policy: { v: 2 }, freshSeconds: 60 }
  await keep([renewed])
  t.match(await db.query(`select * from app_private.cached_responses('{http://a.fr/1,http://a.fr/9}')`), [
    { url: 'http://a.fr/1', policy: { v: 2 }, body: 'one', is_fresh: true },
  ])
  await db.query(`update app_private.http_responses set kept_at = now() - interval '1 second'`)
  t.strictSame(await db.query(`select * from app_private.cached_responses('{http://a.fr/1}')`), [])
})
