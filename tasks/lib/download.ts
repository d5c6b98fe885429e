import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Dispatcher } from 'undici'
import { z } from 'zod'
import { DownloadError, get, refusal } from './http.ts'

export { newestRelease, type PublishedRelease } from './dvf/publication.ts'
export { DownloadError } from './http.ts'

/** Which file of geo-dvf to fetch, and where to keep it. */
export interface DownloadOptions {
  /** Address under which the years lie, without a slash at its end. */
  baseUrl: string
  year: number
  /** Only this département, or only this commune of it (INSEE code); else the whole country. */
  department?: string
  commune?: string
  /** Where files are kept, laid out as at the address. */
  folder: string
  signal?: AbortSignal
  /** Bytes received so far and in all, null when the service does not say. */
  progress?(received: number, total: number | null): void
  http?: Dispatcher
}

/** A file of geo-dvf that lies here whole. */
export interface Download {
  path: string
  url: string
  /** `unchanged`: the service says that the file kept here is still the one it publishes. */
  status: 'fetched' | 'resumed' | 'unchanged'
  etag: string | null
  lastModified: string | null
  bytes: number
  /** Of the file as it is stored, in hexadecimal. */
  sha256: string
}

const sidecar = z.object({
  url: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  bytes: z.number().optional(),
  sha256: z.string().optional(),
})
type Sidecar = z.infer<typeof sidecar>

const missingHint =
  'Years reach back five years; 57, 67, 68 and 976 are not in DVF. DVF_BASE_URL names another address.'

/** Path of a file under the base address, as data.gouv.fr lays them out. */
export function dvfPath(year: number, department?: string, commune?: string): string {
  if (commune !== undefined) {
    const code = department ?? commune.slice(0, commune.startsWith('97') ? 3 : 2)
    return `${year}/communes/${code}/${commune}.csv`
  }
  return department === undefined ? `${year}/full.csv.gz` : `${year}/departements/${department}.csv.gz`
}

/**
 * Fetches one file of geo-dvf, or finds that the one kept is still current. A download that was cut off goes on where
 * it stopped when the service still has the same file, else it begins again; the file appears under its name only
 * once it is whole.
 *
 * DownloadError: no such file, the service refuses, or it cannot be reached after several tries.
 */
export async function downloadDvf(options: DownloadOptions): Promise<Download> {
  const name = dvfPath(options.year, options.department, options.commune)
  const url = `${options.baseUrl}/${name}`
  const path = join(options.folder, name)
  const part = `${path}.part`
  await mkdir(dirname(path), { recursive: true })
  const kept = await readSidecar(path, url)
  // A file damaged on disk is fetched again whatever its tag.
  const isSound = kept !== null && kept.bytes === (await sizeOf(path))
  const partial = await readSidecar(part, url)
  const offset = partial ? await sizeOf(part) : 0
  const validator = partial ? (strong(partial.etag) ?? partial.lastModified) : null

  const headers: Record<string, string> = { 'accept-encoding': 'identity' }
  if (offset > 0 && validator !== null) {
    headers.range = `bytes=${offset}-`
    headers['if-range'] = validator
  } else if (isSound && kept.etag) headers['if-none-match'] = kept.etag
  else if (isSound && kept.lastModified) headers['if-modified-since'] = kept.lastModified

  const answer = await get(url, headers, options)
  if (answer.statusCode === 304 && kept) {
    await answer.body.dump()
    const { etag, lastModified } = kept
    const bytes = await sizeOf(path)
    return {
      path,
      url,
      status: 'unchanged',
      etag,
      lastModified,
      bytes,
      sha256: kept.sha256 ?? (await digestOf(path)),
    }
  }
  if (answer.statusCode === 416) {
    // What is there cannot be gone on with: it is longer than the file the service has.
    await answer.body.dump()
    await rm(part, { force: true })
    await rm(`${part}.json`, { force: true })
    return downloadDvf(options)
  }
  if (answer.statusCode !== 200 && answer.statusCode !== 206) {
    await answer.body.dump()
    throw refusal(answer.statusCode, url, missingHint)
  }
  const from = answer.statusCode === 206 ? rangeStart(answer.headers) : 0
  if (from !== 0 && from !== offset) {
    await answer.body.dump()
    throw new DownloadError(`${url} answered with another part than was asked for`, 'Try again later.', 206)
  }
  const found: Sidecar = {
    url,
    etag: header(answer.headers, 'etag'),
    lastModified: header(answer.headers, 'last-modified'),
  }
  await writeFile(`${part}.json`, JSON.stringify(found))
  const length = header(answer.headers, 'content-length')
  const total = length === null ? null : from + Number(length)
  await store(answer.body, part, from, total, url, options)

  const bytes = await sizeOf(part)
  if (total !== null && bytes !== total) {
    throw new DownloadError(
      `${url} broke off after ${bytes} of ${total} bytes`,
      'Run the same command again: it goes on where it stopped.',
    )
  }
  const sha256 = await digestOf(part)
  await rename(part, path)
  await writeFile(`${path}.json`, JSON.stringify({ ...found, bytes, sha256 }))
  await rm(`${part}.json`, { force: true })
  return {
    path,
    url,
    status: from > 0 ? 'resumed' : 'fetched',
    etag: found.etag,
    lastModified: found.lastModified,
    bytes,
    sha256,
  }
}

async function store(
  body: AsyncIterable<Buffer>,
  part: string,
  from: number,
  total: number | null,
  url: string,
  options: DownloadOptions,
): Promise<void> {
  const file = await open(part, from > 0 ? 'r+' : 'w')
  let at = from
  try {
    await file.truncate(from)
    for await (const chunk of body) {
      await file.write(chunk, 0, chunk.length, at)
      at += chunk.length
      options.progress?.(at, total)
    }
    await file.sync()
  } catch (error) {
    if (options.signal?.aborted) throw error
    const message = `${url} broke off after ${at} bytes: ${(error as Error).message}`
    throw new DownloadError(message, 'Run the same command again: it goes on where it stopped.', null, {
      cause: error,
    })
  } finally {
    await file.close()
  }
}

function header(headers: Record<string, string | string[] | undefined>, name: string): string | null {
  const value = headers[name]
  return typeof value === 'string' ? value : (value?.[0] ?? null)
}

function rangeStart(headers: Record<string, string | string[] | undefined>): number {
  return Number(/^bytes (\d+)-/.exec(header(headers, 'content-range') ?? '')?.[1] ?? -1)
}

// A weak tag does not promise the same bytes.
function strong(etag: string | null): string | null {
  return etag === null || etag.startsWith('W/') ? null : etag
}

async function readSidecar(path: string, url: string): Promise<Sidecar | null> {
  const text = await readFile(`${path}.json`, 'utf8').catch(() => null)
  if (text === null || (await sizeOf(path)) === 0) return null
  try {
    const found = sidecar.parse(JSON.parse(text))
    return found.url === url ? found : null
  } catch {
    // Half written when the machine stopped: as good as none.
    return null
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    (info) => info.size,
    () => 0,
  )
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}
