import type { SimSale } from '../../../seeds/world/sites/explorer-sales.ts'
import { newFinder } from '../../../seeds/world/sites/explorer-view.ts'
import type { Cell } from '../../../tasks/lib/scrape/explorer/cell.ts'
import { cellKey, centreOf } from '../../../tasks/lib/scrape/explorer/cell.ts'
import type { ExplorerConfig } from '../../../tasks/lib/scrape/explorer/config.ts'
import { areaOf, cover, type Place } from '../../../tasks/lib/scrape/explorer/cover.ts'
import { divide, isCapped, isTooFull } from '../../../tasks/lib/scrape/explorer/split.ts'

/** A division of a map, with every sale known. */
export interface Subdivision {
  found: Map<number, SimSale>
  /** Cells that were asked for, and how many sales each holds. */
  cells: { cell: Cell; total: number }[]
  leaves: { cell: Cell; count: number }[]
  isComplete: boolean
}

const all = { propertyTypes: [], from: null, to: null }

/** Divides as a scrape does, asking the truth instead of a site. */
export function subdivide(
  sales: readonly SimSale[],
  place: Place,
  config: ExplorerConfig,
  options: { order?: 'newest' | 'cheapest'; isAnnounced?: boolean; lastMonth?: string } = {},
): Subdivision {
  const find = newFinder(sales, options.order)
  const surroundings = { area: areaOf(place), lastMonth: options.lastMonth ?? '2024-12' }
  const result: Subdivision = { found: new Map(), cells: [], leaves: [], isComplete: true }
  const known = new Set<string>()
  const waiting = cover(place, config, all)
  for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
    const key = cellKey(cell)
    if (known.has(key)) continue
    known.add(key)
    if (known.size > 200_000) throw new Error('the division does not end')
    const [longitude, latitude] = centreOf(cell).split(';').map(Number) as [number, number]
    const { sales: shown, total } = find(
      { ...cell, longitude, latitude, types: new Set(cell.types) },
      config.results_at_most,
    )
    const seen = {
      count: shown.length,
      announced: options.isAnnounced === true ? total : null,
      prices: shown.map(({ priceEur }) => Math.floor(priceEur)),
    }
    result.cells.push({ cell, total })
    const division = isTooFull(seen, config) ? divide(cell, seen, config, surroundings) : null
    if (division !== null) {
      waiting.push(...division.cells)
      continue
    }
    if (isCapped(seen, config)) result.isComplete = false
    for (const sale of shown) result.found.set(sale.id, sale)
    result.leaves.push({ cell, count: shown.length })
  }
  return result
}
