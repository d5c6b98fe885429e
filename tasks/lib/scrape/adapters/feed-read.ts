import { type CsvError, parse } from 'csv-parse/sync'
import { XMLParser } from 'fast-xml-parser'
import { unguarded } from '../../export/guard.ts'
import { type FoundRow, ScrapeRefusal } from '../adapter.ts'
import type { FeedConfig } from './feed-config.ts'

/** One home of a feed, by the feed's own names. */
export interface FeedRecord {
  values: Record<string, unknown>
}

/** What a feed holds: homes, and what could not be read as one, as rows without a key. */
export interface ReadFeed {
  records: FeedRecord[]
  rejects: FoundRow[]
}

/**
 * Reads the text of a feed. ScrapeRefusal: layout, when it has not the form it should have; unavailable, when it was
 * cut short.
 */
export function readFeed(text: string, name: string, { feed }: FeedConfig): ReadFeed {
  const head = text.trimStart()
  const format = feed.format ?? (/^[[{]/.test(head) ? 'json' : head.startsWith('<') ? 'xml' : 'csv')
  if (head === '') throw new ScrapeRefusal('layout', `${name} is empty`)
  if (format === 'csv') return readCsv(text, name, feed.delimiter)
  const tree = format === 'json' ? readJson(text, name) : readXml(text, name)
  const list = feed.items === undefined ? firstList(tree) : at(tree, feed.items)
  const elements = Array.isArray(list)
    ? list
    : list === undefined || list === null || list === ''
      ? []
      : [list]
  if (feed.items !== undefined && list === undefined)
    throw new ScrapeRefusal('layout', `${name} has no ${feed.items}`)
  if (feed.items === undefined && list === undefined)
    throw new ScrapeRefusal('layout', `${name} holds no list of homes`)
  const records: FeedRecord[] = []
  const rejects: FoundRow[] = []
  for (const [index, element] of elements.entries()) {
    if (isObject(element)) records.push({ values: element })
    else rejects.push(reject(element, index + 1, 'not_an_object'))
  }
  return { records, rejects }
}

function reject(raw: unknown, line: number, reason: string): FoundRow {
  return { source_key: null, payload: { raw, line, reason } }
}

function readCsv(text: string, name: string, delimiter: string | undefined): ReadFeed {
  const header = text.slice(0, text.indexOf('\n') < 0 ? text.length : text.indexOf('\n'))
  const count = (sign: string) => header.split(sign).length
  const divider =
    delimiter ?? [',', ';', '\t', '|'].reduce((best, sign) => (count(sign) > count(best) ? sign : best))
  const rejects: FoundRow[] = []
  try {
    const records = parse(text, {
      columns: (names: string[]) =>
        names.map((one, i) => (one.trim() === '' ? `column_${i + 1}` : one.trim())),
      delimiter: divider,
      bom: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      raw: true,
      on_skip: (error: CsvError | undefined) => {
        const { raw, lines } = error as { raw?: string; lines?: number }
        rejects.push(reject(raw ?? error?.message ?? '', lines ?? 0, 'bad_line'))
        return undefined
      },
    }) as unknown as { record: Record<string, string> }[]
    return {
      records: records.map(({ record }) => ({
        values: Object.fromEntries(
          Object.entries(record).map(([column, value]) => [column, unguarded(value)]),
        ),
      })),
      rejects,
    }
  } catch (error) {
    throw new ScrapeRefusal('layout', `${name} is no CSV: ${(error as Error).message}`, { cause: error })
  }
}

function readJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    try {
      return lines.map((line) => JSON.parse(line) as unknown)
    } catch {
      throw new ScrapeRefusal('unavailable', `${name} is broken JSON: ${(error as Error).message}`, {
        cause: error,
      })
    }
  }
}

function readXml(text: string, name: string): unknown {
  if (!/<\/[\w:.-]+\s*>\s*$/.test(text.slice(-300)))
    throw new ScrapeRefusal('unavailable', `${name} was cut short`)
  try {
    return new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false }).parse(
      text,
    )
  } catch (error) {
    throw new ScrapeRefusal('unavailable', `${name} is broken XML: ${(error as Error).message}`, {
      cause: error,
    })
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What lies under names with dots between; undefined for nothing. */
export function at(tree: unknown, path: string): unknown {
  if (isObject(tree) && path in tree) return tree[path]
  return path
    .split('.')
    .reduce<unknown>(
      (node, step) => (isObject(node) ? node[step] : Array.isArray(node) ? node[Number(step)] : undefined),
      tree,
    )
}

/** The first list of objects, nearest to the top; where a feed has one home only, the first object without objects. */
function firstList(tree: unknown): unknown {
  let level: unknown[] = [tree]
  let only: unknown
  for (let depth = 0; depth < 5; depth++) {
    const list = level.find((node) => Array.isArray(node) && (node.length === 0 || node.some(isObject)))
    if (list !== undefined) return list
    const objects = level.filter(isObject)
    only = objects.find((node) => Object.keys(node).length > 2 && !Object.values(node).some(isObject)) ?? only
    level = objects.flatMap((node) => Object.values(node))
  }
  return only
}
