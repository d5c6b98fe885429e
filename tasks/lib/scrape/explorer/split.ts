import { meets, type Outline } from '../../geo/outline.ts'
import type { Cell } from './cell.ts'
import type { ExplorerConfig } from './config.ts'
import { grown, quarters } from './geometry.ts'
import { monthNumber, monthOf } from './months.ts'

/** What a view showed, as far as dividing it goes. */
export interface Shown {
  count: number
  /** How many there are in all, where the site tells. */
  announced: number | null
  /** Prices of the results, in their order, in whole euros; null where one could not be read. */
  prices: readonly (number | null)[]
}

/** How a cell is divided: `space` in four, else one filter narrower. */
export interface Division {
  by: 'space' | 'type' | 'price' | 'month'
  cells: Cell[]
}

/** Where the dividing of a scrape takes place. */
export interface Surroundings {
  /** Null when only the centre is known: then every quarter counts. */
  area: Outline | null
  /** The last month that may be asked for, `2024-11`. */
  lastMonth: string
}

const bandsAtOnce = 4

// Prices at which bands are cut when those shown are no fair sample of all.
const ladder = [50, 80, 110, 140, 170, 200, 230, 270, 320, 400, 500, 700, 1000, 2000, 5000].map(
  (k) => k * 1000,
)

function isSorted(values: readonly number[]): boolean {
  return (
    values.every((value, i) => i === 0 || value >= (values[i - 1] as number)) ||
    values.every((value, i) => i === 0 || value <= (values[i - 1] as number))
  )
}

/** Up to `most` of the values, evenly spaced. */
function spread(values: readonly number[], most: number): number[] {
  if (values.length <= most) return [...values]
  return Array.from(
    { length: most },
    (_, i) => values[Math.floor(((i + 1) * values.length) / (most + 1))] as number,
  )
}

/** Prices between two limits at which a band is cut; none when it is too narrow. */
function priceCuts(from: number | null, to: number | null, prices: readonly (number | null)[]): number[] {
  const [low, high] = [from ?? -1, to ?? Infinity]
  if (high - low <= 2) return []
  const inside = (price: number): boolean => price > low && price < high
  const sample = prices.filter((price) => price !== null)
  // Homes without a price may be in every band or in none: bands would divide nothing.
  if (sample.length * 2 < prices.length) return []
  const values = sample.toSorted((a, b) => a - b)
  const isFair = sample.length >= 4 && (!isSorted(sample) || values[0] === values.at(-1))
  let cuts: number[]
  if (isFair && values[0] !== values.at(-1)) {
    cuts = [1, 2, 3]
      .map((i) => values[Math.floor((i * values.length) / bandsAtOnce)] as number)
      .filter(inside)
  } else if (isFair) {
    // One price for all: a band of its own, as narrow as cents allow.
    const price = values[0] as number
    cuts = [price - 1, price + 1].filter(inside)
  } else cuts = spread(ladder.filter(inside), bandsAtOnce - 1)
  if (cuts.length === 0) cuts = [high === Infinity ? Math.max(1, low) * 2 : Math.floor((low + high) / 2)]
  return [...new Set(cuts)].filter(inside)
}

function byPrice(cell: Cell, prices: Shown['prices']): Cell[] {
  const cuts = priceCuts(cell.priceFrom, cell.priceTo, prices)
  if (cuts.length === 0) return []
  const borders = [cell.priceFrom, ...cuts, cell.priceTo]
  return borders.slice(1).map((priceTo, i) => ({ ...cell, priceFrom: borders[i] as number | null, priceTo }))
}

function byMonth(cell: Cell, firstMonth: string, lastMonth: string): Cell[] {
  const from = monthNumber(cell.monthFrom ?? firstMonth)
  const to = monthNumber(cell.monthTo ?? lastMonth)
  const parts = Math.min(bandsAtOnce, to - from + 1)
  if (parts < 2) return []
  const starts = Array.from({ length: parts }, (_, i) => from + Math.floor((i * (to - from + 1)) / parts))
  return starts.map((start, i) => ({
    ...cell,
    monthFrom: monthOf(start),
    monthTo: monthOf((starts[i + 1] ?? to + 1) - 1),
  }))
}

/** How often to cut in four at once: more than once only where the site tells that quarters would be too full by far. */
function depth(shown: Shown, cell: Cell, config: ExplorerConfig): number {
  const rest = config.smallest_zoom - cell.zoom
  if (shown.announced === null || shown.announced <= shown.count) return Math.min(1, rest)
  const times = Math.floor(Math.log(shown.announced / (2 * config.split_from)) / Math.log(4))
  return Math.max(Math.min(1, rest), Math.min(times, rest, 3))
}

/**
 * Divides a cell that shows too much: its rectangle in four down to the smallest zoom (quarters outside the area are
 * left out), then one type each, then bands of prices, then spans of months. Null when it can be divided no further.
 */
export function divide(
  cell: Cell,
  shown: Shown,
  config: ExplorerConfig,
  { area, lastMonth }: Surroundings,
): Division | null {
  const times = depth(shown, cell, config)
  if (times > 0) {
    const cells = quarters(cell, times)
      .filter((quarter) => area === null || meets(area, grown(quarter, config.margin_km)))
      .map((quarter) => ({ ...cell, ...quarter, zoom: cell.zoom + times }))
    return { by: 'space', cells }
  }
  if (cell.types.length > 1)
    return { by: 'type', cells: cell.types.map((type) => ({ ...cell, types: [type] })) }
  const bands = byPrice(cell, shown.prices)
  if (bands.length > 0) return { by: 'price', cells: bands }
  const spans = byMonth(cell, config.first_month, lastMonth)
  return spans.length > 0 ? { by: 'month', cells: spans } : null
}

/** Whether a view showed so much that it must be divided. */
export function isTooFull(shown: Shown, config: ExplorerConfig): boolean {
  return shown.count >= config.split_from || (shown.announced ?? 0) >= config.results_at_most
}

/** Whether a view that cannot be divided holds something back. */
export function isCapped(shown: Shown, config: ExplorerConfig): boolean {
  return shown.count >= config.results_at_most || (shown.announced ?? 0) > shown.count
}
