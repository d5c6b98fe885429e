import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { DownloadError, downloadDvf, dvfPath, newestRelease } from '../../tasks/lib/download.ts'
import { createHttp, userAgent } from '../../tasks/lib/http.ts'

const content = Buffer.from(Array.from({ length: 40_000 }, (_, i) => `line ${i}`).join('\n'))
const digest = createHash('sha256').update(content).digest('hex')
const http = createHttp({ retries: 2, firstWait: 5, timeout: 2000 })

interface Site {
  baseUrl: string
  etag: string
  /** Requests as they came. */
  seen: IncomingMessage[]
  /** Answers instead of the file, as often as it says true. */
  instead: ((request: IncomingMessage, response: ServerResponse) => boolean) | null
}

/** A site on loopback that knows tags and ranges as the official one does. */
async function startSite(t: Test): Promise<Site> {
  const site: Site = { baseUrl: '', etag: '"one"', seen: [], instead: null }
  const server: Server = createServer((request, response) => {
    site.seen.push(request)
    if (site.instead?.(request, response)) return
    if (!request.url?.endsWith('/2024/departements/01.csv.gz')) {
      response.writeHead(404).end()
      return
    }
    const { range, 'if-none-match': known, 'if-range': validator } = request.headers
    response.setHeader('etag', site.etag)
    if (known === site.etag) {
      response.writeHead(304).end()
      return
    }
    const from = validator === site.etag && range ? Number(/^bytes=(\d+)-$/.exec(range)?.[1]) : 0
    if (from >= content.length) {
      response.writeHead(416).end()
      return
    }
    response.setHeader('content-length', content.length - from)
    if (from > 0) response.setHeader('content-range', `bytes ${from}-${content.length - 1}/${content.length}`)
    response.writeHead(from > 0 ? 206 : 200).end(content.subarray(from))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  site.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return site
}

const wanted = (site: Site, folder: string) => ({
  baseUrl: site.baseUrl,
  year: 2024,
  department: '01',
  folder,
  http,
})

t.test('files lie where the official address has them', async (t) => {
  t.equal(dvfPath(2024), '2024/full.csv.gz')
  t.equal(dvfPath(2024, '2A'), '2024/departements/2A.csv.gz')
  t.equal(dvfPath(2024, undefined, '97411'), '2024/communes/974/97411.csv')
  t.equal(dvfPath(2024, undefined, '01004'), '2024/communes/01/01004.csv')
})

t.test('a file is fetched once and found unchanged afterwards', async (t) => {
  const site = await startSite(t)
  const folder = t.testdir()
  const received: number[] = []
  const first = await downloadDvf({ ...wanted(site, folder), progress: (bytes) => received.push(bytes) })
  t.equal(first.status, 'fetched')
  t.equal(first.sha256, digest)
  t.same(await readFile(first.path), content)
  t.equal(received.at(-1), content.length)
  t.equal(site.seen[0]?.headers['user-agent'], userAgent)
  const second = await downloadDvf(wanted(site, folder))
  t.match(second, { status: 'unchanged', sha256: digest, bytes: content.length })
  site.etag = '"two"'
  t.equal((await downloadDvf(wanted(site, folder))).status, 'fetched')
})

t.test('a file damaged on disk is fetched again', async (t) => {
  const site = await startSite(t)
  const folder = t.testdir()
  const { path } = await downloadDvf(wanted(site, folder))
  await writeFile(path, 'less')
  t.equal((await downloadDvf(wanted(site, folder))).status, 'fetched')
  t.same(await readFile(path), content)
})

t.test('a download that was aborted goes on where it stopped', async (t) => {
  const site = await startSite(t)
  const folder = t.testdir()
  const half = content.length >> 1
  site.instead = (_, response) => {
    response.writeHead(200, { etag: site.etag, 'content-length': content.length })
    response.write(content.subarray(0, half))
    return true
  }
  const control = new AbortController()
  const options = { ...wanted(site, folder), signal: control.signal }
  const cut = downloadDvf({ ...options, progress: (bytes) => bytes === half && control.abort() })
  await t.rejects(cut)
  await t.rejects(stat(join(folder, '2024/departements/01.csv.gz')), 'half a file does not get the name')
  site.instead = null
  const rest = await downloadDvf(wanted(site, folder))
  t.match(rest, { status: 'resumed', sha256: digest })
  t.match(site.seen.at(-1)?.headers, { range: `bytes=${half}-`, 'if-range': '"one"' })
})

t.test('the rest of another edition is not joined to what is there', async (t) => {
  const site = await startSite(t)
  const folder = t.testdir({ '2024': { departements: { '01.csv.gz.part': 'old bytes' } } })
  const sidecar = { url: `${site.baseUrl}/2024/departements/01.csv.gz`, etag: '"zero"', lastModified: null }
  await writeFile(join(folder, '2024/departements/01.csv.gz.part.json'), JSON.stringify(sidecar))
  const whole = await downloadDvf(wanted(site, folder))
  t.match(whole, { status: 'fetched', sha256: digest })
})

t.test('a part longer than the file is thrown away', async (t) => {
  const site = await startSite(t)
  const folder = t.testdir({ '2024': { departements: { '01.csv.gz.part': 'x'.repeat(content.length + 1) } } })
  const sidecar = { url: `${site.baseUrl}/2024/departements/01.csv.gz`, etag: '"one"', lastModified: null }
  await writeFile(join(folder, '2024/departements/01.csv.gz.part.json'), JSON.stringify(sidecar))
  t.match(await downloadDvf(wanted(site, folder)), { status: 'fetched', sha256: digest })
})

t.test('a service that fails for a moment is asked again', async (t) => {
  const site = await startSite(t)
  let failures = 2
  site.instead = (_, response) => {
    if (failures-- <= 0) return false
    response.writeHead(503, { 'retry-after': '0' }).end('busy')
    return true
  }
  t.match(await downloadDvf(wanted(site, t.testdir())), { status: 'fetched', sha256: digest })
  t.equal(site.seen.length, 3)
})

t.test('a body that breaks off is gone on with in the same download', async (t) => {
  const site = await startSite(t)
  let isFirst = true
  site.instead = (request, response) => {
    if (!isFirst) {
      const from = Number(/^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1])
      const range = `bytes ${from}-${content.length - 1}/${content.length}`
      response.writeHead(206, {
        etag: site.etag,
        'content-range': range,
        'content-length': content.length - from,
      })
      response.end(content.subarray(from))
      return true
    }
    isFirst = false
    response.writeHead(200, { etag: site.etag, 'content-length': content.length })
    response.write(content.subarray(0, 1000), () => setTimeout(() => response.destroy(), 30))
    return true
  }
  t.match(await downloadDvf(wanted(site, t.testdir())), { sha256: digest })
})

t.test('a refusal names the address and what can be done', async (t) => {
  const site = await startSite(t)
  const missing = downloadDvf({ ...wanted(site, t.testdir()), year: 1999 })
  await t.rejects(missing, { name: 'DownloadError', statusCode: 404, message: /1999.* does not exist/ })
  const nobody = downloadDvf({ ...wanted(site, t.testdir()), baseUrl: 'http://127.0.0.1:9' })
  await t.rejects(nobody, DownloadError)
  site.instead = (_, response) => {
    response.writeHead(500).end()
    return true
  }
  await t.rejects(downloadDvf(wanted(site, t.testdir())), { name: 'DownloadError', statusCode: 500 })
})

t.test('the data set description says what is published', async (t) => {
  const site = await startSite(t)
  const description = {
    title: 'Demandes de valeurs foncières',
    last_update: '2025-10-15T08:00:00.000000',
    resources: [
      {
        title: 'Valeurs foncières 2024',
        url: 'https://example.org/a',
        checksum: { type: 'sha1', value: 'ab' },
      },
      { title: 'Notice', url: 'https://example.org/b', filesize: null, checksum: null },
    ],
  }
  site.instead = (request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(request.url === '/dataset/' ? JSON.stringify(description) : '{"message":"no"}')
    return true
  }
  const release = await newestRelease({ datasetUrl: `${site.baseUrl}/dataset/`, http })
  t.equal(release.lastUpdate, description.last_update)
  t.match(release.resources[0], { title: 'Valeurs foncières 2024', checksum: { type: 'sha1', value: 'ab' } })
  t.match(release.resources[1], { bytes: null, checksum: null })
  await t.rejects(newestRelease({ datasetUrl: `${site.baseUrl}/else/`, http }), DownloadError)
})
