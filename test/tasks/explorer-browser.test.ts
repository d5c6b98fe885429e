import { spawn } from 'node:child_process'
import { lookup } from 'node:dns'
import { once } from 'node:events'
import { mkdir, readdir } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import t, { type Test } from 'tap'
import { startExplorer } from '../../seeds/world/sites/explorer.ts'
import { ScrapeRefusal } from '../../tasks/lib/scrape/adapter.ts'
import { findExecutable } from '../../tasks/lib/scrape/browser/executable.ts'
import {
  browserFolders,
  clearBrowserFolders,
  makeBrowserFolder,
} from '../../tasks/lib/scrape/browser/folders.ts'
import { createGuard } from '../../tasks/lib/scrape/browser/guard.ts'
import { reachOf } from '../../tasks/lib/scrape/browser/reach.ts'
import { openVisits } from '../../tasks/lib/scrape/browser/visits.ts'
import { holdBrowser } from '../../tasks/lib/scrape/browser.ts'
import { birthOf, isRunning } from '../../tasks/lib/scrape/process.ts'
import { memoryContext, scrapeInMemory, settings } from './lib/explorer.ts'

const log = pino({ level: 'silent' })
const free = { permit: async () => {}, tell: async () => {} }

/** A server that answers as it is told, and what it was asked. */
async function server(
  t: Test,
  answer: (request: IncomingMessage) => { status?: number; headers?: Record<string, string>; body?: string },
) {
  const asked: string[] = []
  const http = createServer((request, response) => {
    asked.push(request.url ?? '')
    const { status = 200, headers = {}, body = '' } = answer(request)
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  t.teardown(() => http.close())
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, asked }
}

function visitsTo(t: Test, baseUrl: string, more: Partial<Parameters<typeof openVisits>[0]> = {}) {
  const { signal } = new AbortController()
  const visits = openVisits({
    ...{ baseUrl, isLocal: true, userAgent: 'Parcelle/test', log, signal, timeout: 5000 },
    ...more,
  })
  t.teardown(() => visits.close())
  return visits
}

/** The number of the browser's process. */
async function pidOf(t: Test): Promise<number> {
  const hold = holdBrowser(log)
  t.teardown(() => hold.release())
  const session = await (await hold.browser()).newBrowserCDPSession()
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  await session.detach()
  return processInfo.find(({ type }) => type === 'browser')?.id ?? 0
}

t.test('a browser that is killed is launched again, and nothing is missing', async (t) => {
  const site = await startExplorer({ seed: 'kill', cities: ['35238'], salesPerCity: 150, neighbours: 0 })
  t.teardown(() => site.close())
  const context = memoryContext({ url: site.url, city: { inseeCode: '35238', name: 'Rennes' } })
  const before = await pidOf(t)
  const scraping = scrapeInMemory(context)
  while (site.requests().length < 6) await sleep(5)
  process.kill(before, 'SIGKILL')
  const got = await scraping
  t.strictSame([...got.rows.keys()].sort(), site.truth.sales.map(({ id }) => String(id)).sort())
  t.strictSame(got.failures, [])
  t.ok(got.isComplete)
  while (isRunning(before)) await sleep(20)
  t.not(await pidOf(t), before)
  const left = (await readdir(browserFolders)).filter((name) => name.startsWith(`${process.pid}-`))
  t.equal(left.length, 1, 'the dead one left nothing behind')
})

t.test('what a dead process left of its browsers is taken away, and nothing of a living one', async (t) => {
  const root = join(t.testdir(), 'browsers')
  const mine = await makeBrowserFolder(root)
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  const named = (pid: number | undefined, birth: string | null) =>
    mine.replace(/\/\d+-\d+-([^/]+)$/, `/${pid}-${birth}-$1`)
  const theirs = named(child.pid, birthOf(child.pid ?? 0))
  const elsewhere = mine.replace(/-[\da-f]{6}-([^/]+)$/, '-zzzzzz-$1')
  for (const path of [theirs, elsewhere]) await mkdir(join(path, 'profile'), { recursive: true })
  t.equal(await clearBrowserFolders(root), 0)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  // The number of a process that lives, given to it after the folder was made.
  await mkdir(named(process.pid, '1'))
  t.equal(await clearBrowserFolders(root), 2)
  t.strictSame((await readdir(root)).sort(), [mine, elsewhere].map((path) => basename(path)).sort())
  t.equal(await clearBrowserFolders(join(root, 'none')), 0)
})

t.test('an aborted scrape closes the browser at once', async (t) => {
  const site = await startExplorer({ seed: 'abort', cities: ['35238'], salesPerCity: 400, skeletonMs: 300 })
  t.teardown(() => site.close())
  const controller = new AbortController()
  const context = memoryContext({
    url: site.url,
    city: { inseeCode: '35238', name: 'Rennes' },
    signal: controller.signal,
  })
  const scraping = scrapeInMemory(context)
  while (site.requests().length < 3) await sleep(20)
  const hold = holdBrowser(log)
  const browser = await hold.browser()
  await hold.release()
  const started = performance.now()
  controller.abort(new Error('enough'))
  await scraping
  t.ok(performance.now() - started < 5000)
  t.equal(browser.isConnected(), false)
})

t.test('images, fonts and media are not asked for, and no other host than the source', async (t) => {
  const other = await server(t, () => ({ body: 'other' }))
  const own = await server(t, ({ url }) =>
    url === '/'
      ? {
          body: `<html><body><img src="/a.png"><video src="/b.mp4"></video><iframe src="${other.url}/frame"></iframe>
<style>@font-face{font-family:f;src:url(/f.woff2)}body{font-family:f}</style>text
<script src="/s.js"></script><script>fetch('${other.url}/steal', {mode: 'no-cors'}).catch(() => {})
navigator.sendBeacon('${other.url}/beacon'); new WebSocket('${other.url.replace('http', 'ws')}/socket')</script>`,
        }
      : { headers: { 'content-type': 'text/javascript' }, body: 'document.title = "ran"' },
  )
  const visits = visitsTo(t, own.url)
  // Scripts of the source run; the next one stands behind all that is not asked for.
  await visits.visit(`${own.url}/`, free, async ({ page }) => {
    await page.waitForFunction(`document.title === 'ran'`)
    await page.waitForTimeout(200)
  })
  t.strictSame(own.asked.filter((path) => path !== '/favicon.ico').sort(), ['/', '/s.js'])
  t.strictSame(other.asked, [])
})

t.test('a host that the config names is reached, as politely as the source itself', async (t) => {
  const data = await server(t, ({ url }) => ({
    status: url === '/busy' ? 429 : 200,
    headers: { 'access-control-allow-origin': '*', 'retry-after': '7' },
    body: 'data',
  }))
  const other = await server(t, () => ({ headers: { 'access-control-allow-origin': '*' }, body: 'other' }))
  const own = await server(t, () => ({
    body: `<html><script>const ask = (url) => fetch(url).then((a) => a.text(), () => 'none');
      Promise.all(['${data.url}/data', '${data.url}/busy', '${other.url}/x'].map(ask)).then((all) => { document.title = all })
      </script>`,
  }))
  const [permitted, told]: [string[], unknown[]] = [[], []]
  const polite = {
    permit: async (url: string) => void permitted.push(new URL(url).pathname),
    tell: async (url: string, answer: unknown) => void told.push([new URL(url).pathname, answer]),
  }
  const visits = visitsTo(t, own.url, { hosts: [new URL(data.url).host] })
  const title = await visits.visit(`${own.url}/`, polite, async ({ page }) => {
    await page.waitForFunction(`document.title !== ''`)
    return page.title()
  })
  t.equal(title, 'data,data,none')
  t.strictSame(permitted.filter((path) => path !== '/favicon.ico').sort(), ['/', '/busy', '/data'])
  t.match(
    told.find((one) => Array.isArray(one) && one[0] === '/busy'),
    ['/busy', { status: 429, retryAfter: '7' }],
    'a rest that it asks for is told of',
  )
  t.strictSame(other.asked, [])
})

t.test('an answer that redirects to another host leads nowhere', async (t) => {
  const other = await server(t, () => ({ body: '<html>inside</html>' }))
  const own = await server(t, () => ({ status: 302, headers: { location: `${other.url}/inside` } }))
  const visits = visitsTo(t, own.url)
  await t.rejects(
    visits.visit(`${own.url}/`, free, async ({ page, response }) => {
      if (!response.ok()) throw new ScrapeRefusal('unavailable', 'refused')
      return page.content()
    }),
    { name: 'ScrapeRefusal', reason: 'unavailable' },
  )
  t.strictSame(other.asked, [])
})

t.test('a source that is not marked local may not be on this machine', async (t) => {
  const own = await server(t, () => ({ body: '<html></html>' }))
  const { signal } = new AbortController()
  const open = (baseUrl: string) => openVisits({ baseUrl, isLocal: false, userAgent: 'x', log, signal })
  t.throws(() => open(own.url), /public internet/)
  t.throws(() => open('http://[::ffff:169.254.169.254]/'), /public internet/)
  t.throws(() => open('file:///etc/passwd'), /neither http nor https/)
  t.throws(
    () =>
      openVisits({
        ...{ isLocal: false, userAgent: 'x', log, signal },
        baseUrl: 'https://a.fr',
        hosts: ['10.0.0.1:80'],
      }),
    /public internet/,
    'nor may a further host of it',
  )
  const visits = visitsTo(t, own.url.replace('127.0.0.1', 'localhost'), { isLocal: false })
  await t.rejects(
    visits.visit(own.url.replace('127.0.0.1', 'localhost'), free, async () => 'inside'),
    { name: 'ScrapeRefusal', reason: 'unavailable' },
    'a name that turns out to mean this machine',
  )
  t.strictSame(own.asked, [])
})

t.test('a tunnel leads to the source and nowhere else', async (t) => {
  const echo = createTcpServer((socket) => socket.on('error', () => {}).pipe(socket))
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  t.teardown(() => echo.close())
  const { port } = echo.address() as AddressInfo
  const source = { baseUrl: `https://127.0.0.1:${port}`, hosts: ['127.0.0.2:9'], isLocal: true }
  const guard = await createGuard({ reach: reachOf(source), lookup })
  t.teardown(() => guard.close())
  const ask = async (target: string, more: string) => {
    const socket = connect(Number(new URL(guard.url).port), '127.0.0.1')
    socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`)
    let said = ''
    for await (const chunk of socket) {
      said += chunk
      if (said.endsWith('\r\n\r\n')) socket.write(more)
      if (said.endsWith(more)) break
    }
    return said
  }
  t.match(await ask(`127.0.0.1:${port}`, 'hello'), /^HTTP\/1.1 200 [^\r]*\r\n\r\nhello$/)
  t.match(await ask('127.0.0.1:1', 'hello'), /^HTTP\/1.1 403/)
  t.match(await ask(`localhost:${port}`, 'hello'), /^HTTP\/1.1 403/)
  t.strictSame(guard.refused(), ['127.0.0.1:1', `localhost:${port}`])
})

t.test('what a page asks for by itself needs leave too', async (t) => {
  const own = await server(t, () => ({ body: '<html><script>fetch("/secret").catch(() => {})</script>' }))
  const asked: string[] = []
  const strict = {
    async permit(url: string) {
      asked.push(new URL(url).pathname)
      if (url.endsWith('/secret')) throw new ScrapeRefusal('robots', 'not for us')
    },
    async tell() {},
  }
  const visits = visitsTo(t, own.url)
  const visit = visits.visit(`${own.url}/`, strict, async ({ page }) => {
    await page.waitForTimeout(300)
    throw new Error('nothing on the page')
  })
  await t.rejects(visit, { name: 'ScrapeRefusal', reason: 'robots' })
  t.strictSame(
    asked.filter((path) => path !== '/favicon.ico'),
    ['/', '/secret'],
  )
  t.notOk(own.asked.includes('/secret'))
})

t.test('a page that never ends is given up', async (t) => {
  const own = await server(t, () => ({ body: '<html><script>for (;;) {}</script>' }))
  const { signal } = new AbortController()
  const visits = openVisits({
    baseUrl: own.url,
    isLocal: true,
    userAgent: 'x',
    log,
    signal,
    timeout: 700,
    readTimeout: 500,
  })
  t.teardown(() => visits.close())
  await t.rejects(
    visits.visit(`${own.url}/`, free, async ({ page }) => page.title()),
    { name: 'ScrapeRefusal', reason: 'timeout' },
  )
})

t.test('the browser is the one that is named, else one that is installed', async (t) => {
  await t.rejects(findExecutable({ chromiumPath: '/nowhere/chromium', searchPath: '' }), /CHROMIUM_PATH/)
  t.match(await findExecutable({ chromiumPath: process.execPath, searchPath: '' }), {
    origin: 'CHROMIUM_PATH',
  })
  const folder = t.testdir({ chromium: '#!/bin/sh\n' })
  const { chmod } = await import('node:fs/promises')
  await chmod(`${folder}/chromium`, 0o755)
  t.match(await findExecutable({ chromiumPath: undefined, searchPath: `/nowhere:${folder}` }), {
    path: `${folder}/chromium`,
    origin: 'installed',
    hasSandbox: true,
  })
})

t.test('settings of a source are checked', async (t) => {
  t.throws(() => settings({ split_from: 200 }), /split_from/)
  t.throws(() => settings({ key_pattern: '(' }), /regular expression/)
  t.throws(() => settings({ search: { path: 'no-slash' } }))
  t.throws(() => settings({ hosts: ['https://api.example.fr/v1'] }), /expected a host/)
  t.match(settings({ hosts: ['api.example.fr', 'tiles.example.fr:8443', '[2001:db8::1]:80'] }), {
    hosts: { length: 3 },
  })
})
