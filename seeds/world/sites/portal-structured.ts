import { hashText } from '../random.ts'
import { escapeHtml } from './html.ts'
import type { PortalHome } from './portal-homes.ts'

/** What a page tells machines, by home: some of everything (`mixed`), JSON-LD on every page, or nothing. */
export type StructuredData = 'mixed' | 'all' | 'none'

/** How one page does it. */
export type StructuredForm =
  | 'listing'
  | 'product-graph'
  | 'accommodation'
  | 'broken'
  | 'open-graph'
  | 'nothing'

const mixed: readonly StructuredForm[] = [
  ...(['listing', 'listing', 'listing', 'product-graph', 'product-graph', 'accommodation'] as const),
  ...(['accommodation', 'broken', 'open-graph', 'nothing'] as const),
]

/** Which form the page of a home has: always the same for its key. */
export function structuredForm(key: string, data: StructuredData): StructuredForm {
  if (data === 'none') return 'nothing'
  const form = mixed[hashText(`structured/${key}`) % mixed.length] ?? 'listing'
  if (data === 'mixed') return form
  return form === 'product-graph' || form === 'accommodation' ? form : 'listing'
}

type Json = Record<string, unknown>

const schemaTypes = {
  flat: 'Apartment',
  house: 'SingleFamilyResidence',
  land: 'Place',
  annex: 'Place',
  commercial: 'Place',
} as const

/** An object without the entries that say nothing. */
function said(values: Json): Json {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== ''))
}

function place({ facts, row }: PortalHome): Json {
  return said({
    '@type': schemaTypes[facts.property_type],
    address: {
      '@type': 'PostalAddress',
      streetAddress: row.address,
      postalCode: facts.postal_code,
      addressLocality: facts.city_name,
      addressCountry: 'FR',
    },
    geo: { '@type': 'GeoCoordinates', latitude: facts.latitude, longitude: facts.longitude },
    floorSize: facts.surface_m2 && { '@type': 'QuantitativeValue', value: facts.surface_m2, unitCode: 'MTK' },
    numberOfRooms: facts.room_count,
    numberOfBedrooms: facts.bedroom_count,
    floorLevel: facts.floor_no === null ? null : String(facts.floor_no),
    yearBuilt: facts.built_year,
  })
}

function offer({ facts }: PortalHome): Json {
  const availability = facts.status === 'under_offer' ? 'Reserved' : 'InStock'
  return {
    '@type': 'Offer',
    price: facts.price_eur,
    priceCurrency: 'EUR',
    availability: `https://schema.org/${availability}`,
    seller: {
      '@type': 'RealEstateAgent',
      name: facts.agency_name,
      telephone: facts.contact_phone,
      email: facts.contact_email,
    },
  }
}

function jsonLd(home: PortalHome, form: StructuredForm, origin: string): Json {
  const { facts, key } = home
  const url = `${origin}${home.path}`
  const common = { name: facts.title, description: facts.description, url }
  if (form === 'product-graph') {
    const site = { '@type': 'WebSite', '@id': `${origin}/#site`, name: 'Les annonces du monde simulé' }
    const product = { '@type': ['Product', schemaTypes[facts.property_type]], sku: key, ...common }
    return {
      '@context': 'https://schema.org',
      '@graph': [site, { ...place(home), ...product, offers: [offer(home)] }],
    }
  }
  if (form === 'accommodation') {
    return {
      '@context': 'https://schema.org/',
      ...place(home),
      ...common,
      identifier: key,
      offers: offer(home),
    }
  }
  return {
    '@context': 'https://schema.org',
    '@type': 'RealEstateListing',
    ...common,
    identifier: { '@type': 'PropertyValue', name: 'reference', value: key },
    datePosted: facts.listed_on,
    mainEntity: place(home),
    offers: offer(home),
  }
}

function openGraph({ facts, path }: PortalHome, origin: string): string {
  const values: [string, string][] = [
    ['og:type', 'product'],
    ['og:site_name', 'Les annonces du monde simulé'],
    ['og:url', `${origin}${path}`],
    ['og:title', facts.title],
    ['og:description', facts.description],
    ['og:locality', facts.city_name],
    ['og:postal-code', facts.postal_code],
    ['place:location:latitude', String(facts.latitude)],
    ['place:location:longitude', String(facts.longitude)],
    ['product:price:amount', String(facts.price_eur ?? '')],
    ['product:price:currency', 'EUR'],
  ]
  return values.map(([name, value]) => `<meta property="${name}" content="${escapeHtml(value)}">`).join('\n')
}

/** What the head of a home's page tells machines, as markup. */
export function structuredHead(home: PortalHome, form: StructuredForm, origin: string): string {
  if (form === 'nothing') return ''
  const graph = openGraph(home, origin)
  if (form === 'open-graph') return graph
  // A closing tag inside a text must not end the script.
  const text = JSON.stringify(jsonLd(home, form, origin), null, 1).replaceAll('</', '<\\/')
  const written = form === 'broken' ? `${text.slice(0, -2)},\n}` : text
  return `${graph}\n<script type="application/ld+json">\n${written}\n</script>`
}
