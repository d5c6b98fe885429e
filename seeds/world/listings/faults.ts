import { between, type Random } from '../random.ts'
import { columns, type WrittenRow } from './columns.ts'
import { type FactName, factNames } from './facts.ts'
import type { ShownRow } from './source.ts'

/** A way in which a whole session goes wrong. */
export const faults = [
  'truncated',
  'repeated_pages',
  'ids_replaced',
  'blocked',
  'shifted_layout',
  'old_appended',
  'flipped_count',
  'emptied_layout',
  'empty',
  'schema_grown',
] as const

/** A way in which a whole session goes wrong. */
export type Fault = (typeof faults)[number]

const emptyRow = Object.fromEntries(columns.map((column) => [column, ''])) as WrittenRow

function shifted(row: WrittenRow): WrittenRow {
  const values = columns.map((column) => row[column])
  const from = columns.indexOf('title')
  const moved = [...values.slice(0, from), values.at(-1) ?? '', ...values.slice(from, -1)]
  return Object.fromEntries(columns.map((column, i) => [column, moved[i] ?? ''])) as WrittenRow
}

const laidOut: readonly FactName[] = factNames.filter((name) => !['property_url', 'status'].includes(name))

/**
 * Tonight's rows as a faulty session shows them. `before` is what the last sound session showed. Only `old_appended` and
 * `schema_grown` say nothing untrue about what is for sale.
 */
export function faultyRows(
  fault: Fault,
  random: Random,
  tonight: readonly ShownRow[],
  before: readonly ShownRow[],
): ShownRow[] {
  switch (fault) {
    case 'truncated':
      return tonight.slice(0, Math.floor(tonight.length * (0.35 + 0.3 * random())))
    case 'flipped_count':
      return tonight.slice(0, Math.max(1, Math.floor((tonight.length * 14) / 114)))
    case 'empty':
      return []
    case 'blocked': {
      const row = { ...emptyRow, title: 'Accès refusé : merci de confirmer que vous êtes un humain' }
      return [{ row, home: null, asOf: 0, shown: {}, doubtful: [], errors: [] }]
    }
    case 'repeated_pages': {
      // The list ends early and its first pages come again and again: 10 140 rows for 2 881 ads, and not all of them.
      const shownOnce = tonight.slice(0, Math.floor(tonight.length * (0.5 + 0.2 * random())))
      return Array.from({ length: 3 }, () => shownOnce).flat()
    }
    case 'ids_replaced': {
      const turn = between(random, 100, 999)
      return tonight.map((one) => {
        const key = one.row.source_key === '' ? '' : `${turn}-${one.row.source_key}`
        const { broken: _, ...whole } = one
        return { ...whole, row: { ...one.row, source_key: key } }
      })
    }
    case 'shifted_layout':
      return tonight.map(({ broken: _, ...one }) => ({ ...one, row: shifted(one.row), doubtful: laidOut }))
    case 'emptied_layout':
      return tonight.map(({ broken: _, ...one }) => ({
        ...one,
        row: { ...one.row, price: '', surface: '', rooms: '', city: '', postal_code: '', insee_code: '' },
        doubtful: laidOut,
      }))
    case 'schema_grown':
      return [...tonight]
    case 'old_appended': {
      const known = new Set(before.map(({ row }) => row.source_key))
      return [...before, ...tonight.filter(({ row }) => !known.has(row.source_key))]
    }
  }
}
