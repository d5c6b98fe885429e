import { boundsOf, meets, type Outline, type Rectangle } from '../../geo/outline.ts'

/** Kilometres in a degree of latitude, on a sphere of the earth's mean radius. */
const kilometresPerDegree = 111.195

/** Width and height, in kilometres. */
export interface Size {
  width: number
  height: number
}

const cosine = (latitude: number): number => Math.max(0.01, Math.cos((latitude * Math.PI) / 180))

/** A rectangle with so many kilometres more on each side. */
export function grown({ west, south, east, north }: Rectangle, kilometres: number): Rectangle {
  const up = kilometres / kilometresPerDegree
  const aside = up / cosine(Math.max(Math.abs(south), Math.abs(north)))
  return { west: west - aside, south: south - up, east: east + aside, north: north + up }
}

const rounded = (degrees: number): number => Math.round(degrees * 1e7) / 1e7

/**
 * Rectangles of one size side by side over an outline: those that meet it. What a view shows beyond its rectangle
 * overlaps the neighbours'.
 */
export function tile(outline: Outline, size: Size, margin: number): Rectangle[] {
  const { west, south, east, north } = grown(boundsOf(outline), margin)
  const height = size.height / kilometresPerDegree
  const rowCount = Math.max(1, Math.ceil((north - south) / height))
  const bottom = (south + north - rowCount * height) / 2
  const tiles: Rectangle[] = []
  for (let row = 0; row < rowCount; row++) {
    const [low, high] = [bottom + row * height, bottom + (row + 1) * height]
    // Nearer to the equator a degree is wider: there the rectangle must not be wider than asked.
    const nearest = low <= 0 && high >= 0 ? 0 : Math.min(Math.abs(low), Math.abs(high))
    const width = size.width / kilometresPerDegree / cosine(nearest)
    const columnCount = Math.max(1, Math.ceil((east - west) / width))
    const left = (west + east - columnCount * width) / 2
    for (let column = 0; column < columnCount; column++) {
      tiles.push({
        west: rounded(left + column * width),
        south: rounded(low),
        east: rounded(left + (column + 1) * width),
        north: rounded(high),
      })
    }
  }
  return tiles.filter((rectangle) => meets(outline, grown(rectangle, margin)))
}

/** A rectangle cut in four, and each again, `times` over: 4, 16, 64 rectangles. */
export function quarters(rectangle: Rectangle, times = 1): Rectangle[] {
  const { west, south, east, north } = rectangle
  const [x, y] = [rounded((west + east) / 2), rounded((south + north) / 2)]
  const four = [
    { west, south, east: x, north: y },
    { west: x, south, east, north: y },
    { west, south: y, east: x, north },
    { west: x, south: y, east, north },
  ]
  return times <= 1 ? four : four.flatMap((quarter) => quarters(quarter, times - 1))
}
