import { isoDay } from '../calendar.ts'
import { flatPrice, housePrice, landPrice } from '../prices.ts'
import { between, pick, type Random, weighted } from '../random.ts'
import { streetNames, streetTypes } from '../words.ts'
import { type Agency, agencyOf } from './agencies.ts'
import { dpeFacts } from './certificates.ts'
import type { Ground } from './grounds.ts'
import { descriptions, titleFor } from './phrases.ts'

/** What an ad may be for. */
export type PropertyType = 'flat' | 'house' | 'land' | 'annex' | 'commercial'

/** What an ad says of a home, in the units and words that analysts use; null where it says nothing. */
export interface Facts {
  property_url: string
  status: 'active' | 'under_offer' | 'sold'
  title: string
  address: string
  postal_code: string
  city_name: string
  insee_code: string
  parcel_id: string | null
  property_type: PropertyType
  price_eur: number | null
  surface_m2: number | null
  land_surface_m2: number | null
  room_count: number | null
  bedroom_count: number | null
  floor_no: number | null
  built_year: number | null
  dpe_number: string | null
  dpe_class: string | null
  dpe_kwh_m2: number | null
  ghg_class: string | null
  ghg_kgco2_m2: number | null
  listed_on: string
  sold_on: string | null
  longitude: number
  latitude: number
  agency_name: string
  contact_phone: string
  contact_email: string
  description: string
}

/** A field of an ad. */
export type FactName = keyof Facts

/** One value of an ad. */
export type FactValue = string | number | null

const types: readonly PropertyType[] = ['flat', 'house', 'land', 'annex', 'commercial']

function typeAt(random: Random, ground: Ground): PropertyType {
  const { urbanity } = ground.place
  return types[weighted(random, [0.25 + 0.55 * urbanity, 0.75 - 0.6 * urbanity, 0.05, 0.03, 0.02])] ?? 'flat'
}

/** A price as it is advertised: thousands, sometimes hundreds. */
export function askingPrice(random: Random, euro: number): number {
  const step = euro < 20_000 ? 500 : random() < 0.75 ? 1000 : 100
  return Math.max(step, Math.round(euro / step) * step)
}

/** A street address of a commune: number, perhaps bis or ter, street. Nothing of it exists. */
export function streetAddress(random: Random): string {
  const number = between(random, 1, random() < 0.8 ? 60 : 240)
  const suffix = random() < 0.05 ? pick(random, ['bis', 'ter', 'bis']) : ''
  const type = streetTypes[weighted(random, streetWeights)]?.[0] ?? 'RUE'
  return [number, suffix, type, pick(random, streetNames)].filter(Boolean).join(' ')
}

const streetWeights = streetTypes.map(([, weight]) => weight)

interface Size {
  surface: number | null
  land: number | null
  rooms: number | null
  bedrooms: number | null
}

function sizeOf(random: Random, type: PropertyType): Size {
  if (type === 'land') return { surface: null, land: between(random, 300, 2400), rooms: null, bedrooms: null }
  if (type === 'annex') return { surface: between(random, 11, 19), land: null, rooms: null, bedrooms: null }
  if (type === 'commercial')
    return { surface: between(random, 28, 320), land: null, rooms: null, bedrooms: null }
  if (type === 'flat') {
    const rooms = 1 + weighted(random, [16, 27, 30, 19, 8])
    const surface = Math.round(rooms * 19 + 9 + (random() - 0.5) * (4 + 7 * rooms))
    return { surface, land: null, rooms, bedrooms: Math.max(0, rooms - 1) || null }
  }
  const rooms = 3 + weighted(random, [10, 27, 33, 20, 10])
  const surface = Math.round(rooms * 20 + 8 + (random() - 0.5) * 7 * rooms)
  return { surface, land: between(random, 180, 2200), rooms, bedrooms: rooms - 2 + (random() < 0.5 ? 1 : 0) }
}

function euroOf(random: Random, ground: Ground, type: PropertyType, size: Size, day: number): number {
  const { place } = ground
  if (type === 'flat') return flatPrice(random, place, day, size.surface ?? 50)
  if (type === 'house') return housePrice(random, place, day, size.surface ?? 100, size.land ?? 500)
  if (type === 'land') return landPrice(random, place, day, size.land ?? 600, true)
  if (type === 'annex') return 9000 * (place.flatEuro / 1500) ** 0.7 * (0.8 + 0.5 * random())
  return flatPrice(random, place, day, size.surface ?? 60) * 0.8
}

/**
 * An invented home for sale in a commune: `number` is its number in the world, `key` the one the source gives its ad,
 * `day` the day it is listed.
 */
export function inventFacts(
  random: Random,
  ground: Ground,
  number: number,
  key: string,
  day: number,
  agencies: readonly Agency[],
): Facts {
  const type = typeAt(random, ground)
  const size = sizeOf(random, type)
  const isDwelling = type === 'flat' || type === 'house'
  const agency = agencyOf(agencies, random)
  return {
    property_url: `https://annonces.example/${type}/${key}`,
    status: 'active',
    title: titleFor(random, type, size.rooms),
    address: streetAddress(random),
    postal_code: ground.postalCode,
    city_name: ground.name,
    insee_code: ground.place.code,
    parcel_id:
      random() < 0.4
        ? `${ground.place.code}000A${pick(random, ['B', 'C', 'D', 'H', 'K', 'P'])}${String(1 + (number % 890)).padStart(4, '0')}`
        : null,
    property_type: type,
    price_eur: askingPrice(random, euroOf(random, ground, type, size, day)),
    surface_m2: size.surface,
    land_surface_m2: size.land,
    room_count: size.rooms,
    bedroom_count: size.bedrooms,
    floor_no: type === 'flat' ? between(random, 0, random() < 0.95 ? 6 : 14) : null,
    built_year: isDwelling && random() < 0.8 ? between(random, 1880, 2022) : null,
    ...(isDwelling && random() < 0.8 ? dpeFacts(random, ground.place.department, number) : noDpe),
    listed_on: isoDay(day),
    sold_on: null,
    longitude: Math.round((ground.longitude + (random() - 0.5) * 0.02) * 1e6) / 1e6,
    latitude: Math.round((ground.latitude + (random() - 0.5) * 0.015) * 1e6) / 1e6,
    agency_name: agency.name,
    contact_phone: agency.phone,
    contact_email: agency.email,
    description: pick(random, descriptions),
  }
}

const noDpe = { dpe_number: null, dpe_class: null, dpe_kwh_m2: null, ghg_class: null, ghg_kgco2_m2: null }

/** The fields of an ad, in the order of the interface. */
export const factNames = [
  'property_url',
  'status',
  'title',
  'address',
  'postal_code',
  'city_name',
  'insee_code',
  'parcel_id',
  'property_type',
  'price_eur',
  'surface_m2',
  'land_surface_m2',
  'room_count',
  'bedroom_count',
  'floor_no',
  'built_year',
  'dpe_number',
  'dpe_class',
  'dpe_kwh_m2',
  'ghg_class',
  'ghg_kgco2_m2',
  'listed_on',
  'sold_on',
  'longitude',
  'latitude',
  'agency_name',
  'contact_phone',
  'contact_email',
  'description',
] as const satisfies readonly FactName[]
