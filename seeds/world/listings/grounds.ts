import { departmentCentres } from '../department-centres.ts'
import type { Place } from '../places.ts'
import { choosePlaces, readPlaces } from '../places.ts'

/** A commune in which homes are for sale, as ads name it. */
export interface Ground {
  place: Place
  /** Paris, Lyon and Marseille by the city's name, the postal code tells the arrondissement. */
  name: string
  postalCode: string
  longitude: number
  latitude: number
  /** How many of the world's homes are to lie there. */
  homes: number
}

const narrow = new Set(['75', '92', '93', '94', '90'])

// Well inside the département, also the narrow ones, so that a point tells which one it lies in.
function inside(value: number, centre: number, reach: number): number {
  return centre + Math.max(-reach, Math.min(reach, value - centre))
}

/**
 * The communes of a market of so many homes, with their share, at least `least` homes each: prices can only be compared
 * where there are peers.
 */
export function chooseGrounds(homes: number, seed: string, least = 40): Ground[] {
  const urban = readPlaces().filter((place) => place.population > 8000)
  const count = Math.max(1, Math.min(2500, Math.floor(homes / (least * 2.5))))
  // The number of communes is what choosePlaces derives from a number of lines: one to 200.
  const quotas = choosePlaces(urban, Math.max(count, 24) * 200, seed).toSorted(
    (a, b) => b.lines - a.lines || (a.place.code < b.place.code ? -1 : 1),
  )
  const chosen = quotas.slice(0, count)
  const total = chosen.reduce((sum, { lines }) => sum + lines, 0)
  let passed = 0
  let given = 0
  return chosen.map(({ place, lines }) => {
    passed += lines
    const upTo = Math.round((homes * passed) / total)
    const share = upTo - given
    given = upTo
    const centre = departmentCentres[place.department] ?? [place.longitude, place.latitude]
    const reach = narrow.has(place.department) ? 0.01 : 0.1
    return {
      place,
      name: place.name.replace(/ \d+er? Arrondissement$/i, ''),
      postalCode: place.postalCodes[0] ?? '',
      longitude: inside(place.longitude, centre[0], reach),
      latitude: inside(place.latitude, centre[1], reach),
      homes: share,
    }
  })
}
