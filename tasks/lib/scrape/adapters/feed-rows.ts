import type { FoundRow } from '../adapter.ts'
import { at, type FeedRecord } from './feed-read.ts'

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  return null
}

/**
 * Homes of a feed as rows of staging: names that `columns` explains, names that are columns of staging, and everything
 * else in the payload. Null when not a single name is known. Rows have a `source_key` only where the feed has such a
 * column; it is then empty for a home without one.
 */
export function rowsOf(
  records: readonly FeedRecord[],
  columns: Readonly<Record<string, string>>,
  fields: readonly string[],
): FoundRow[] | null {
  if (records.length === 0) return []
  const known = new Set(fields)
  const byName = new Map(Object.entries(columns).map(([name, column]) => [name.toLowerCase(), column]))
  const paths = Object.entries(columns).filter(([name, column]) => name.includes('.') && known.has(column))
  const names = new Set(records.flatMap(({ values }) => Object.keys(values)))
  const meant = new Map<string, string>()
  for (const name of names) {
    const column = byName.get(name.toLowerCase()) ?? name.toLowerCase()
    if (known.has(column) && ![...meant.values()].includes(column)) meant.set(name, column)
  }
  if (meant.size === 0 && paths.length === 0) return null
  const hasKeys =
    [...meant.values()].includes('source_key') || paths.some(([, column]) => column === 'source_key')
  return records.map(({ values }) => {
    const row: FoundRow = hasKeys ? { source_key: null } : {}
    const payload: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(values)) {
      const column = meant.get(name)
      const text = textOf(value)
      if (column !== undefined && (text !== null || value === null)) {
        if (text !== null && text !== '') row[column] = text
      } else if (value !== null && value !== '') payload[name] = value
    }
    for (const [path, column] of paths) {
      const text = textOf(at(values, path))
      if (text !== null && text !== '' && row[column] == null) row[column] = text
    }
    return Object.keys(payload).length > 0 ? { ...row, payload } : row
  })
}
