import { gzipSync } from 'node:zlib'
import type { Column } from '../listings/columns.ts'
import { csvLine } from '../listings/columns.ts'
import { escapeHtml } from './html.ts'
import type { PortalHome } from './portal-homes.ts'

// The same homes as the portal's pages, as feeds and as sitemaps.

/** The feeds' own names of columns, each with the staging column it means. */
export const feedColumns = {
  reference: 'source_key',
  lien: 'property_url',
  etat: 'status',
  titre: 'title',
  adresse: 'address',
  code_postal: 'postal_code',
  commune: 'city',
  parcelle: 'parcel_id',
  type_bien: 'property_type',
  prix: 'price',
  surface_habitable: 'surface',
  surface_terrain: 'land_surface',
  pieces: 'rooms',
  chambres: 'bedrooms',
  etage: 'floor',
  annee: 'built_year',
  dpe_numero: 'dpe_number',
  dpe: 'dpe_class',
  dpe_valeur: 'dpe_energy',
  ges: 'ghg_class',
  ges_valeur: 'dpe_emissions',
  publie_le: 'listed_on',
  lon: 'longitude',
  lat: 'latitude',
  agence: 'agency_name',
  tel: 'contact_phone',
  courriel: 'contact_email',
  texte: 'description',
} as const satisfies Record<string, Column>

const names = Object.keys(feedColumns) as (keyof typeof feedColumns)[]

function cells(home: PortalHome, origin: string): string[] {
  return names.map((name) => (name === 'lien' ? `${origin}${home.path}` : home.row[feedColumns[name]]))
}

/** Homes as CSV, with a header. */
export function csvFeed(homes: readonly PortalHome[], origin: string): string {
  return [names, ...homes.map((home) => cells(home, origin))].map((line) => `${csvLine(line)}\n`).join('')
}

/** Homes as one JSON document, `{ "total": …, "annonces": […] }`; what an ad does not say is null. */
export function jsonFeed(homes: readonly PortalHome[], origin: string): string {
  const annonces = homes.map((home) => {
    const values = cells(home, origin)
    return Object.fromEntries(names.map((name, i) => [name, values[i] || null]))
  })
  return JSON.stringify({ total: homes.length, annonces })
}

/** Homes as XML, an element `annonce` each; what an ad does not say is left out. */
export function xmlFeed(homes: readonly PortalHome[], origin: string): string {
  const items = homes.map((home) => {
    const values = cells(home, origin)
    const fields = names.map((name, i) => {
      const value = values[i] ?? ''
      return value === '' ? '' : `<${name}>${escapeHtml(value)}</${name}>`
    })
    return `<annonce>${fields.join('')}</annonce>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<annonces total="${homes.length}">\n${items.join('\n')}\n</annonces>\n`
}

const sitemapHead = '<?xml version="1.0" encoding="UTF-8"?>\n'
const sitemapSpace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'

/** How many pieces a sitemap of so many homes has. */
export function sitemapPieces(homes: number, size: number): number {
  return Math.max(1, Math.ceil(homes / size))
}

/** The index of the sitemaps; every other one is compressed. */
export function sitemapIndex(homes: readonly PortalHome[], size: number, origin: string): string {
  const items = Array.from({ length: sitemapPieces(homes.length, size) }, (_, i) => {
    const piece = homes.slice(i * size, (i + 1) * size)
    const last =
      piece
        .map(({ changedOn }) => changedOn)
        .sort()
        .at(-1) ?? '2024-01-01'
    const name = `annonces-${i + 1}.xml${i % 2 === 0 ? '.gz' : ''}`
    return `<sitemap><loc>${origin}/sitemaps/${name}</loc><lastmod>${last}</lastmod></sitemap>`
  })
  return `${sitemapHead}<sitemapindex ${sitemapSpace}>\n${items.join('\n')}\n</sitemapindex>\n`
}

/** One piece of the sitemap, counted from 1: text where it is plain, bytes where it is compressed. */
export function sitemapPiece(
  homes: readonly PortalHome[],
  size: number,
  number: number,
  origin: string,
): { plain: string; gzip: Buffer } | null {
  if (number < 1 || number > sitemapPieces(homes.length, size)) return null
  const items = homes
    .slice((number - 1) * size, number * size)
    .map(
      ({ path, changedOn }) =>
        `<url><loc>${escapeHtml(`${origin}${path}`)}</loc><lastmod>${changedOn}</lastmod></url>`,
    )
  const others = number === 1 ? `<url><loc>${origin}/mentions-legales</loc></url>\n` : ''
  const plain = `${sitemapHead}<urlset ${sitemapSpace}>\n${others}${items.join('\n')}\n</urlset>\n`
  return { plain, gzip: gzipSync(plain) }
}
