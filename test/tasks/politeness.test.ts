import t from 'tap'
import { startPortal } from '../../seeds/world/sites/portal.ts'
import { portalSettings } from '../../seeds/world/sites/settings.ts'
import { database } from '../lib/database.ts'
import { long } from '../lib/long.ts'
import {
  addLocalSource,
  brokenRests,
  busiest,
  sessionEnd,
  startScrape,
  startWorkerProcess,
} from './sites-lib.ts'

// What the server's own log says of four workers in two processes that read one host for several sources at once: it is
// the only witness that counts.

t.setTimeout(300_000)

const rate = 40
// A request that was sent before another one's refusal was known.
const onTheirWay = 100

t.test('four workers on two processes never ask a host more than it wants', async (t) => {
  const db = await database(t)
  const portal = await startPortal({
    seed: 'polite',
    homes: long ? 1500 : 400,
    least: 30,
    quirks: { privateHomes: 5 },
    faults: [
      { kind: 'too_many', share: 0.01, retryAfter: 2 },
      { kind: 'error', status: 503, share: 0.005, retryAfter: 1 },
      { kind: 'error', share: 0.01 },
    ],
  })
  t.teardown(() => portal.close())
  const { cities } = portal.truth()
  const settings = portalSettings({ requests_per_second: rate, backoff_seconds: 0.5 })
  const sources = ['one', 'two', 'three', 'four']
  for (const code of sources) {
    await addLocalSource(db, { code, kind: 'portal', url: portal.url, config: settings })
  }
  const sessions: string[] = []
  for (const [index, code] of sources.entries()) {
    const city = cities[index % cities.length]
    sessions.push(await startScrape(db, code, { insee_code: city?.inseeCode, sync: false }))
  }
  const env = { DATABASE_URL: db.url, WORKER_CONCURRENCY: '2' }
  const workers = await Promise.all([startWorkerProcess(t, env), startWorkerProcess(t, env)])
  for (const id of sessions) {
    const ended = await sessionEnd(db, id, 240, 'filled')
    t.ok((ended.staged_count ?? 0) > 20, `${ended.staged_count} rows`)
  }
  await Promise.all(workers.map((worker) => worker.stop()))

  const requests = portal.requests()
  t.ok(requests.length > 150, `${requests.length} requests`)
  t.ok(
    busiest(requests, 1000) <= rate,
    `${busiest(requests, 1000)} requests in the busiest second, of ${rate}`,
  )
  t.ok(
    busiest(requests, 1000) > rate * 0.6,
    'and the rate is made use of, so that the test would notice a higher one',
  )
  t.same(
    requests.filter(({ path }) => path.startsWith('/prive/') || path.includes('tri=')),
    [],
    'robots.txt is never broken',
  )
  const rests = requests.filter(({ retryAfter }) => retryAfter !== undefined)
  t.ok(rests.length >= 3, `${rests.length} rests were asked for`)
  t.same(brokenRests(requests, onTheirWay), [], 'and every one was kept')
  t.ok(requests.filter(({ path }) => path === '/robots.txt').length <= 4, 'robots.txt is read once, or about')
  const agents = new Set(requests.map(({ userAgent }) => userAgent))
  t.equal(agents.size, 1)
  t.match([...agents][0], /^Parcelle/, 'under an honest name')
})

t.test('a Crawl-delay is kept by all of them together', async (t) => {
  const db = await database(t)
  const portal = await startPortal({ seed: 'slow', homes: 200, crawlDelay: 1 })
  const city = portal.truth().cities[0]?.inseeCode
  t.teardown(() => portal.close())
  const sessions: string[] = []
  for (const code of ['one', 'two']) {
    await addLocalSource(db, { code, kind: 'portal', url: portal.url, config: portalSettings() })
    sessions.push(await startScrape(db, code, { insee_code: city, max_pages: 3, sync: false }))
  }
  const env = { DATABASE_URL: db.url, WORKER_CONCURRENCY: '1' }
  const workers = await Promise.all([startWorkerProcess(t, env), startWorkerProcess(t, env)])
  for (const id of sessions) await sessionEnd(db, id, 60, 'filled')
  await Promise.all(workers.map((worker) => worker.stop()))
  const times = portal
    .requests()
    .filter(({ path }) => path !== '/robots.txt')
    .map(({ at }) => at)
  t.equal(times.length, 6, 'three requests of each')
  const gaps = times.slice(1).map((at, i) => at - (times[i] as number))
  t.ok(Math.min(...gaps) >= 1000, `${Math.round(Math.min(...gaps))} ms between two requests at least`)
})
