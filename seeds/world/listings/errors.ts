import { between, pick, type Random } from '../random.ts'
import { columns, type WrittenRow } from './columns.ts'
import { type FactName, type Facts, type FactValue, factNames } from './facts.ts'
import type { Ground } from './grounds.ts'

/**
 * What should become of a wrong row: `hard`, a rule can tell from the row and the reference alone; `soft`, only beside
 * its peers; `counted`, it is no matter of rules but of keys.
 */
export type ErrorKind = 'hard' | 'soft' | 'counted'

/** A way in which a row can be wrong. */
export interface ErrorClass {
  kind: ErrorKind
  /** The fields whose value is wrong or can no longer be told. */
  fields: readonly FactName[]
  /** Whether an ad has what this error spoils. */
  applies: (facts: Facts) => boolean
  /** Spoils a written row in place. Gives what the row now says, where a reader can tell at all. */
  spoil: (row: WrittenRow, facts: Facts, random: Random, elsewhere: Ground) => SaidInstead
}

/** What a spoiled row says, in the fields of which a reader can tell; a value that cannot be read says nothing. */
export type SaidInstead = { [Name in FactName]?: FactValue }

const always = (): boolean => true
const hasPrice = (facts: Facts): boolean => facts.price_eur !== null
const isDwelling = (facts: Facts): boolean =>
  facts.property_type === 'flat' || facts.property_type === 'house'

function spoiled(
  fields: readonly FactName[],
  applies: (facts: Facts) => boolean,
  spoil: (row: WrittenRow, facts: Facts, random: Random, elsewhere: Ground) => SaidInstead | undefined,
  kind: ErrorKind = 'hard',
): ErrorClass {
  return {
    kind,
    fields,
    applies,
    spoil: (row, facts, random, elsewhere) => spoil(row, facts, random, elsewhere) ?? {},
  }
}

function pricedAt(factor: number): ErrorClass {
  return {
    kind: 'soft',
    fields: ['price_eur'],
    applies: (facts) => isDwelling(facts) && (facts.price_eur ?? 0) >= 20_000,
    spoil(row, facts) {
      const price = Math.round((facts.price_eur ?? 0) * factor)
      row.price = row.price.includes('€') ? `${price} €` : String(price)
      return { price_eur: price }
    },
  }
}

const place: readonly FactName[] = ['postal_code', 'city_name', 'insee_code']
const point: readonly FactName[] = ['longitude', 'latitude']

/** The error classes, by name. */
export const errorClasses = {
  missing_price: spoiled(['price_eur'], hasPrice, (row) => {
    row.price = ''
    return { price_eur: null }
  }),
  negative_price: spoiled(['price_eur'], hasPrice, (row, facts) => {
    row.price = `-${facts.price_eur}`
  }),
  text_for_number: spoiled(['surface_m2'], isDwelling, (row) => {
    row.surface = 'quatre-vingts'
  }),
  glued_prices: spoiled(['price_eur'], isDwelling, (row, facts) => {
    const perM2 = Math.round((facts.price_eur ?? 0) / (facts.surface_m2 ?? 1))
    row.price = `${facts.price_eur} €*${perM2} € / m2`
  }),
  surface_unit: spoiled(['surface_m2'], isDwelling, (row, facts) => {
    row.surface = String((facts.surface_m2 ?? 0) * 100)
    return { surface_m2: (facts.surface_m2 ?? 0) * 100 }
  }),
  surface_land_swapped: spoiled(
    ['surface_m2', 'land_surface_m2'],
    (facts) => facts.property_type === 'house' && (facts.land_surface_m2 ?? 0) >= 1250,
    (row, facts) => {
      const held = row.surface
      row.surface = row.land_surface
      row.land_surface = held
      return { surface_m2: facts.land_surface_m2, land_surface_m2: facts.surface_m2 }
    },
  ),
  rooms_absurd: spoiled(['room_count'], isDwelling, (row) => {
    row.rooms = '45'
    return { room_count: 45 }
  }),
  postal_code_elsewhere: spoiled(place, always, (row, _, __, elsewhere) => {
    row.postal_code = elsewhere.postalCode
  }),
  unknown_city: spoiled(place, always, (row) => {
    row.city = 'Sainte-Colombine-sur-Nulle'
    row.postal_code = ''
    row.insee_code = ''
  }),
  insee_elsewhere: spoiled(place, always, (row, _, __, elsewhere) => {
    row.insee_code = elsewhere.place.code
  }),
  coordinates_swapped: spoiled(point, always, (row) => {
    const held = row.longitude
    row.longitude = row.latitude
    row.latitude = held
    return { longitude: null, latitude: null }
  }),
  coordinates_zero: spoiled(point, always, (row) => {
    row.longitude = '0'
    row.latitude = '0'
    return { longitude: null, latitude: null }
  }),
  coordinates_elsewhere: spoiled(point, always, (row, _, __, elsewhere) => {
    row.longitude = elsewhere.longitude.toFixed(6)
    row.latitude = elsewhere.latitude.toFixed(6)
    return { longitude: Number(row.longitude), latitude: Number(row.latitude) }
  }),
  future_date: spoiled(['listed_on'], always, (row) => {
    row.listed_on = row.listed_on.replace(/20\d\d/, '2099')
  }),
  impossible_date: spoiled(['listed_on'], always, (row) => {
    row.listed_on = '31/02/2024'
    return { listed_on: null }
  }),
  dpe_class_wrong: spoiled(
    ['dpe_class', 'dpe_kwh_m2', 'ghg_class', 'ghg_kgco2_m2'],
    (facts) => facts.dpe_kwh_m2 !== null && (facts.surface_m2 ?? 0) >= 45,
    (row, facts) => {
      row.dpe_class = (facts.dpe_kwh_m2 ?? 0) > 180 ? 'A' : 'G'
      // Emissions that would make a G of it would be right.
      const isG = row.dpe_class === 'G'
      if (isG) {
        row.ghg_class = 'A'
        row.dpe_emissions = '3'
      }
      return { dpe_class: row.dpe_class, ...(isG ? { ghg_class: 'A', ghg_kgco2_m2: 3 } : {}) }
    },
  ),
  dpe_number_malformed: spoiled(
    ['dpe_number'],
    (facts) => facts.dpe_number !== null,
    (row) => {
      row.dpe_number = 'DPE-123'
    },
  ),
  email_malformed: spoiled(['contact_email'], always, (row) => {
    row.contact_email = row.contact_email.replace('@', '(at)')
  }),
  phone_malformed: spoiled(['contact_phone'], always, (row) => {
    row.contact_phone = '01 23 45'
  }),
  url_scheme: spoiled(['property_url'], always, (row, _, random) => {
    row.property_url = pick(random, ['javascript:void(0)', `ftp://annonces.example/${row.source_key}`])
  }),
  html_title: spoiled(['title'], always, (row) => {
    row.title = `<b>${row.title}</b><br/>`
  }),
  parcel_elsewhere: spoiled(
    ['parcel_id'],
    (facts) => facts.parcel_id !== null,
    (row, facts, _, elsewhere) => {
      row.parcel_id = elsewhere.place.code + (facts.parcel_id ?? '').slice(5)
      return { parcel_id: row.parcel_id }
    },
  ),
  unknown_type: spoiled(['property_type'], always, (row) => {
    row.property_type = 'Péniche aménagée'
  }),
  absurd_floor: spoiled(
    ['floor_no'],
    (facts) => facts.property_type === 'flat',
    (row) => {
      row.floor = '187'
      return { floor_no: 187 }
    },
  ),
  absurd_year: spoiled(
    ['built_year'],
    (facts) => facts.built_year !== null,
    (row) => {
      row.built_year = '3021'
      return { built_year: 3021 }
    },
  ),
  truncated_row: spoiled(factNames.slice(factNames.indexOf('property_type')), always, (row) => {
    for (const column of columns.slice(columns.indexOf('property_type'))) row[column] = ''
    const lost = factNames.slice(factNames.indexOf('property_type') + 1)
    return Object.fromEntries(lost.map((name) => [name, null]))
  }),
  price_tenfold: pricedAt(10),
  price_tenth: pricedAt(0.1),
  empty_key: spoiled(
    [],
    always,
    (row) => {
      row.source_key = ''
      row.property_url = ''
    },
    'counted',
  ),
  repeated_key: {
    kind: 'counted',
    fields: ['price_eur'],
    applies: (facts) => (facts.price_eur ?? 0) >= 20_000,
    spoil(row, facts, random) {
      const price = Math.round(((facts.price_eur ?? 0) * between(random, 108, 125)) / 100_000) * 1000
      row.price = row.price.includes('€') ? `${price} €` : String(price)
      return { price_eur: price }
    },
  },
  twin: spoiled([], always, () => {}, 'counted'),
  broken_line: spoiled([], always, () => {}, 'counted'),
} as const satisfies Record<string, ErrorClass>

/** The name of an error class. */
export type ErrorName = keyof typeof errorClasses

/** The names of all error classes. */
export const errorNames = Object.keys(errorClasses) as ErrorName[]
