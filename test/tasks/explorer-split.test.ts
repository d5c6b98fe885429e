import fc from 'fast-check'
import t from 'tap'
import type { SimSale } from '../../seeds/world/sites/explorer-sales.ts'
import { inventSales } from '../../seeds/world/sites/explorer-sales.ts'
import { areaSchema, type Point } from '../../tasks/lib/geo/outline.ts'
import { type Cell, cellKey, cellSchema, cellUrl } from '../../tasks/lib/scrape/explorer/cell.ts'
import { cover, type Place } from '../../tasks/lib/scrape/explorer/cover.ts'
import { monthNumber, monthOf } from '../../tasks/lib/scrape/explorer/months.ts'
import { divide } from '../../tasks/lib/scrape/explorer/split.ts'
import { long } from '../lib/long.ts'
import { placeOf, settings } from './lib/explorer.ts'
import { subdivide } from './lib/subdivision.ts'

const runs = (few: number) => ({ numRuns: long ? few * 20 : few, seed: 20261121 })
const config = settings()
const all = { propertyTypes: [], from: null, to: null } as const

/** Sales around a point of the outline of Rennes. */
const rennes = placeOf('35238')
const place: Place = {
  outline: areaSchema.parse(rennes.outline),
  bbox: rennes.bbox as Place['bbox'],
  centre: rennes.centre as unknown as Point,
}
const plain: SimSale = {
  id: 0,
  inseeCode: '35238',
  city: 'Rennes',
  postalCode: '35000',
  address: '1 rue Basse',
  type: 2,
  priceEur: 200_000,
  surfaceM2: 60,
  roomCount: 3,
  soldOn: '2023-05-12',
  longitude: rennes.centre[0],
  latitude: rennes.centre[1],
}

t.test('what a divided cell asked for is asked for by one of its parts', async (t) => {
  const smallest = {
    ...(cover(place, config, all)[0] as Cell),
    zoom: config.smallest_zoom,
  }
  const prices = fc.array(fc.option(fc.integer({ min: 1, max: 3_000_000 })), {
    minLength: 95,
    maxLength: 101,
  })
  const sale = fc.record({
    type: fc.constantFrom(0, 1, 2, 4, 5),
    price: fc.double({ min: 1, max: 5e6, noNaN: true }),
    month: fc.integer({ min: 0, max: 131 }),
  })
  fc.assert(
    fc.property(prices, sale, fc.boolean(), (shown, { type, price, month }, isSorted) => {
      const sample = isSorted ? shown.toSorted((a, b) => (a ?? 0) - (b ?? 0)) : shown
      const when = monthOf(monthNumber('2014-01') + month)
      const asks = (cell: Cell) =>
        cell.types.includes(type) &&
        price >= (cell.priceFrom ?? 0) &&
        price <= (cell.priceTo ?? Infinity) &&
        when >= (cell.monthFrom ?? '0000') &&
        when <= (cell.monthTo ?? '9999')
      let cell: Cell = smallest
      for (let depth = 0; depth < 200; depth++) {
        const division = divide(cell, { count: 101, announced: null, prices: sample }, config, {
          area: null,
          lastMonth: '2024-12',
        })
        if (division === null) return cell.monthFrom === cell.monthTo && cell.types.length === 1
        const keys = division.cells.map(cellKey)
        if (new Set(keys).size !== keys.length || keys.includes(cellKey(cell))) return false
        const next = division.cells.find(asks)
        if (next === undefined) return false
        cell = next
      }
      return false
    }),
    runs(200),
  )
  t.pass('held for every sale')
})

t.test('every home is found, however they are strewn', async (t) => {
  const strewn = fc.array(
    fc.record({
      east: fc.integer({ min: -30, max: 30 }),
      north: fc.integer({ min: -30, max: 30 }),
      count: fc.integer({ min: 1, max: 130 }),
      months: fc.integer({ min: 1, max: 60 }),
      spread: fc.constantFrom(0, 0, 10, 1000),
    }),
    { minLength: 1, maxLength: 12 },
  )
  fc.assert(
    fc.property(
      strewn,
      fc.constantFrom('newest' as const, 'cheapest' as const),
      fc.boolean(),
      (groups, order, isAnnounced) => {
        let id = 0
        const sales = groups.flatMap(({ east, north, count, months, spread }) =>
          Array.from(
            { length: count },
            (_, i): SimSale => ({
              ...plain,
              id: ++id,
              longitude: plain.longitude + east * 0.0005,
              latitude: plain.latitude + north * 0.0005,
              priceEur: plain.priceEur + (i * spread) / 4,
              soldOn: `${monthOf(monthNumber('2019-01') + (i % months))}-12`,
            }),
          ),
        )
        const { found, leaves, isComplete } = subdivide(sales, place, config, { order, isAnnounced })
        if (isComplete) return found.size === sales.length && leaves.every(({ count }) => count < 101)
        // Only where a hundred and more of one point, type and price share a month is anything held back.
        const heaps = Map.groupBy(sales, (s) => `${s.longitude}/${s.latitude}/${s.soldOn.slice(0, 7)}`)
        return [...heaps.values()].some((heap) => heap.length > 100)
      },
    ),
    runs(40),
  )
  t.pass('held however they lay')
})

t.test('94, 95, 100, 101 and 102 homes are found; 150 alike are not, and that is said', async (t) => {
  for (const count of [94, 95, 100, 101, 102]) {
    const sales = Array.from(
      { length: count },
      (_, i): SimSale => ({ ...plain, id: i, priceEur: 150_000 + i * 1000 }),
    )
    const { found, cells, isComplete } = subdivide(sales, place, config)
    t.equal(found.size, count, `${count} homes`)
    t.ok(isComplete)
    t.equal(cells.length > 10, count >= 95, 'divided from 95 on')
  }
  for (const [count, isWhole] of [
    [100, true],
    [101, false],
    [150, false],
  ] as const) {
    const sales = Array.from({ length: count }, (_, i): SimSale => ({ ...plain, id: i }))
    const { found, isComplete } = subdivide(sales, place, config)
    t.equal(isComplete, isWhole, `${count} alike`)
    t.equal(found.size, Math.min(count, 101))
  }
})

t.test('a dense city costs at most 1.6 requests a leaf', async (t) => {
  const { sales } = inventSales({
    seed: 3,
    cities: ['35238'],
    salesPerCity: 20_000,
    towers: 0.2,
    hamlets: [94, 95, 100, 101, 102],
  })
  const blind = subdivide(sales, place, config)
  t.equal(blind.found.size, sales.length)
  t.ok(blind.isComplete)
  t.ok(
    blind.cells.length / blind.leaves.length <= 1.6,
    `${blind.cells.length} requests, ${blind.leaves.length} leaves`,
  )
  const told = subdivide(sales, place, config, { isAnnounced: true })
  t.equal(told.found.size, sales.length)
  t.ok(told.cells.length < blind.cells.length, 'and less where the site tells how many there are')
})

t.test('a cell has one name, and goes through the database unchanged', async (t) => {
  const [cell] = cover(place, config, { propertyTypes: ['house', 'flat'], from: '2023-02', to: '2024-08' })
  if (cell === undefined) return t.fail('there is a cell')
  const key = cellKey(cell)
  t.match(key, /^z12 -?\d+\.\d{6};\d+\.\d{6} t1,2 m2023-02\.\.2024-08$/)
  t.equal(cellKey(cellSchema.parse(JSON.parse(JSON.stringify(cell)))), key)
  t.equal(
    cellKey({ ...cell, priceFrom: null, priceTo: 200_000 }),
    `${key.slice(0, key.indexOf(' m'))} p-200000 m2023-02..2024-08`,
  )
  const url = new URL(cellUrl('https://explorer.example', config, cell))
  t.equal(url.searchParams.get('propertytypes'), '1,2')
  t.equal(url.searchParams.get('minmonthyear'), 'Février 2023')
  t.equal(url.searchParams.get('maxmonthyear'), 'Août 2024')
  t.match(url.searchParams.get('center'), /^-?\d+\.\d{6};\d+\.\d{6}$/)
  const onlyHouses = settings({ property_types: { house: 1 } })
  const flats = { propertyTypes: ['flat' as const], from: null, to: null }
  t.throws(() => cover(place, onlyHouses, flats), /no code for homes of type flat/)
})
