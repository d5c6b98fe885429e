import type { SimSale } from './explorer-sales.ts'

/** What the explorer is asked for; limits are included, null is none. */
export interface Query {
  longitude: number
  latitude: number
  zoom: number
  types: ReadonlySet<number> | null
  /** Months as `2023-05`. */
  monthFrom: string | null
  monthTo: string | null
  priceFrom: number | null
  priceTo: number | null
}

// A map of this many pixels, in the usual projection, shows about 17 by 14 km of France at zoom 12.
const mapWidth = 646
const mapHeight = 532

const worldSize = (zoom: number): number => 256 * 2 ** zoom
const xOf = (longitude: number): number => (longitude + 180) / 360
const yOf = (latitude: number): number => {
  const angle = (latitude * Math.PI) / 180
  return (1 - Math.log(Math.tan(angle) + 1 / Math.cos(angle)) / Math.PI) / 2
}

/** Finds the sales in a view of the map, newest first. */
export type Finder = (query: Query, most: number) => { sales: SimSale[]; total: number }

/** Makes sales searchable by the view of the map that they lie in. */
export function newFinder(sales: readonly SimSale[], order: 'newest' | 'cheapest' = 'newest'): Finder {
  const cells = new Map<string, { sale: SimSale; x: number; y: number; month: string }[]>()
  const side = 1 / 65536
  const sorted = sales.toSorted((a, b) =>
    order === 'newest'
      ? b.soldOn.localeCompare(a.soldOn) || a.id - b.id
      : a.priceEur - b.priceEur || a.id - b.id,
  )
  const place = new Map(sorted.map((sale, i) => [sale, i]))
  for (const sale of sorted) {
    const [x, y] = [xOf(sale.longitude), yOf(sale.latitude)]
    const key = `${Math.floor(x / side)}/${Math.floor(y / side)}`
    const cell = cells.get(key)
    const entry = { sale, x, y, month: sale.soldOn.slice(0, 7) }
    if (cell === undefined) cells.set(key, [entry])
    else cell.push(entry)
  }
  return (query, most) => {
    const [x, y] = [xOf(query.longitude), yOf(query.latitude)]
    const [dx, dy] = [mapWidth / 2 / worldSize(query.zoom), mapHeight / 2 / worldSize(query.zoom)]
    const found: SimSale[] = []
    for (let column = Math.floor((x - dx) / side); column <= Math.floor((x + dx) / side); column++) {
      for (let row = Math.floor((y - dy) / side); row <= Math.floor((y + dy) / side); row++) {
        for (const entry of cells.get(`${column}/${row}`) ?? []) {
          const { sale, month } = entry
          if (
            Math.abs(entry.x - x) <= dx &&
            Math.abs(entry.y - y) <= dy &&
            (query.types === null || query.types.has(sale.type)) &&
            (query.monthFrom === null || month >= query.monthFrom) &&
            (query.monthTo === null || month <= query.monthTo) &&
            (query.priceFrom === null || sale.priceEur >= query.priceFrom) &&
            (query.priceTo === null || sale.priceEur <= query.priceTo)
          )
            found.push(sale)
        }
      }
    }
    found.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0))
    return { sales: found.slice(0, most), total: found.length }
  }
}
