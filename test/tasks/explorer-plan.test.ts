import fc from 'fast-check'
import t from 'tap'
import { areaSchema, boundsOf, holds, meets, type Outline, type Point } from '../../tasks/lib/geo/outline.ts'
import type { Cell } from '../../tasks/lib/scrape/explorer/cell.ts'
import { cover, type Place } from '../../tasks/lib/scrape/explorer/cover.ts'
import { quarters, tile } from '../../tasks/lib/scrape/explorer/geometry.ts'
import { createExplorer } from '../../tasks/lib/scrape/explorer/index.ts'
import { long } from '../lib/long.ts'
import { memoryContext, settings } from './lib/explorer.ts'

const runs = (few: number) => ({ numRuns: long ? few * 20 : few, seed: 20261121 })
const config = settings()
const all = { propertyTypes: [], from: null, to: null } as const

/** A ring around a centre: corners at growing angles, at any distance. */
const ring = (longitude: number, latitude: number, reach: number) =>
  fc
    .array(fc.double({ min: 0.15, max: 1, noNaN: true }), { minLength: 3, maxLength: 14 })
    .map((radii): Point[] =>
      radii.map((radius, i) => {
        const turn = (2 * Math.PI * i) / radii.length
        return [longitude + reach * radius * Math.cos(turn), latitude + reach * radius * Math.sin(turn)]
      }),
    )

/** Outlines all over France and overseas: one to three polygons, the first sometimes with a hole. */
const outlines: fc.Arbitrary<Outline> = fc
  .record({
    longitude: fc.double({ min: -5, max: 9, noNaN: true }),
    latitude: fc.oneof(
      fc.double({ min: 41.5, max: 51, noNaN: true }),
      fc.double({ min: -21.5, max: 16, noNaN: true }),
    ),
    reach: fc.double({ min: 0.005, max: 0.35, noNaN: true }),
  })
  .chain(({ longitude, latitude, reach }) =>
    fc
      .tuple(
        ring(longitude, latitude, reach),
        fc.option(ring(longitude, latitude, reach * 0.1)),
        fc.array(ring(longitude + 2.2 * reach, latitude, reach / 3), { maxLength: 1 }),
      )
      .map(([outer, hole, islands]) => [
        hole === null ? [outer] : [outer, hole],
        ...islands.map((one) => [one]),
      ]),
  )

const placeFor = (outline: Outline): Place => {
  const { west, south, east, north } = boundsOf(outline)
  return { outline, bbox: [west, south, east, north], centre: [(west + east) / 2, (south + north) / 2] }
}

const inCell = (cell: Cell, [x, y]: Point) =>
  x >= cell.west && x <= cell.east && y >= cell.south && y <= cell.north

t.test(
  'an outline is covered whole, by rectangles that meet it and are no wider than a view less its overlap',
  async (t) => {
    fc.assert(
      fc.property(
        outlines,
        fc.array(
          fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })),
          { minLength: 30, maxLength: 30 },
        ),
        (outline, shares) => {
          const cells = cover(placeFor(outline), config, all)
          const { west, south, east, north } = boundsOf(outline)
          for (const [a, b] of shares) {
            const place: Point = [west + a * (east - west), south + b * (north - south)]
            if (holds(outline, place) && !cells.some((cell) => inCell(cell, place))) return false
          }
          const margin = 0.005
          return cells.every((cell) => {
            const near = {
              west: cell.west - margin,
              south: cell.south - margin,
              east: cell.east + margin,
              north: cell.north + margin,
            }
            const width =
              (cell.east - cell.west) *
              111.195 *
              Math.cos((Math.min(Math.abs(cell.south), Math.abs(cell.north)) * Math.PI) / 180)
            return meets(outline, near) && width < 15.31 && (cell.north - cell.south) * 111.195 < 12.61
          })
        },
      ),
      runs(150),
    )
    t.pass('held for every outline')
  },
)

t.test('an outline meets a rectangle exactly when they have a point in common', async (t) => {
  const square: Outline = [
    [
      [
        [0, 0],
        [10, 0],
        [10, 10],
        [0, 10],
        [0, 0],
      ],
      [
        [4, 4],
        [6, 4],
        [6, 6],
        [4, 6],
      ],
    ],
  ]
  const rectangle = (west: number, south: number, east: number, north: number) => ({
    west,
    south,
    east,
    north,
  })
  t.ok(meets(square, rectangle(1, 1, 2, 2)), 'one inside it')
  t.ok(meets(square, rectangle(-5, -5, 15, 15)), 'one around it')
  t.ok(meets(square, rectangle(-5, 3, 15, 3.5)), 'one across it that holds no corner')
  t.ok(meets(square, rectangle(10, 10, 12, 12)), 'one at its corner')
  t.notOk(meets(square, rectangle(4.5, 4.5, 5.5, 5.5)), 'none within its hole')
  t.notOk(meets(square, rectangle(11, 0, 12, 10)), 'none beside it')
  t.notOk(holds(square, [5, 5]), 'a hole is outside')
  t.ok(holds(square, [5, 3]))
  const two = areaSchema.parse({
    type: 'MultiPolygon',
    coordinates: [
      [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      ],
      [
        [
          [8, 8, 120],
          [9, 8, 120],
          [9, 9, 120],
          [8, 8, 120],
        ],
      ],
    ],
  })
  t.ok(holds(two, [8.9, 8.5]), 'the second part of a multipolygon counts')
  t.notOk(holds(two, [5, 5]))
  t.equal(areaSchema.safeParse({ type: 'Point', coordinates: [1, 2] }).success, false)
})

t.test('where no outline is known the box is covered, and where no box is known the centre', async (t) => {
  const box: Place = { outline: null, bbox: [2, 47, 2.5, 47.3], centre: [2.25, 47.15] }
  const cells = cover(box, config, all)
  t.ok(cells.length >= 9, 'as many as the box takes')
  t.ok(cells.every(({ isUnproved }) => !isUnproved))
  const centre = cover({ outline: null, bbox: null, centre: [2.25, 47.15] }, config, all)
  t.equal(centre.length, 1)
  t.equal(centre[0]?.isUnproved, true, 'which proves nothing')
})

t.test('quarters fill what they quarter', async (t) => {
  const rectangle = { west: 2, south: 47, east: 2.2, north: 47.1 }
  fc.assert(
    fc.property(
      fc.double({ min: 2, max: 2.2, noNaN: true }),
      fc.double({ min: 47, max: 47.1, noNaN: true }),
      fc.integer({ min: 1, max: 3 }),
      (x, y, times) => {
        const parts = quarters(rectangle, times)
        return (
          parts.length === 4 ** times &&
          parts.some((p) => x >= p.west && x <= p.east && y >= p.south && y <= p.north)
        )
      },
    ),
    runs(200),
  )
  t.equal(
    tile(
      [
        [
          [
            [2, 47],
            [2.01, 47],
            [2.01, 47.01],
          ],
        ],
      ],
      { width: 15.3, height: 12.6 },
      0,
    ).length,
    1,
  )
})

t.test(
  'where the geographic service does not answer, a city is covered by the box known of old',
  async (t) => {
    const context = memoryContext({
      url: 'http://127.0.0.1:9',
      city: { inseeCode: '35238', name: 'Rennes' },
      place: null,
    })
    const { city } = context.request
    if (city === null) throw new Error('no city')
    await t.rejects(createExplorer().plan(context), { name: 'ScrapeRefusal' })
    const bbox = [-1.75, 48.07, -1.62, 48.15] as const
    const items = await createExplorer().plan({
      ...context,
      request: { ...context.request, city: { ...city, bbox } },
    })
    t.same(
      items.map(({ params }) => params.isUnproved),
      [false],
    )
  },
)
