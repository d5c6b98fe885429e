import { readFile, stat } from 'node:fs/promises'
import { type Adapter, type Found, ScrapeRefusal } from '../adapter.ts'
import { readBody } from '../body.ts'
import { type FeedConfig, feedSchema } from './feed-config.ts'
import { readFeed } from './feed-read.ts'
import { rowsOf } from './feed-rows.ts'
import { fillTemplate } from './template.ts'

interface FeedPage {
  text: string
  url: string
  /** Columns of staging. */
  fields: string[]
}

const largestFile = 64_000_000

/** Reads feeds of homes: CSV, JSON or XML, from an address or a file, with what its names mean in the config. */
export const feed: Adapter<FeedConfig, FeedPage> = {
  kind: 'feed',
  config: feedSchema,

  async plan({ source, request }) {
    if (request.file !== null) return [{ key: 'file', kind: 'file', params: { path: request.file } }]
    const template = request.url ?? source.config.feed.url ?? source.baseUrl
    if (template === null)
      throw new ScrapeRefusal('layout', `source ${source.code} has no address: give --file`)
    return [
      { key: 'feed', kind: 'feed', params: { url: fillTemplate(template, { request }, source.baseUrl) } },
    ]
  },

  async fetch(item, context) {
    const [row] = await context.call<{ fields: string[] }>('select app_private.staged_fields() as fields', [])
    const fields = row?.fields ?? []
    if (item.kind === 'file') {
      const path = String(item.params.path)
      return { text: await readLocal(path), url: path, fields }
    }
    const answer = await context.get(String(item.params.url))
    if (answer.status !== 200) throw new ScrapeRefusal('not_found', `${answer.url} answered ${answer.status}`)
    return { text: answer.text, url: answer.url, fields }
  },

  extract({ text, url, fields }, _item, { source }): Found {
    const { records, rejects } = readFeed(text, url, source.config)
    const rows = rowsOf(records, source.config.columns, fields)
    if (rows === null) {
      const names = [...new Set(records.flatMap((record) => Object.keys(record.values)))].slice(0, 10)
      throw new ScrapeRefusal('layout', `none of the names in ${url} is known: ${names.join(', ')}`)
    }
    return { rows: [...rows, ...rejects], items: [], count: rows.length + rejects.length, coverage: 'whole' }
  },
}

async function readLocal(path: string): Promise<string> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new ScrapeRefusal('not_found', `${path} cannot be read: ${error.message}`, { cause: error })
  })
  if (!info.isFile()) throw new ScrapeRefusal('not_found', `${path} is no file`)
  if (info.size > largestFile) {
    throw new ScrapeRefusal('too_large', `${path} has ${info.size} bytes: stage it with parcelle stage`)
  }
  return readBody({ status: 200, headers: {}, body: await readFile(path) }, path, largestFile * 4)
}
