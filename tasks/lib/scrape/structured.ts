import type { FoundRow } from './adapter.ts'
import { propertyColumns } from './structured-properties.ts'

// Homes as pages tell them to machines: JSON-LD with the words of schema.org, and Open Graph.

type Json = { [key: string]: unknown }
type Columns = Record<string, string>

const types: Record<string, 'house' | 'flat' | 'land' | ''> = {
  Accommodation: '',
  Apartment: 'flat',
  House: 'house',
  LandParcel: 'land',
  Landform: '',
  Offer: '',
  Place: '',
  Product: '',
  RealEstateListing: '',
  Residence: '',
  Room: '',
  SingleFamilyResidence: 'house',
  Suite: '',
}
/** Members that lead from what is told to the home itself. */
const inward = ['mainEntity', 'mainEntityOfPage', 'itemOffered', 'about', 'object', 'containsPlace']
const statuses: Record<string, string> = {
  InStock: 'active',
  OnlineOnly: 'active',
  InStoreOnly: 'active',
  LimitedAvailability: 'active',
  Reserved: 'under_offer',
  SoldOut: 'sold',
  Discontinued: 'removed',
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function typesOf(node: Json): string[] {
  const said = node['@type']
  if (typeof said === 'string') return [plainType(said)]
  return Array.isArray(said) ? said.filter((name) => typeof name === 'string').map(plainType) : []
}

const plainType = (name: string) =>
  name.includes('/') || name.includes(':') ? name.replace(/^.*[/:]/, '') : name

const isHome = (node: Json) => typesOf(node).some((name) => name in types)

/** A JSON-LD script, read; one with commas too many is understood, any other broken one is null. */
export function readData(text: string): unknown {
  const trimmed = text.trim().replace(/^<!\[CDATA\[|\]\]>$/g, '')
  try {
    return JSON.parse(trimmed)
  } catch {
    try {
      return JSON.parse(trimmed.replace(/,(\s*[}\]])/g, '$1'))
    } catch {
      return null
    }
  }
}

/** The objects that a script tells of at its top: itself, a list, or a graph. */
function tops(value: unknown): Json[] {
  if (Array.isArray(value)) return value.flatMap(tops)
  if (!isObject(value)) return []
  return Array.isArray(value['@graph']) ? value['@graph'].flatMap(tops) : [value]
}

/**
 * The home that scripts of JSON-LD tell of, as columns of staging; null when they tell of none. Where they tell of
 * several (homes nearby), the one whose `url` is the page's counts.
 */
export function homeOfData(scripts: readonly string[], pageUrl: string): FoundRow | null {
  const nodes = scripts.flatMap((text) => tops(readData(text))).filter(isHome)
  if (nodes.length === 0) return null
  const own = nodes.filter((node) => isSamePage(node.url, pageUrl) || isSamePage(node['@id'], pageUrl))
  const first = nodes[0] as Json
  const chosen = own.length > 0 ? own : nodes.filter((node) => node === first || isOther(node, first))
  const columns: Columns = {}
  const payload: Json = {}
  for (const node of chosen) read(node, columns, payload, 0)
  if (Object.keys(columns).length === 0) return null
  return { ...columns, ...(Object.keys(payload).length > 0 && { payload }) }
}

function isSamePage(said: unknown, pageUrl: string): boolean {
  if (said === pageUrl) return true
  if (typeof said !== 'string' || !URL.canParse(said, pageUrl)) return false
  const [one, other] = [new URL(said, pageUrl), new URL(pageUrl)]
  return one.host === other.host && one.pathname.replace(/\/$/, '') === other.pathname.replace(/\/$/, '')
}

// A page may tell of its home in two scripts, as a product and as a place; two of one type are two homes.
function isOther(node: Json, first: Json): boolean {
  return !typesOf(node).some((name) => typesOf(first).includes(name)) && node.url === undefined
}

function read(node: Json, columns: Columns, payload: Json, depth: number): void {
  const set = (column: string, value: unknown) => {
    const text = textOf(value)
    if (text !== null && columns[column] === undefined) columns[column] = text
  }
  for (const name of typesOf(node)) if (types[name]) set('property_type', types[name])
  set('title', node.name ?? node.headline)
  set('description', node.description)
  set('listed_on', node.datePosted ?? node.datePublished)
  readPlace(node, set)
  readOffer(node, set)
  set('surface', quantity(node.floorSize))
  set('land_surface', quantity(node.lotSize))
  set('rooms', quantity(node.numberOfRooms))
  set('bedrooms', quantity(node.numberOfBedrooms))
  set('floor', node.floorLevel)
  set('built_year', node.yearBuilt)
  for (const property of listOf(node.additionalProperty)) {
    const column = propertyColumns(textOf(property.name) ?? '')
    const value = quantity(property)
    if (column !== null) set(column, value)
    else if (value !== null && textOf(property.name)) payload[textOf(property.name) as string] ??= value
  }
  for (const name of ['sku', 'productID', 'identifier'] as const) {
    const value = isObject(node[name]) ? node[name].value : node[name]
    if (textOf(value) !== null) payload[name] ??= textOf(value)
  }
  if (depth >= 4) return
  for (const member of inward)
    for (const inner of listOf(node[member])) read(inner, columns, payload, depth + 1)
  for (const offer of listOf(node.offers)) read(offer, columns, payload, depth + 1)
}

function readPlace(node: Json, set: (column: string, value: unknown) => void): void {
  const { address, geo } = node
  if (isObject(address)) {
    set('address', address.streetAddress)
    set('postal_code', address.postalCode)
    set('city', address.addressLocality)
  } else set('address', address)
  const point = isObject(geo) ? geo : node
  set('longitude', point.longitude)
  set('latitude', point.latitude)
}

function readOffer(node: Json, set: (column: string, value: unknown) => void): void {
  const [specification] = listOf(node.priceSpecification)
  set('price', node.price ?? specification?.price ?? node.lowPrice)
  const availability = textOf(node.availability)?.replace(/^.*\//, '')
  if (availability !== undefined) set('status', statuses[availability])
  for (const name of ['seller', 'offeredBy', 'provider', 'broker', 'agent'] as const) {
    const [agency] = listOf(node[name])
    if (agency === undefined) continue
    set('agency_name', agency.name)
    set('contact_phone', agency.telephone)
    set('contact_email', textOf(agency.email)?.replace(/^mailto:/i, ''))
  }
}

function listOf(value: unknown): Json[] {
  const list = Array.isArray(value) ? value : [value]
  return list.filter(isObject)
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value === 'string' && value.trim() !== '') return value.trim()
  return null
}

/** A number with its unit, however it is told; hectares are written so that they are read as such. */
function quantity(value: unknown): string | null {
  if (!isObject(value)) return textOf(value)
  const text = textOf(value.value ?? value.minValue)
  if (text === null) return null
  return value.unitCode === 'HAR' || value.unitText === 'ha' ? `${text} ha` : text
}

const graphColumns: Record<string, string> = {
  'og:title': 'title',
  'og:description': 'description',
  'og:street-address': 'address',
  'og:postal-code': 'postal_code',
  'og:locality': 'city',
  'place:location:latitude': 'latitude',
  'place:location:longitude': 'longitude',
  'og:latitude': 'latitude',
  'og:longitude': 'longitude',
  'product:price:amount': 'price',
  'og:price:amount': 'price',
}

/** The home that a page's Open Graph tells of, as columns of staging; empty when it tells of none. */
export function homeOfGraph(metas: ReadonlyMap<string, string>): FoundRow {
  const columns: Columns = {}
  for (const [name, column] of Object.entries(graphColumns)) {
    const value = metas.get(name)?.trim()
    if (value && columns[column] === undefined) columns[column] = value
  }
  return columns
}
