import { z } from 'zod'

// Degrees throughout. Communes are small: straight lines between their corners are straight lines on the map.

/** Longitude and latitude, in degrees. */
export type Point = readonly [longitude: number, latitude: number]

/** A rectangle on the map, in degrees. */
export interface Rectangle {
  west: number
  south: number
  east: number
  north: number
}

/** An area: polygons, each an outer ring and its holes; rings may be closed or not. */
export type Outline = readonly (readonly (readonly Point[])[])[]

const point = z
  .array(z.number())
  .min(2)
  .transform((numbers): Point => [numbers[0] ?? 0, numbers[1] ?? 0])
const polygon = z.array(z.array(point).min(3)).min(1)

/** A GeoJSON polygon or multipolygon, read as an outline. */
export const areaSchema = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('Polygon'), coordinates: polygon }),
    z.object({ type: z.literal('MultiPolygon'), coordinates: z.array(polygon).min(1) }),
  ])
  .transform((area): Outline => (area.type === 'Polygon' ? [area.coordinates] : area.coordinates))

/** A rectangle as an outline. */
export function outlineOf({ west, south, east, north }: Rectangle): Outline {
  return [
    [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
      ],
    ],
  ]
}

/** The smallest rectangle that holds an outline. */
export function boundsOf(outline: Outline): Rectangle {
  const bounds = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity }
  for (const polygon of outline) {
    for (const ring of polygon) {
      for (const [longitude, latitude] of ring) {
        bounds.west = Math.min(bounds.west, longitude)
        bounds.east = Math.max(bounds.east, longitude)
        bounds.south = Math.min(bounds.south, latitude)
        bounds.north = Math.max(bounds.north, latitude)
      }
    }
  }
  return bounds
}

function crossings(ring: readonly Point[], [x, y]: Point): number {
  let count = 0
  let [ax, ay] = ring.at(-1) ?? [Number.NaN, Number.NaN]
  for (const [bx, by] of ring) {
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) count++
    ;[ax, ay] = [bx, by]
  }
  return count
}

/** Whether a point lies in an outline: in one of its polygons, and in none of that one's holes. */
export function holds(outline: Outline, place: Point): boolean {
  return outline.some(
    (polygon) => polygon.reduce((count, ring) => count + crossings(ring, place), 0) % 2 === 1,
  )
}

/** Whether the line from `a` to `b` has a point in common with a rectangle, whose border belongs to it. */
function touches({ west, south, east, north }: Rectangle, [ax, ay]: Point, [bx, by]: Point): boolean {
  // The part of the line, from 0 to 1, that lies within each pair of sides.
  let from = 0
  let to = 1
  for (const [start, step, low, high] of [
    [ax, bx - ax, west, east],
    [ay, by - ay, south, north],
  ] as const) {
    if (step === 0) {
      if (start < low || start > high) return false
      continue
    }
    const [first, last] =
      step > 0 ? [(low - start) / step, (high - start) / step] : [(high - start) / step, (low - start) / step]
    from = Math.max(from, first)
    to = Math.min(to, last)
  }
  return from <= to
}

/** Whether an outline and a rectangle have a point in common. */
export function meets(outline: Outline, rectangle: Rectangle): boolean {
  const { west, south, east, north } = rectangle
  for (const polygon of outline) {
    for (const ring of polygon) {
      let before = ring.at(-1)
      for (const corner of ring) {
        if (before !== undefined && touches(rectangle, before, corner)) return true
        before = corner
      }
    }
  }
  // No border crosses it: it lies inside as a whole, or outside.
  return holds(outline, [(west + east) / 2, (south + north) / 2])
}
