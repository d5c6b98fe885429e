import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import pino from 'pino'
import t, { type Test } from 'tap'
import { isPublicAddress, publicLookup, readAddress } from '../../tasks/lib/scrape/address.ts'
import { openResponseCache } from '../../tasks/lib/scrape/cache.ts'
import { createPoliteGet, type PoliteGetOptions } from '../../tasks/lib/scrape/get.ts'
import { restSeconds } from '../../tasks/lib/scrape/host.ts'
import { createPoliteness, type PolitenessOptions } from '../../tasks/lib/scrape/politeness.ts'
import { readRobots } from '../../tasks/lib/scrape/robots.ts'
import { database, type TestDatabase } from '../lib/database.ts'

type Answerer = (request: IncomingMessage, response: ServerResponse) => void

/** A server on this machine that answers as it is told, and what it was asked. */
async function serve(t: Test, answer: Answerer) {
  const asked: { path: string; at: number; headers: IncomingMessage['headers'] }[] = []
  const server = createServer((request, response) => {
    asked.push({ path: `${request.method} ${request.url}`, at: performance.now(), headers: request.headers })
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, asked, paths: () => asked.map(({ path }) => path) }
}

/** What a refusal for a reason looks like. */
const refusal = (reason: string) => ({ name: 'ScrapeRefusal', reason })

const page = (text: string) => `<!doctype html><html><head><title>x</title></head><body>${text}</body></html>`

/** A polite client on a database, so many milliseconds away, as two workers on two machines would have one each. */
function client(
  t: Test,
  db: TestDatabase,
  more: Partial<PolitenessOptions> & Partial<PoliteGetOptions> = {},
  freshSeconds: number | null = null,
  milliseconds = 0,
) {
  const { signal } = new AbortController()
  const call = async <Row>(text: string, values: readonly unknown[]) => {
    if (milliseconds > 0) await sleep(milliseconds / 2)
    const { rows } = await db.pool.query(text, [...values])
    if (milliseconds > 0) await sleep(milliseconds / 2)
    return rows as Row[]
  }
  const common = { signal, isLocal: true, contact: 'somebody@example.org', ...more }
  const politeness = createPoliteness({
    ...{ call, log: pino({ level: 'silent' }), requestsPerSecond: null, circuitSeconds: 0.3 },
    ...common,
  })
  const cache = freshSeconds === null ? null : openResponseCache(call, freshSeconds)
  const polite = createPoliteGet({ ...common, politeness, cache })
  t.teardown(async () => {
    await polite.close()
    await politeness.close()
  })
  return { ...polite, politeness, cache }
}

t.test(
  'addresses of this machine, of private networks and of the inside of a cloud are not public',
  async (t) => {
    for (const address of [
      ...[
        '127.0.0.1',
        '10.1.2.3',
        '172.16.0.1',
        '192.168.1.1',
        '169.254.169.254',
        '100.64.0.1',
        '0.0.0.0',
        '224.0.0.1',
      ],
      ...[
        '::1',
        '::',
        'fe80::1',
        'fc00::1',
        '::ffff:127.0.0.1',
        '::ffff:a9fe:a9fe',
        '64:ff9b::7f00:1',
        '2002:7f00:1::',
      ],
      ...['255.255.255.255', '198.18.0.1', 'localhost', ''],
    ]) {
      t.notOk(isPublicAddress(address), address)
    }
    for (const address of ['8.8.8.8', '2606:4700::1111']) t.ok(isPublicAddress(address), address)
    for (const url of [
      'http://127.1/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://[::ffff:10.0.0.1]/',
    ]) {
      t.throws(() => readAddress(url, false), refusal('private_address'), url)
      t.ok(readAddress(url, true))
    }
    for (const url of [
      'file:///etc/passwd',
      'ftp://a.fr/',
      'javascript:alert(1)',
      'http://me:secret@a.fr/',
      '/x',
    ]) {
      t.throws(() => readAddress(url, true), refusal('private_address'), url)
    }
  },
)

t.test('a name that leads inside is refused at the moment of connecting', async (t) => {
  const found = await new Promise((resolve) => publicLookup('localhost', { all: true }, resolve))
  t.match(found, { reason: 'private_address' })
  const db = await database(t)
  const { url } = await serve(t, (_, response) => response.end('inside'))
  const polite = client(t, db, { isLocal: false, requestsPerSecond: 1000 })
  await t.rejects(polite.get(url.replace('127.0.0.1', 'localhost')), refusal('private_address'))
  await t.rejects(polite.get(url), refusal('private_address'))
})

t.test('a redirect is checked as if somebody had asked for it', async (t) => {
  const db = await database(t)
  const site = await serve(t, (request, response) => {
    if (request.url === '/robots.txt') response.end('User-agent: *\nDisallow: /secret')
    else if (request.url === '/a') response.writeHead(302, { location: '/b' }).end()
    else if (request.url === '/b') response.writeHead(301, { location: 'ftp://a.fr/' }).end()
    else if (request.url === '/c') response.writeHead(302, { location: '/secret' }).end()
    else if (request.url === '/d') response.writeHead(302, { location: '/e' }).end()
    else if (request.url === '/round') response.writeHead(302, { location: '/round' }).end()
    else response.end(page('there'))
  })
  const { get } = client(t, db)
  await t.rejects(get(`${site.url}/a`), refusal('private_address'))
  await t.rejects(get(`${site.url}/c`), refusal('robots'))
  t.match(await get(`${site.url}/d`), { url: `${site.url}/e`, status: 200 })
  await t.rejects(get(`${site.url}/round`), refusal('unavailable'))
  t.notOk(site.paths().includes('GET /secret'))
})

t.test('what robots.txt says of us holds', async (t) => {
  const text = 'User-agent: *\nDisallow: /\n\nUser-agent: Parcelle\nDisallow: /x\nCrawl-delay: 2.5\n'
  const robots = readRobots('http://a.fr', 200, text)
  t.equal(robots.crawlDelay, 2.5)
  t.notOk(robots.isAllowed(new URL('http://a.fr/x/1')))
  t.ok(robots.isAllowed(new URL('http://a.fr/y')))
  t.ok(readRobots('http://a.fr', 404, null).isAllowed(new URL('http://a.fr/')))
  t.ok(readRobots('http://a.fr', 403, 'Disallow: /').isAllowed(new URL('http://a.fr/')))
  for (const status of [0, 429, 500, 503])
    t.notOk(readRobots('http://a.fr', status, null).isAllowed(new URL('http://a.fr/')))
})

t.test('robots.txt is asked for once a day by all, and Crawl-delay spaces requests out', async (t) => {
  const db = await database(t)
  const site = await serve(t, (request, response) =>
    response.end(
      request.url === '/robots.txt' ? 'User-agent: *\nDisallow: /no\nCrawl-delay: 0.3' : page('x'),
    ),
  )
  const [one, other] = [client(t, db), client(t, db)]
  await one.get(`${site.url}/1`)
  await Promise.all([other.get(`${site.url}/2`), one.get(`${site.url}/3`), other.get(`${site.url}/4`)])
  await t.rejects(other.get(`${site.url}/no`), refusal('robots'))
  t.equal(site.paths().filter((path) => path.endsWith('robots.txt')).length, 1)
  const times = site.asked.slice(1).map(({ at }) => at)
  for (let i = 1; i < times.length; i++)
    t.ok((times[i] as number) - (times[i - 1] as number) > 290, `request ${i}`)
  t.equal(site.asked[1]?.headers['user-agent']?.replace(/\/[\d.]+/, ''), 'Parcelle (+somebody@example.org)')
  t.ok(other.politeness.waited().count > 0)
})

t.test(
  'a database far off, or a machine too busy to answer at once, keeps nobody from its turn',
  async (t) => {
    const db = await database(t)
    const site = await serve(t, (request, response) =>
      request.url === '/robots.txt' ? response.writeHead(404).end() : response.end(page('x')),
    )
    const { get } = client(t, db, { requestsPerSecond: 20 }, null, 160)
    await Promise.all([1, 2, 3, 4].map((n) => get(`${site.url}/${n}`)))
    const times = site.asked.slice(1).map(({ at }) => at)
    t.equal(times.length, 4)
    for (let i = 1; i < times.length; i++)
      t.ok((times[i] as number) - (times[i - 1] as number) > 35, `request ${i}`)
  },
)

t.test('no robots.txt to be had is no leave', async (t) => {
  const db = await database(t)
  const site = await serve(t, (_, response) => response.writeHead(500).end())
  await t.rejects(client(t, db).get(`${site.url}/1`), refusal('unavailable'))
  t.strictSame(new Set(site.paths()), new Set(['GET /robots.txt']))
})

t.test('a rest is kept by every worker, as seconds and as a date', async (t) => {
  const present = Date.parse('2024-06-01T10:00:00Z')
  t.equal(restSeconds('7', present), 7)
  t.equal(restSeconds('Sat, 01 Jun 2024 10:00:30 GMT', present), 31)
  t.equal(restSeconds('Sat, 01 Jun 2024 09:00:00 GMT', present), 0)
  t.equal(restSeconds('soon', present), null)
  t.equal(restSeconds(null, present), null)
  t.equal(restSeconds('9999999', present), 86_400)

  const db = await database(t)
  let count = 0
  const site = await serve(t, (request, response) => {
    if (request.url === '/robots.txt') response.writeHead(404).end()
    else if (++count === 1) response.writeHead(429, { 'retry-after': '1' }).end()
    else response.end(page('x'))
  })
  const [one, other] = [client(t, db), client(t, db)]
  await other.politeness.permit(`${site.url}/0`)
  const first = one.get(`${site.url}/1`)
  while (count === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  await new Promise((resolve) => setTimeout(resolve, 600))
  await Promise.all([first, other.get(`${site.url}/2`)])
  const [refused, ...later] = site.asked.filter(({ path }) => /\/[12]$/.test(path))
  for (const { at } of later) t.ok(at - (refused?.at ?? 0) >= 1000, `${at - (refused?.at ?? 0)} ms later`)
})

t.test('a host that fails again and again is left alone', async (t) => {
  const db = await database(t)
  let isDown = true
  const site = await serve(t, (request, response) => {
    if (request.url === '/robots.txt') response.writeHead(404).end()
    else if (isDown) request.socket.destroy()
    else response.end(page('x'))
  })
  const [one, other] = [client(t, db), client(t, db)]
  for (let i = 0; i < 5; i++) await t.rejects(one.get(`${site.url}/${i}`), refusal('unavailable'))
  const before = site.asked.length
  await t.rejects(one.get(`${site.url}/6`), refusal('circuit_open'))
  await t.rejects(other.get(`${site.url}/7`), refusal('circuit_open'))
  t.equal(site.asked.length, before)
  isDown = false
  await new Promise((resolve) => setTimeout(resolve, 350))
  t.match(await Promise.all([one.get(`${site.url}/8`), other.get(`${site.url}/9`)]), [
    { status: 200 },
    { status: 200 },
  ])
})

t.test('sizes and times have limits, packed or not', async (t) => {
  const db = await database(t)
  const site = await serve(t, (request, response) => {
    if (request.url === '/robots.txt') response.writeHead(404).end()
    else if (request.url === '/long') response.end('x'.repeat(200_000))
    else if (request.url === '/bomb')
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(200_000)))
    else if (request.url === '/packed')
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('é'))
    else if (request.url === '/file.gz') response.end(gzipSync('<urlset/>'))
    else if (request.url === '/latin')
      response
        .writeHead(200, { 'content-type': 'text/html; charset=iso-8859-1' })
        .end(Buffer.from('é', 'latin1'))
    else if (request.url === '/cut')
      response.writeHead(200, { 'content-length': 100 }).write('x', () => response.destroy())
    else if (request.url === '/drip') {
      response.writeHead(200)
      const timer = setInterval(() => response.write('x'), 50)
      response.on('close', () => clearInterval(timer))
    }
  })
  const { get } = client(t, db, { limits: { maxBytes: 100_000, timeoutSeconds: 0.5 } })
  await t.rejects(get(`${site.url}/long`), refusal('too_large'))
  await t.rejects(get(`${site.url}/bomb`), refusal('too_large'))
  await t.rejects(get(`${site.url}/drip`), refusal('timeout'))
  await t.rejects(get(`${site.url}/never`), refusal('timeout'))
  await t.rejects(get(`${site.url}/cut`), refusal('unavailable'))
  t.match(await get(`${site.url}/packed`), { text: 'é' })
  t.match(await get(`${site.url}/file.gz`), { text: '<urlset/>' })
  t.match(await get(`${site.url}/latin`), { text: 'é' })
})

t.test('what has not changed is not sent again', async (t) => {
  const db = await database(t)
  const site = await serve(t, (request, response) => {
    if (request.url === '/robots.txt') response.writeHead(404).end()
    else if (request.url === '/held') response.writeHead(200, { 'cache-control': 'max-age=60' }).end('held')
    else if (request.url === '/secret') response.writeHead(200, { 'cache-control': 'no-store' }).end('secret')
    else if (request.headers['if-none-match'] === '"1"') response.writeHead(304, { etag: '"1"' }).end()
    else response.writeHead(200, { etag: '"1"' }).end('tagged')
  })
  for (const round of [1, 2]) {
    const { get, cache } = client(t, db, {}, 0)
    for (const path of ['/held', '/secret', '/tagged']) {
      t.match(await get(site.url + path), {
        status: 200,
        text: path.slice(1),
        isFromCache: round === 2 && path !== '/secret',
      })
    }
    await cache?.flush()
  }
  t.strictSame(
    site.paths().filter((path) => !path.endsWith('robots.txt')),
    ['GET /held', 'GET /secret', 'GET /tagged', 'GET /secret', 'GET /tagged'],
  )
  const { get, cache } = client(t, db, {}, 60)
  await get(`${site.url}/plain`)
  await cache?.flush()
  t.match(await get(`${site.url}/plain`), { isFromCache: true }, 'for as long as the source’s config says')
})

t.test(
  'challenge pages and login walls are recognised, and pages that only mention them are not',
  async (t) => {
    const db = await database(t)
    const titled = (title: string, body = '') =>
      `<html><head><title>${title}</title></head><body>${body}</body></html>`
    const pages: Record<string, [number, string]> = {
      '/moment': [200, titled('Just a moment...')],
      '/blocked': [403, titled('x', '<div id="challenge-form"></div>')],
      '/blocked-by-script': [
        403,
        titled('x', '<script src="https://geo.captcha-delivery.com/c.js"></script>'),
      ],
      '/login': [200, titled('Connexion', '<input type="password">')],
      '/401': [401, titled('x')],
      '/forbidden': [403, titled('Interdit')],
      '/form': [200, titled('Appartement', '<div class="g-recaptcha"></div><input type="password">')],
    }
    const site = await serve(t, (request, response) => {
      const [status, text] = pages[request.url ?? ''] ?? [404, '']
      if (request.url === '/wall') response.writeHead(302, { location: '/connexion?from=/wall' }).end()
      else if (request.url?.startsWith('/connexion')) response.end(titled('x'))
      else response.writeHead(status, { 'content-type': 'text/html' }).end(text)
    })
    const { get } = client(t, db)
    for (const path of ['/moment', '/blocked', '/blocked-by-script'])
      await t.rejects(get(site.url + path), refusal('challenge'), path)
    for (const path of ['/login', '/401', '/wall'])
      await t.rejects(get(site.url + path), refusal('login'), path)
    await t.rejects(get(`${site.url}/forbidden`), refusal('unavailable'))
    t.match(await get(`${site.url}/form`), { status: 200 })
    t.match(await get(`${site.url}/gone`), { status: 404 })
  },
)
