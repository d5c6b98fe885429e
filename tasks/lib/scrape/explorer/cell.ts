import { z } from 'zod'
import type { PlannedItem } from '../adapter.ts'
import type { ExplorerConfig } from './config.ts'
import { frenchMonth } from './months.ts'

const month = z.string().regex(/^\d{4}-\d{2}$/)

/**
 * What one request asks for: a rectangle of the map and filters. `priceFrom` and `priceTo` are included; null is no
 * limit. Neighbouring bands share their border, since a price may have cents: what is seen twice counts once.
 */
export const cellSchema = z.object({
  zoom: z.int(),
  west: z.number(),
  south: z.number(),
  east: z.number(),
  north: z.number(),
  /** The site's codes, in rising order. */
  types: z.array(z.int()).min(1),
  priceFrom: z.int().nullable(),
  priceTo: z.int().nullable(),
  monthFrom: month.nullable(),
  monthTo: month.nullable(),
  /** Nobody knows how far the commune reaches: whatever is found, it is not proved to be all. */
  isUnproved: z.boolean().default(false),
})

/** What one request asks for. */
export type Cell = z.infer<typeof cellSchema>

/** The middle of a cell as the site takes it: `-1.553621;47.218372`. */
export function centreOf({ west, south, east, north }: Cell): string {
  return `${((west + east) / 2).toFixed(6)};${((south + north) / 2).toFixed(6)}`
}

/** The name of a cell within a session; the same cell has always the same one. */
export function cellKey(cell: Cell): string {
  const parts = [`z${cell.zoom}`, centreOf(cell), `t${cell.types.join(',')}`]
  if (cell.priceFrom !== null || cell.priceTo !== null)
    parts.push(`p${cell.priceFrom ?? ''}-${cell.priceTo ?? ''}`)
  if (cell.monthFrom !== null || cell.monthTo !== null)
    parts.push(`m${cell.monthFrom ?? ''}..${cell.monthTo ?? ''}`)
  return parts.join(' ')
}

/** A cell as a piece of work of a session. */
export function cellItem(cell: Cell): PlannedItem {
  return { key: cellKey(cell), kind: 'cell', params: { ...cell } }
}

/** The address under which the site shows a cell. */
export function cellUrl(baseUrl: string, config: ExplorerConfig, cell: Cell): string {
  const url = new URL(config.search.path, `${baseUrl.replace(/\/+$/, '')}/`)
  const names = config.search.parameters
  const put = (name: string, value: string | null): void => {
    if (value !== null) url.searchParams.set(name, value)
  }
  put(names.center, centreOf(cell))
  put(names.zoom, String(cell.zoom))
  put(names.property_types, cell.types.join(','))
  put(names.price_from, cell.priceFrom === null ? null : String(cell.priceFrom))
  put(names.price_to, cell.priceTo === null ? null : String(cell.priceTo))
  put(names.month_from, cell.monthFrom === null ? null : frenchMonth(cell.monthFrom))
  put(names.month_to, cell.monthTo === null ? null : frenchMonth(cell.monthTo))
  return url.href
}
