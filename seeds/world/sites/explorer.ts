import type { FastifyInstance } from 'fastify'
import { cityPage, explorerPage, type ListHabits } from './explorer-markup.ts'
import { inventSales, type SalesOptions, type SimCity, type SimSale } from './explorer-sales.ts'
import { type Finder, newFinder, type Query } from './explorer-view.ts'
import { type Site, type SiteOptions, startSite } from './server.ts'

/** An explorer to be started. */
export interface ExplorerOptions
  extends Omit<SiteOptions, 'routes' | 'name'>,
    Partial<ListHabits>,
    Partial<Omit<SalesOptions, 'seed'>> {
  name?: string
  /** The sales it shows; invented from the seed unless given. */
  sales?: readonly SimSale[]
  /** Whether results link to pages of their own; without it nothing but what they say tells them apart. */
  hasLinks?: boolean
  order?: 'newest' | 'cheapest'
}

/** A running explorer. */
export interface ExplorerSite extends Site {
  truth: { sales: readonly SimSale[]; cities: readonly SimCity[] }
}

/** As many results as the list ever holds. */
export const resultsAtMost = 101

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
const typeNames: Readonly<Record<number, string>> = {
  0: 'Local commercial',
  1: 'Maison',
  2: 'Appartement',
  4: 'Terrain',
  5: 'Autre',
}

function monthFrom(text: string | undefined): string | null {
  const [name = '', year = ''] = (text ?? '').trim().toLowerCase().split(/\s+/)
  const number = months.indexOf(name) + 1
  return number > 0 && /^\d{4}$/.test(year) ? `${year}-${String(number).padStart(2, '0')}` : null
}

function number(text: string | undefined): number | null {
  return text === undefined || text === '' || !Number.isFinite(Number(text)) ? null : Number(text)
}

function queryFrom(given: Record<string, string | undefined>): Query | null {
  const [longitude, latitude] = (given.center ?? '').split(';').map(Number)
  const zoom = Number(given.zoom)
  if (longitude === undefined || latitude === undefined || !Number.isFinite(longitude + latitude + zoom))
    return null
  const types = given.propertytypes?.split(',').map(Number)
  return {
    longitude,
    latitude,
    zoom,
    types: types === undefined ? null : new Set(types),
    monthFrom: monthFrom(given.minmonthyear),
    monthTo: monthFrom(given.maxmonthyear),
    priceFrom: number(given.minprice),
    priceTo: number(given.maxprice),
  }
}

const grouped = (value: number): string =>
  value
    .toFixed(Number.isInteger(value) ? 0 : 2)
    .replace('.', ',')
    .replace(/\B(?=(\d{3})+(,|$))/g, '\u202f')

/** A sale as the list writes it. */
export function writeSale(sale: SimSale, hasLinks: boolean): Record<string, string> {
  const [year, month, day] = sale.soldOn.split('-')
  return {
    path: hasLinks ? `/transaction/${sale.id}` : '',
    address: sale.address,
    city: `${sale.postalCode} ${sale.city}`,
    price: `${grouped(sale.priceEur)}\u00a0€`,
    surface: `${sale.surfaceM2}\u00a0m²`,
    rooms: sale.roomCount === 0 ? '' : `${sale.roomCount} pièce${sale.roomCount === 1 ? '' : 's'}`,
    type: typeNames[sale.type] ?? '',
    date: `${Number(day)} ${months[Number(month) - 1]} ${year}`,
  }
}

function addRoutes(
  app: FastifyInstance,
  options: {
    html: string
    find: Finder
    hasLinks: boolean
    cities: readonly SimCity[]
    sales: ReadonlyMap<number, SimSale>
  },
): void {
  const { html, find, hasLinks, cities, sales } = options
  app.get('/explorateur/transaction/recherche', (_, reply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(html),
  )
  app.get<{ Querystring: Record<string, string | undefined> }>('/api/transactions', (request, reply) => {
    const query = queryFrom(request.query)
    if (query === null) return reply.code(400).send({ error: 'center et zoom sont requis' })
    const found = find(query, resultsAtMost)
    return reply
      .header('cache-control', 'no-store')
      .send({ total: found.total, results: found.sales.map((sale) => writeSale(sale, hasLinks)) })
  })
  app.get<{ Params: { id: string } }>('/transaction/:id', (request, reply) => {
    const sale = sales.get(Number(request.params.id))
    if (sale === undefined)
      return reply.code(404).type('text/html; charset=utf-8').send('<h1>Introuvable</h1>\n')
    return reply.type('text/html; charset=utf-8').send(`<h1>${sale.address}</h1>\n`)
  })
  // The codes decide; regions, departments and names stand in the address to be read.
  app.get<{ Params: { city: string } }>('/prix-immobilier/:region/:department/:city', (request, reply) => {
    const code = /-([0-9][0-9AB]\d{3})$/.exec(request.params.city)?.[1]
    const city = cities.find((one) => one.inseeCode === code)
    if (city === undefined)
      return reply.code(404).type('text/html; charset=utf-8').send('<h1>Introuvable</h1>\n')
    return reply.type('text/html; charset=utf-8').send(cityPage(city))
  })
}

/**
 * Starts a transaction explorer: a map's view and filters in the address, results drawn by JavaScript after skeletons in
 * a scrolling list that stops at 101, pages with the averages of cities.
 */
export async function startExplorer(options: ExplorerOptions): Promise<ExplorerSite> {
  const { cities = ['35238'], salesPerCity = 400, hamlets, alike, neighbours = 0.1, towers = 0.1 } = options
  const wanted: SalesOptions = { seed: options.seed, cities, salesPerCity, neighbours, towers }
  if (hamlets !== undefined) wanted.hamlets = hamlets
  if (alike !== undefined) wanted.alike = alike
  const invented = options.sales === undefined ? inventSales(wanted) : { sales: options.sales, cities: [] }
  const { list = 'lazy', hasEnd = true, isAnnounced = false, skeletonMs = 0, hasLinks = true } = options
  const site = await startSite({
    name: 'explorer',
    ...options,
    routes: (app) =>
      addRoutes(app, {
        html: explorerPage({ list, hasEnd, isAnnounced, skeletonMs }),
        find: newFinder(invented.sales, options.order),
        hasLinks,
        cities: invented.cities,
        sales: new Map(invented.sales.map((sale) => [sale.id, sale])),
      }),
  })
  return { ...site, truth: invented }
}

/** What `sources.config` must say for this site. */
export const explorerSettings = {
  search: { path: '/explorateur/transaction/recherche' },
  selectors: {
    list: '.results-list',
    item: '.result',
    skeleton: '.skeleton',
    none: '.results-none',
    end: '.results-end',
    error: '.results-error',
    link: 'a.result-link',
    address: '.result-address',
    city: '.result-city',
    price: '.result-price',
    surface: '.result-surface',
    rooms: '.result-rooms',
    type: '.result-type',
    date: '.result-date',
  },
  key_pattern: '/transaction/(\\d+)',
  city_page: {
    path: '/prix-immobilier/{region}-{region_code}/{department}-{department_code}/{city}-{insee_code}',
    flat: '.average-flat .average-price',
    house: '.average-house .average-price',
  },
}
