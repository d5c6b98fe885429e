import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { type Site, type SiteOptions, startSite } from './server.ts'

/** A register of sales to be published. */
export type RegisterOptions = Omit<SiteOptions, 'routes' | 'name'> & {
  name?: string
  /** Files of a release in the CSV form. */
  paths: readonly string[]
  /** When it was published, as the data set's description says it. */
  publishedAt: string
}

/** A running register. */
export interface Register extends Site {
  /** Where the description of the data set is. */
  datasetUrl: string
  /** Under which the years lie. */
  csvUrl: string
  /** Publishes another release in place of the one before. */
  publish: (paths: readonly string[], publishedAt: string) => void
}

interface Line {
  text: string
  year: string
  department: string
  commune: string
}

// Positions of date, commune and département among the forty columns.
const columns = { date: 1, commune: 10, department: 12 } as const

function fieldsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',')
  return [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field = '']) => field)
}

function readRelease(paths: readonly string[]): { header: string; lines: Line[] } {
  let header = ''
  const lines: Line[] = []
  for (const path of paths) {
    const [first = '', ...rest] = readFileSync(path, 'utf8').split(/\r?\n/)
    header = first
    for (const text of rest) {
      if (text === '') continue
      const fields = fieldsOf(text)
      lines.push({
        text,
        year: fields[columns.date]?.slice(0, 4) ?? '',
        department: fields[columns.department] ?? '',
        commune: fields[columns.commune] ?? '',
      })
    }
  }
  return { header, lines }
}

interface Published {
  body: Buffer
  etag: string
}

/** What is published under a path below the CSV address; null where there is nothing. */
function publishedFile(release: ReturnType<typeof readRelease>, path: string): Published | null {
  const [, year, part, code] =
    /^(\d{4})\/(?:(full)\.csv\.gz|departements\/(\w{2,3})\.csv\.gz|communes\/\w{2,3}\/\w{5}\.csv)$/.exec(
      path,
    ) ?? []
  if (year === undefined) return null
  const commune = /communes\/\w+\/(\w{5})\.csv$/.exec(path)?.[1]
  const lines = release.lines.filter(
    (line) =>
      line.year === year &&
      (part !== undefined || (commune === undefined ? line.department === code : line.commune === commune)),
  )
  if (lines.length === 0) return null
  const text = `${[release.header, ...lines.map((line) => line.text)].join('\n')}\n`
  const body = commune === undefined ? gzipSync(text, { level: 1 }) : Buffer.from(text)
  return { body, etag: `"${createHash('sha1').update(text).digest('hex').slice(0, 16)}"` }
}

function sendFile(request: FastifyRequest, reply: FastifyReply, { body, etag }: Published): FastifyReply {
  reply.header('etag', etag).header('accept-ranges', 'bytes').type('application/octet-stream')
  const { range, 'if-none-match': known, 'if-range': validator } = request.headers
  if (known === etag) return reply.code(304).send()
  const isSame = validator === undefined || validator === etag
  const [, first, last] = isSame ? (/^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? []) : []
  if (first === undefined) return reply.send(body)
  const from = Number(first)
  if (from >= body.length) return reply.code(416).send()
  const until = Math.min(body.length, last ? Number(last) + 1 : body.length)
  reply.header('content-range', `bytes ${from}-${until - 1}/${body.length}`)
  return reply.code(206).send(body.subarray(from, until))
}

/**
 * Starts what publishes the register of sales: the description of the data set as data.gouv.fr gives it, and the files
 * by year, département and commune as they lie at files.data.gouv.fr.
 */
export async function startRegister(options: RegisterOptions): Promise<Register> {
  let { paths, publishedAt } = options
  let release: ReturnType<typeof readRelease> | undefined
  const files = new Map<string, Published | null>()
  const fileAt = (path: string): Published | null => {
    release ??= readRelease(paths)
    const known = files.get(path)
    if (known !== undefined) return known
    const made = publishedFile(release, path)
    files.set(path, made)
    return made
  }
  const years = (): string[] => {
    release ??= readRelease(paths)
    return [...new Set(release.lines.map(({ year }) => year))].filter((year) => /^\d{4}$/.test(year)).sort()
  }
  const site = await startSite({
    name: 'register',
    ...options,
    routes(app) {
      app.get('/api/1/datasets/demandes-de-valeurs-foncieres/', (request) => ({
        title: 'Demandes de valeurs foncières',
        last_update: publishedAt,
        resources: years().map((year) => ({
          title: `${year}/full.csv.gz`,
          url: `http://${request.host}/geo-dvf/latest/csv/${year}/full.csv.gz`,
          last_modified: publishedAt,
          filesize: null,
          checksum: null,
        })),
      }))
      app.get<{ Params: { '*': string } }>('/geo-dvf/latest/csv/*', (request, reply) => {
        const file = fileAt(request.params['*'])
        return file === null
          ? reply.code(404).type('text/plain').send('Not Found\n')
          : sendFile(request, reply, file)
      })
    },
  })
  return {
    ...site,
    datasetUrl: `${site.url}/api/1/datasets/demandes-de-valeurs-foncieres/`,
    csvUrl: `${site.url}/geo-dvf/latest/csv`,
    publish(next, at) {
      paths = next
      publishedAt = at
      release = undefined
      files.clear()
    },
  }
}
