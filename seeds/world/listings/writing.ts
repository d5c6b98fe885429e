import { hashText } from '../random.ts'
import type { WrittenRow } from './columns.ts'
import type { Facts, PropertyType } from './facts.ts'

/** How a source writes: plain digits and codes, as French portals show it, or as agencies type it. */
export type Style = 'plain' | 'portal' | 'agency'

/** What may differ from one crawl to the next without meaning anything. */
export interface Ink {
  /** Which spaces and which forms of a number are used: 0 to 3. */
  form: number
  /** A tracking parameter at the end of the address, or nothing. */
  tracking: string
}

const narrow = '\u202f'
const wide = '\u00a0'

function grouped(value: number, space: string): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, space)
}

function euro(value: number | null, style: Style, form: number): string {
  if (value === null) return ''
  if (style === 'plain') return form % 2 === 0 ? String(value) : `${value}.00`
  if (style === 'agency' && form === 3) return `${grouped(value, '.')},00 €`
  return `${grouped(value, [narrow, wide, ' ', narrow][form] ?? ' ')}${form === 2 ? '' : ' '}€`
}

function area(value: number | null, style: Style, form: number): string {
  if (value === null) return ''
  if (style === 'plain') return String(value)
  const comma = style === 'agency' && form === 1 ? ',00' : ''
  return `${grouped(value, form === 0 ? narrow : wide)}${comma} m²`
}

const typeWords: Readonly<Record<PropertyType, readonly string[]>> = {
  flat: ['Appartement', 'Appartement', 'Appartement', 'Duplex'],
  house: ['Maison', 'Maison', 'Villa', 'Pavillon'],
  land: ['Terrain'],
  annex: ['Parking', 'Garage', 'Box'],
  commercial: ['Local commercial', 'Bureau', 'Commerce'],
}

function typeWord(facts: Facts, style: Style): string {
  const words = typeWords[facts.property_type]
  const index = style === 'plain' ? 0 : hashText(facts.property_url) % words.length
  return words[index] ?? ''
}

function rooms(value: number | null, style: Style, form: number): string {
  if (value === null) return ''
  if (style === 'plain') return String(value)
  return form < 2 ? `T${value}` : `${value} pièce${value > 1 ? 's' : ''}`
}

const months = [
  'janvier',
  'février',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'août',
  'septembre',
  'octobre',
  'novembre',
  'décembre',
]

function date(iso: string | null, style: Style): string {
  if (iso === null || style === 'plain') return iso ?? ''
  const [year = '', month = '', day = ''] = iso.split('-')
  if (style === 'portal') return `${day}/${month}/${year}`
  return `${Number(day)} ${months[Number(month) - 1]} ${year}`
}

const statusWords = {
  plain: { active: 'active', under_offer: 'under_offer', sold: 'sold' },
  portal: { active: 'Disponible', under_offer: 'Sous compromis', sold: 'Vendu' },
  agency: { active: '', under_offer: 'Sous offre', sold: 'VENDU' },
} as const

const longTypes: Readonly<Record<string, string>> = {
  RUE: 'rue',
  AV: 'avenue',
  CHE: 'chemin',
  BD: 'boulevard',
  RTE: 'route',
  IMP: 'impasse',
  ALL: 'allée',
  PL: 'place',
  QUAI: 'quai',
  CRS: 'cours',
  LOT: 'lotissement',
  RES: 'résidence',
  MTE: 'montée',
}

/** An address as a source writes it: in the register's capitals, or written out. */
export function writtenAddress(address: string, style: Style): string {
  if (style === 'plain') return address
  return address
    .split(' ')
    .map((word) => longTypes[word] ?? word.toLowerCase())
    .join(' ')
}

function city(name: string, style: Style): string {
  return style === 'agency' ? name.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase() : name
}

function phone(digits: string, style: Style): string {
  if (style === 'plain') return digits
  if (style === 'agency')
    return `+33 ${digits.slice(1).replace(/(\d)(\d\d)(\d\d)(\d\d)(\d\d)/, '$1 $2 $3 $4 $5')}`
  return digits.replace(/\B(?=(\d\d)+$)/g, ' ')
}

function figure(value: number | null, style: Style, unit: string): string {
  if (value === null) return ''
  return style === 'plain' ? String(value) : `${value} ${unit}`
}

function degrees(value: number, style: Style): string {
  return style === 'agency' ? String(value).replace('.', ',') : String(value)
}

/** An ad as a source writes it down; `ink` is what changes from crawl to crawl without meaning anything. */
export function writeRow(key: string, facts: Facts, style: Style, ink: Ink): WrittenRow {
  const text = (value: number | null): string => (value === null ? '' : String(value))
  return {
    source_key: key,
    property_url: facts.property_url + ink.tracking,
    status: statusWords[style][facts.status],
    title: facts.title,
    address: writtenAddress(facts.address, style),
    postal_code: facts.postal_code,
    city: city(facts.city_name, style),
    insee_code: style === 'plain' ? facts.insee_code : '',
    parcel_id: facts.parcel_id ?? '',
    property_type: typeWord(facts, style),
    price: euro(facts.price_eur, style, ink.form),
    surface: area(facts.surface_m2, style, ink.form),
    land_surface: area(facts.land_surface_m2, style, ink.form),
    rooms: rooms(facts.room_count, style, ink.form),
    bedrooms: text(facts.bedroom_count),
    floor: text(facts.floor_no),
    built_year: text(facts.built_year),
    dpe_number: facts.dpe_number ?? '',
    dpe_class: facts.dpe_class ?? (style === 'agency' ? 'NC' : ''),
    dpe_energy: figure(facts.dpe_kwh_m2, style, 'kWh/m²/an'),
    ghg_class: facts.ghg_class ?? '',
    dpe_emissions: figure(facts.ghg_kgco2_m2, style, 'kg CO₂/m²/an'),
    listed_on: date(facts.listed_on, style),
    sale_date: date(facts.sold_on, style),
    longitude: degrees(facts.longitude, style),
    latitude: degrees(facts.latitude, style),
    agency_name: facts.agency_name,
    contact_phone: phone(facts.contact_phone, style),
    contact_email: facts.contact_email,
    description: facts.description,
  }
}
