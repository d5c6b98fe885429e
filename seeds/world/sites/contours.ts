import type { Place } from '../places.ts'
import { hashText } from '../random.ts'

/** A point as GeoJSON writes it: longitude, latitude. */
export type Position = readonly [longitude: number, latitude: number]

/** The outline of a commune as GeoJSON writes it. */
export type Contour =
  | { type: 'Polygon'; coordinates: Position[][] }
  | { type: 'MultiPolygon'; coordinates: Position[][][] }

/** Where a commune of the world lies. */
export interface Outline {
  centre: Position
  contour: Contour
  /** West, south, east, north. */
  bbox: readonly [number, number, number, number]
}

const kilometresPerDegree = 111.2
const corners = 24

function round(degrees: number): number {
  return Math.round(degrees * 1e5) / 1e5
}

/** A closed ring around a point, about `radius` km away from it everywhere. */
function ring(seed: string, centre: Position, radius: number): Position[] {
  const shrink = Math.cos((centre[1] * Math.PI) / 180)
  const points = Array.from({ length: corners }, (_, i): Position => {
    const reach = radius * (0.8 + (0.4 * (hashText(`${seed}/${i}`) % 1000)) / 1000)
    const turn = (2 * Math.PI * i) / corners
    return [
      round(centre[0] + (reach * Math.cos(turn)) / (kilometresPerDegree * shrink)),
      round(centre[1] + (reach * Math.sin(turn)) / kilometresPerDegree),
    ]
  })
  return [...points, points[0] as Position]
}

/** How far a commune of the world reaches from its centre, in km: a village 2.5, a big city 8. */
export function communeRadius(population: number): number {
  return 2.5 + Math.min(6, 0.01 * Math.sqrt(population))
}

/**
 * The outline of a commune: a rough polygon around its centre in the world, always the same; one in sixteen has an
 * island beside it.
 */
export function communeOutline(
  place: Pick<Place, 'code' | 'population' | 'longitude' | 'latitude'>,
): Outline {
  const centre: Position = [round(place.longitude), round(place.latitude)]
  const radius = communeRadius(place.population)
  const main = ring(place.code, centre, radius)
  const hasIsland = hashText(`island/${place.code}`) % 16 === 0
  const away: Position = [round(centre[0] + (1.8 * radius) / 76), centre[1]]
  const rings = hasIsland ? [main, ring(`island/${place.code}`, away, radius * 0.2)] : [main]
  const all = rings.flat()
  const longitudes = all.map(([longitude]) => longitude)
  const latitudes = all.map(([, latitude]) => latitude)
  return {
    centre,
    contour: hasIsland
      ? { type: 'MultiPolygon', coordinates: rings.map((one) => [one]) }
      : { type: 'Polygon', coordinates: [main] },
    bbox: [Math.min(...longitudes), Math.min(...latitudes), Math.max(...longitudes), Math.max(...latitudes)],
  }
}
