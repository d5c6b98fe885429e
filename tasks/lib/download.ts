import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Dispatcher, request } from 'undici'
import { z } from 'zod'
import { createHttp, userAgent } from './http.ts'

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

/** A download that failed for good; `hint` says what can be done. */
export class DownloadError extends Error {
  override name = 'DownloadError'
  readonly hint: string
  readonly statusCode: number | null

  constructor(message: string, hint: string, statusCode: number | null = null, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
    this.statusCode = statusCode
  }
}

const sidecar = z.object({
  url: z.string(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  bytes: z.number().optional(),
  sha256: z.string().optional(),
})
type Sidecar = z.infer<typeof sidecar>

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
  if (kept?.bytes !== undefined && kept.bytes !== (await sizeOf(path))) kept.etag = kept.lastModified = null
  const partial = await readSidecar(part, url)
  const offset = partial ? await sizeOf(part) : 0
  const validator = partial ? (strong(partial.etag) ?? partial.lastModified) : null

  const headers: Record<string, string> = { 'user-agent': userAgent, 'accept-encoding': 'identity' }
  if (offset > 0 && validator !== null) {
    headers.range = `bytes=${offset}-`
    headers['if-range'] = validator
  } else if (kept?.etag) headers['if-none-match'] = kept.etag
  else if (kept?.lastModified) headers['if-modified-since'] = kept.lastModified

  const answer = await ask(url, headers, options)
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
    throw refusal(answer.statusCode, url)
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

async function ask(
  url: string,
  headers: Record<string, string>,
  options: { signal?: AbortSignal; http?: Dispatcher },
) {
  const http = options.http ?? createHttp()
  try {
    return await request(url, {
      dispatcher: http,
      headers,
      ...(options.signal && { signal: options.signal }),
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new DownloadError(
      `${url} cannot be reached: ${(error as Error).message}`,
      'Check the network and the address.',
      null,
      { cause: error },
    )
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

function refusal(statusCode: number, url: string): DownloadError {
  if (statusCode === 404) {
    const hint =
      'Years reach back five years; 57, 67, 68 and 976 are not in DVF. See DVF_BASE_URL for another address.'
    return new DownloadError(`${url} does not exist`, hint, statusCode)
  }
  return new DownloadError(
    `${url} answered ${statusCode}`,
    'Try again later, or check the address.',
    statusCode,
  )
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

const dataset = z.object({
  title: z.string().optional(),
  last_update: z.string(),
  resources: z.array(
    z.object({
      title: z.string(),
      url: z.string(),
      filesize: z.number().nullish(),
      last_modified: z.string().nullish(),
      checksum: z.object({ type: z.string(), value: z.string() }).nullish(),
    }),
  ),
})

/** What the data set's own page says is published. */
export interface PublishedRelease {
  /** When the data set was last changed, as the service writes it. */
  lastUpdate: string
  resources: {
    title: string
    url: string
    bytes: number | null
    lastModified: string | null
    /** Kind and value, such as `sha1`. */
    checksum: { type: string; value: string } | null
  }[]
}

/**
 * Asks data.gouv.fr what the newest release of DVF is.
 *
 * DownloadError: the service cannot be reached, refuses, or answers in a form that is not its documented one.
 */
export async function newestRelease(options: {
  datasetUrl: string
  signal?: AbortSignal
  http?: Dispatcher
}): Promise<PublishedRelease> {
  const { datasetUrl } = options
  const answer = await ask(datasetUrl, { 'user-agent': userAgent, accept: 'application/json' }, options)
  if (answer.statusCode !== 200) {
    await answer.body.dump()
    throw refusal(answer.statusCode, datasetUrl)
  }
  const parsed = dataset.safeParse(await answer.body.json().catch(() => null))
  if (!parsed.success) {
    const message = `${datasetUrl} is not a data set description of data.gouv.fr`
    throw new DownloadError(message, 'Check DVF_DATASET_URL.', 200, { cause: parsed.error })
  }
  return {
    lastUpdate: parsed.data.last_update,
    resources: parsed.data.resources.map((resource) => ({
      title: resource.title,
      url: resource.url,
      bytes: resource.filesize ?? null,
      lastModified: resource.last_modified ?? null,
      checksum: resource.checksum ?? null,
    })),
  }
}
