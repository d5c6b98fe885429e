import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { z } from 'zod'
import type { FaultPlan } from '../../seeds/world/sites/faults.ts'
import { type Robots, type Site, startSite } from '../../seeds/world/sites/server.ts'
import { scratch } from './lib/world.ts'

const html = '<!doctype html><html><body><p class="prix">1 000</p></body></html>'

type Starting = { faults?: FaultPlan; robots?: Robots; rate?: number; logFile?: string; seed?: string }

async function start(t: Test, options: Starting = {}): Promise<Site> {
  const site = await startSite({
    name: 'test',
    seed: 'sites',
    ...options,
    routes(app) {
      app.get('/p/:n', (_, reply) => reply.type('text/html; charset=utf-8').send(html))
    },
  })
  t.teardown(() => site.close())
  return site
}

const status = async (site: Site, path: string): Promise<number> => (await fetch(site.url + path)).status

t.test('a site starts in a tenth of a second and writes down who asked what and when', async (t) => {
  const logFile = join(scratch(), 'requests.jsonl')
  await start(t)
  const begun = performance.now()
  const site = await start(t, { logFile })
  t.ok(performance.now() - begun < 100, 'once its library is loaded')
  const before = Date.now()
  await fetch(`${site.url}/p/1?a=b`, { headers: { 'user-agent': 'Reader/1' } })
  await fetch(`${site.url}/nowhere`, { method: 'HEAD' })
  const requests = site.requests()
  t.match(requests, [
    { method: 'GET', path: '/p/1?a=b', userAgent: 'Reader/1', status: 200, fault: null },
    { method: 'HEAD', path: '/nowhere', status: 404, fault: null },
  ])
  t.ok(requests.every(({ at }) => at >= before - 1 && at <= Date.now() + 1))
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n')
  t.same(
    lines.map((line) => z.object({ path: z.string() }).parse(JSON.parse(line)).path),
    ['/p/1?a=b', '/nowhere'],
  )
  site.forgetRequests()
  t.same(site.requests(), [])
})

t.test('robots.txt is what the site says, nothing, or an error, and faults spare it', async (t) => {
  const site = await start(t, { faults: [{ kind: 'error', share: 1 }] })
  t.match(await (await fetch(`${site.url}/robots.txt`)).text(), /User-agent: \*/)
  site.setRobots('User-agent: *\nDisallow: /p/\n')
  t.match(await (await fetch(`${site.url}/robots.txt`)).text(), /Disallow: \/p\//)
  site.setRobots(null)
  t.equal(await status(site, '/robots.txt'), 404)
  site.setRobots({ status: 503 })
  t.equal(await status(site, '/robots.txt'), 503)
  t.equal(await status(site, '/p/1'), 500)
  site.setRobots(null)
  site.setFaults([{ kind: 'error', share: 1, status: 502, path: '^/robots' }])
  t.equal(await status(site, '/robots.txt'), 502, 'unless they are meant for it')
  t.equal(await status(site, '/p/1'), 200)
})

t.test('each fault is what it is called', async (t) => {
  const site = await start(t)
  const meet = (rule: FaultPlan[number]) => {
    site.setFaults([{ share: 1, ...rule }])
    return fetch(`${site.url}/p/1`)
  }
  const busy = await meet({ kind: 'too_many', retryAfter: 7 })
  t.equal(busy.status, 429)
  t.equal(busy.headers.get('retry-after'), '7')
  t.equal((await meet({ kind: 'error' })).status, 500)
  const unavailable = await meet({ kind: 'error', status: 503, retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' })
  t.equal(unavailable.status, 503)
  t.equal(unavailable.headers.get('retry-after'), 'Wed, 21 Oct 2026 07:28:00 GMT')
  const begun = performance.now()
  t.equal(await (await meet({ kind: 'slow', milliseconds: 120 })).text(), html)
  t.ok(performance.now() - begun >= 115, 'it is slow')
  await t.rejects(
    meet({ kind: 'truncated' }).then((answer) => answer.text()),
    'a truncated answer breaks off',
  )
  const quiet = await meet({ kind: 'truncated', isQuiet: true })
  t.equal(await quiet.text(), html.slice(0, html.length / 2), 'or passes for a whole one')
  t.match(
    site.requests().slice(0, 3),
    [{ retryAfter: '7' }, { retryAfter: undefined }, { retryAfter: /2026/ }],
    'what it said of waiting is in its log',
  )
  const layout = await (await meet({ kind: 'layout' })).text()
  t.notMatch(layout, /class="prix"/)
  t.match(layout, /1 000/, 'a reader sees no difference')
  const challenge = await meet({ kind: 'challenge' })
  t.equal(challenge.status, 403)
  t.match(await challenge.text(), /Just a moment/)
  t.equal((await meet({ kind: 'challenge', status: 200 })).status, 200)
  t.match(await (await meet({ kind: 'login' })).text(), /type="password"/)
  const redirected = await meet({ kind: 'login', status: 302, path: '^/p/' })
  t.equal(redirected.url, `${site.url}/connexion`)
  await t.rejects(meet({ kind: 'reset' }), 'a reset gives no answer')
  t.same(
    site
      .requests()
      .filter(({ fault }) => fault === 'reset' || fault === 'truncated')
      .map((one) => one.status),
    [0, 200, 0],
    'what was broken off has no status',
  )
})

t.test('faults meet requests by number, or a share of them that the seed decides', async (t) => {
  const one = await start(t, { faults: [{ kind: 'error', at: [2, 3] }] })
  const met: number[] = []
  for (let i = 1; i <= 5; i++) {
    await fetch(`${one.url}/robots.txt`)
    met.push(await status(one, '/p/1'))
  }
  t.same(met, [200, 500, 500, 200, 200], 'robots.txt is not counted')

  const share = [{ kind: 'error', share: 0.3 } as const]
  const paths = Array.from({ length: 200 }, (_, i) => `/p/${i}`)
  const failing = async (seed: string, order: string[]): Promise<string[]> => {
    const site = await start(t, { faults: share, seed })
    await Promise.all(order.map((path) => fetch(site.url + path)))
    const failed = site.requests().filter(({ fault }) => fault !== null)
    return failed.map(({ path }) => path).sort()
  }
  const first = await failing('a', paths)
  t.ok(first.length > 35 && first.length < 85, `${first.length} of 200`)
  t.same(await failing('a', paths.toReversed()), first, 'the same whatever the order')
  t.notSame(await failing('b', paths), first, 'another seed, other faults')
})

t.test('a site that stands a rate refuses what comes faster', async (t) => {
  const site = await start(t, { rate: 5 })
  const answers = await Promise.all(Array.from({ length: 8 }, () => fetch(`${site.url}/p/1`)))
  t.same(answers.map((answer) => answer.status).sort(), [200, 200, 200, 200, 200, 429, 429, 429])
  t.equal(answers.find((answer) => answer.status === 429)?.headers.get('retry-after'), '1')
})

const main = new URL('../../server/cli/main.ts', import.meta.url).pathname
const servedSchema = z.object({ sites: z.array(z.object({ name: z.string(), url: z.string() })) })

t.test('one command serves the sites until it is stopped, and logs what they were asked', async (t) => {
  const folder = scratch()
  const faults = JSON.stringify({ geo: [{ kind: 'error', status: 503, at: [2] }] })
  const child = spawn(
    process.execPath,
    [main, 'world', 'serve', '--json', '--homes', '200', '--log', folder, '--faults', faults],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  const ended = once(child, 'exit')
  let said = ''
  for await (const chunk of child.stdout) {
    said += chunk
    if (said.endsWith('}\n')) break
  }
  const { sites } = servedSchema.parse(JSON.parse(said))
  const address = (name: string) => sites.find((one) => one.name === name)?.url ?? ''
  t.match(await (await fetch(`${address('portal')}/recherche`)).text(), /annonces/)
  t.equal((await fetch(`${address('geo')}/communes/44109`)).status, 200)
  t.equal((await fetch(`${address('geo')}/communes/44109`)).status, 503)
  child.kill('SIGINT')
  await ended
  const lines = readFileSync(join(folder, 'geo.jsonl'), 'utf8').trimEnd().split('\n')
  t.match(
    lines.map((line) => JSON.parse(line)),
    [{ status: 200 }, { status: 503, fault: 'error' }],
  )
})

t.test('faults that there are not are a question asked wrongly', async (t) => {
  const wrong = ['{', '{"portal": [{"kind": "flood"}]}', '{"moon": []}']
  for (const faults of wrong) {
    const { status, stderr } = spawnSync(process.execPath, [main, 'world', 'serve', '--faults', faults], {
      encoding: 'utf8',
    })
    t.equal(status, 2)
    t.match(stderr, /Expected faults by site/)
  }
})
