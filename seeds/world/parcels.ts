import type { Place, Territory } from './places.ts'
import { between, hashText, type Random, weighted } from './random.ts'
import { placeNames, streetNames, streetTypes } from './words.ts'

/** A street or a place name as the register knows it within a commune. */
export interface Street {
  /** `RUE`, `AV`, …; empty for a place name. */
  type: string
  name: string
  /** Four characters; those of place names begin with B. */
  code: string
}

/** A parcel of the world, with the address its premises answer to. */
export interface Parcel {
  place: Place
  territory: Territory
  /** Section prefix, three digits. */
  prefix: string
  /** Two characters, left-padded with 0. */
  section: string
  plan: number
  /** The volume of a building divided in volumes; empty elsewhere. */
  volume: string
  /** The 14 characters it was registered under. */
  id: string
  /** The first 10 characters of `id`. */
  sectionKey: string
  /** Absent where the file gives no address, hence no postal code. */
  street: Street | undefined
  /** 0 where there is none. */
  number: number
  suffix: string
  postalCode: string
  /** Degrees, six decimals; empty where the plan of the section is not vectorised. */
  longitude: string
  latitude: string
}

/** The land of one commune as deeds are drawn on it; keeps the parcels already met. */
export interface Ground {
  place: Place
  parcels: Map<string, Parcel>
  /** Per section of the département: the next plan number never sold before. */
  freshPlans: Map<string, number>
}

/** A commune's ground; `freshPlans` is shared by the communes of a département. */
export function groundOf(place: Place, freshPlans: Map<string, number>): Ground {
  return { place, parcels: new Map(), freshPlans }
}

function sectionCode(place: Place, index: number): string {
  if (place.sectionCount <= 20) return `0${String.fromCharCode(65 + (index % 26))}`
  return String.fromCharCode(65 + (Math.floor(index / 24) % 26)) + String.fromCharCode(65 + (index % 24))
}

function streetOf(place: Place, h: number, rural: boolean): Street {
  const choice = h % 997
  if (rural) {
    const name = placeNames[choice % placeNames.length] ?? ''
    return { type: '', name, code: `B${String((choice % 300) + 1).padStart(3, '0')}` }
  }
  const random = ((choice * 7919) % 997) / 997
  const type =
    streetTypes[
      weighted(
        () => random,
        streetTypes.map((t) => t[1]),
      )
    ]?.[0] ?? 'RUE'
  const name = streetNames[(choice + place.population) % streetNames.length] ?? ''
  return { type, name, code: String(((choice * 13) % 9000) + 10).padStart(4, '0') }
}

function makeParcel(ground: Ground, index: number, plan: number): Parcel {
  const { place } = ground
  const territory = place.territories[index % place.territories.length] as Territory
  const marseille = place.code.startsWith('132')
  const prefix = marseille ? `8${place.code.slice(3)}` : '000'
  const section = sectionCode(place, index)
  const sectionKey = territory.code + prefix + section
  const id = sectionKey + String(plan).padStart(4, '0')
  const h = hashText(id)
  const streetless = h % 100 < 3
  const rural = (h >>> 8) % 100 < 45 * (1 - place.urbanity)
  // Neighbours share a street: it follows from the section and from the tens of the plan number.
  const street = streetOf(place, hashText(`${sectionKey}/${Math.floor((plan % 500) / 25)}`), rural)
  const draw = (h >>> 16) % 1000
  const number = rural
    ? draw < 150
      ? 5000 + (draw % 999)
      : 0
    : draw < 25
      ? 9000 + draw
      : 1 + ((plan * 2) % 180)
  const suffix = number > 0 && draw > 940 ? (['B', 'T', 'A', 'C', 'B', 'Q'][draw % 6] ?? '') : ''
  const placed = (h >>> 4) % 1000 >= 27
  const angle = index * 2.4
  const reach = 0.004 * Math.sqrt(index + 1) * (1.4 - place.urbanity)
  const east = place.longitude + reach * Math.cos(angle) + (((h >>> 3) % 1000) / 1000 - 0.5) * 0.006
  const north = place.latitude + reach * Math.sin(angle) * 0.7 + (((h >>> 13) % 1000) / 1000 - 0.5) * 0.004
  return {
    place,
    territory,
    prefix,
    section,
    plan,
    volume: plan >= 400 && plan <= 445 && h % 50 === 0 ? String(1 + ((h >>> 7) % 8)) : '',
    id,
    sectionKey,
    street: streetless ? undefined : street,
    number: streetless ? 0 : number,
    suffix: streetless ? '' : suffix,
    postalCode: streetless ? '' : (place.postalCodes[index % place.postalCodes.length] ?? ''),
    longitude: placed ? String(Math.round(east * 1e6) / 1e6) : '',
    latitude: placed ? String(Math.round(north * 1e6) / 1e6) : '',
  }
}

/** The parcel of that plan number in the commune's section of that index; the same object every time. */
export function parcelAt(ground: Ground, section: number, plan: number): Parcel {
  const key = `${section}/${plan}`
  const known = ground.parcels.get(key)
  if (known !== undefined) return known
  const parcel = makeParcel(ground, section, plan)
  ground.parcels.set(key, parcel)
  return parcel
}

/** A section of the commune, by its index. */
export function anySection(ground: Ground, random: Random): number {
  return Math.floor(random() * ground.place.sectionCount)
}

/** A plot with one house on it, which may be sold several times in the five years. */
export function housePlot(ground: Ground, random: Random, section = anySection(ground, random)): Parcel {
  return parcelAt(ground, section, between(random, 1, 399))
}

/** A plot with a block of flats; a section has few, so that a block is met often. */
export function blockPlot(ground: Ground, random: Random, section = anySection(ground, random)): Parcel {
  return parcelAt(ground, section, between(random, 400, 424))
}

/** Bare land, which may be sold several times. */
export function barePlot(ground: Ground, random: Random, section = anySection(ground, random)): Parcel {
  return parcelAt(ground, section, between(random, 500, 899))
}

/** A parcel that no other deed of the world is about. */
export function freshPlot(ground: Ground, section: number): Parcel {
  const sample = makeParcel(ground, section, 1)
  const next = ground.freshPlans.get(sample.sectionKey) ?? 1000
  if (next > 9999) throw new RangeError(`section ${sample.sectionKey} has no parcel left`)
  ground.freshPlans.set(sample.sectionKey, next + 1)
  return parcelAt(ground, section, next)
}

/** The same parcel under another plan number, everything else kept: what a corrected plan number looks like. */
export function renumbered(parcel: Parcel, plan: number): Parcel {
  return { ...parcel, plan, id: parcel.sectionKey + String(plan).padStart(4, '0') }
}
