import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { isoDay } from '../calendar.ts'
import { dayOfNight } from '../listings/market.ts'
import { type CachedBody, cachedBody, sendCached } from './cached.ts'
import { page } from './html.ts'
import {
  openPortalMarket,
  type PortalHome,
  type PortalMarket,
  type PortalTruth,
  slug,
  typeSlugs,
} from './portal-homes.ts'
import { csvFeed, jsonFeed, sitemapIndex, sitemapPiece, xmlFeed } from './portal-lists.ts'
import { detailPage, pageSize, resultsPage } from './portal-pages.ts'
import type { StructuredData } from './portal-structured.ts'
import { type Site, type SiteOptions, startSite } from './server.ts'

/** Habits of a portal that mislead those who read it; none unless told. */
export interface PortalQuirks {
  /** Pages after so many show the first ones again, without end. */
  repeatAfter?: number
  /** So many results of a page stand on the next one again. */
  drift?: number
  /** Every other time a list is asked for it has an eighth of its homes, and says so. */
  flips?: boolean
  /** So many more homes are announced than there are. */
  overcount?: number
  /** No number is announced. */
  noCount?: boolean
  /** An advertisement of another site stands among the results. */
  sponsored?: boolean
  /** The pages of so many homes, the newest, are gone (404) though results link to them. */
  deadLinks?: number
  /** The pages of so many homes, the oldest, lie where robots.txt lets nobody go. */
  privateHomes?: number
}

/** A portal to be started. */
export type PortalOptions = Omit<SiteOptions, 'routes' | 'name' | 'seed'> & {
  name?: string
  seed: string
  /** Homes on the first night, when no `market` is given; 600 unless told. */
  homes?: number
  /** Homes that a commune has at least, about; 40 unless told. */
  least?: number
  market?: PortalMarket
  structured?: StructuredData
  quirks?: PortalQuirks
  /** What robots.txt asks for between two requests, in seconds. */
  crawlDelay?: number
  /** Homes to a piece of the sitemap; 1000 unless told. */
  sitemapSize?: number
  /** Pages of homes are made at the start instead of when they are first asked for. */
  isPrepared?: boolean
}

/** A running portal. */
export interface Portal extends Site {
  truth: () => PortalTruth
  /** Goes on to the next night, or by so many. */
  pass: (nights?: number) => void
  setQuirks: (quirks: PortalQuirks) => void
}

const html = 'text/html; charset=utf-8'
const searchSchema = z.object({
  lieu: z.string().catch(''),
  cp: z.string().catch(''),
  ville: z.string().catch(''),
  type: z.string().catch(''),
  page: z.coerce.number().int().min(1).catch(1),
})

/** What nobody may ask for: robots.txt says so. */
export const forbidden = ['/prive/', '/*?*tri='] as const

/** The robots.txt of a portal. */
export function portalRobots(origin: string, crawlDelay?: number): string {
  const lines = ['User-agent: *', ...forbidden.map((path) => `Disallow: ${path}`)]
  if (crawlDelay !== undefined) lines.push(`Crawl-delay: ${crawlDelay}`)
  lines.push('', 'User-agent: UnwelcomeBot', 'Disallow: /', '', `Sitemap: ${origin}/sitemap.xml`, '')
  return lines.join('\n')
}

function matching(homes: readonly PortalHome[], query: z.infer<typeof searchSchema>): PortalHome[] {
  const types = new Set(query.type.split(',').filter(Boolean))
  const city = slug(query.ville)
  return homes.filter(
    ({ inseeCode, facts, propertyType }) =>
      (query.lieu === '' || inseeCode === query.lieu) &&
      (query.cp === '' || facts.postal_code === query.cp) &&
      (city === '' || slug(facts.city_name) === city) &&
      (types.size === 0 || types.has(propertyType) || types.has(typeSlugs[propertyType])),
  )
}

/** What the routes of a portal share. */
interface Shop {
  options: PortalOptions
  quirks: PortalQuirks
  homes: readonly PortalHome[]
  byPath: Map<string, PortalHome>
  pages: Map<string, CachedBody>
  truth: PortalTruth
  listings: number
}

function stock(shop: Shop, market: PortalMarket): void {
  const truth = market.truth()
  const first = truth.homes.length - (shop.quirks.privateHomes ?? 0)
  shop.truth = truth
  shop.homes = truth.homes.map((home, i) => (i < first ? home : { ...home, path: `/prive${home.path}` }))
  shop.byPath = new Map(shop.homes.map((home) => [home.path, home]))
  for (const { path } of shop.homes.slice(0, shop.quirks.deadLinks ?? 0)) shop.byPath.delete(path)
  shop.pages.clear()
}

function homePage(shop: Shop, home: PortalHome, origin: string): CachedBody {
  const known = shop.pages.get(home.path)
  if (known !== undefined) return known
  const text = detailPage(home, origin, shop.options.structured ?? 'mixed')
  const made = cachedBody(text, html, home.changedOn)
  shop.pages.set(home.path, made)
  return made
}

function search(shop: Shop, request: FastifyRequest): string {
  const query = searchSchema.parse(request.query)
  const { quirks } = shop
  let homes: readonly PortalHome[] = matching(shop.homes, query)
  if (quirks.flips && query.page === 1) shop.listings++
  if (quirks.flips && shop.listings % 2 === 0) homes = homes.slice(0, Math.ceil(homes.length / 8))
  const pages = Math.ceil(homes.length / pageSize)
  const repeat = quirks.repeatAfter
  const shown =
    repeat === undefined ? query.page : ((query.page - 1) % Math.min(repeat, Math.max(1, pages))) + 1
  const first = (shown - 1) * pageSize
  const from = shown > 1 ? Math.max(0, first - (quirks.drift ?? 0)) : first
  const announced = homes.length + (quirks.overcount ?? 0)
  const rest = new URLSearchParams(request.query as Record<string, string>)
  rest.delete('page')
  return resultsPage({
    homes: homes.slice(from, first + pageSize),
    announced: quirks.noCount ? null : announced,
    page: query.page,
    hasNext: repeat === undefined ? query.page < pages : homes.length > 0,
    query: rest,
    origin: `http://${request.host}`,
    isSponsored: quirks.sponsored ?? false,
  })
}

function missing(reply: FastifyReply, status: 404 | 410): FastifyReply {
  const text = status === 410 ? 'Cette annonce n’est plus disponible.' : 'Cette page n’existe pas.'
  return reply
    .code(status)
    .type(html)
    .send(page('Annonce introuvable', '', `<h1>${text}</h1>`))
}

function addLists(app: FastifyInstance, shop: Shop): void {
  const size = shop.options.sitemapSize ?? 1000
  const today = (): string => isoDay(dayOfNight(shop.truth.night))
  const feeds = [
    ['/flux/annonces.csv', 'text/csv; charset=utf-8', csvFeed],
    ['/flux/annonces.json', 'application/json; charset=utf-8', jsonFeed],
    ['/flux/annonces.xml', 'application/xml; charset=utf-8', xmlFeed],
  ] as const
  for (const [path, type, write] of feeds) {
    app.get(path, (request, reply) => {
      const homes = matching(shop.homes, searchSchema.parse(request.query))
      return sendCached(request, reply, cachedBody(write(homes, `http://${request.host}`), type, today()))
    })
  }
  app.get('/sitemap.xml', (request, reply) => {
    const text = sitemapIndex(shop.homes, size, `http://${request.host}`)
    return sendCached(request, reply, cachedBody(text, 'application/xml; charset=utf-8', today()))
  })
  app.get<{ Params: { name: string } }>('/sitemaps/:name', (request, reply) => {
    const [, number, compressed] = /^annonces-(\d+)\.xml(\.gz)?$/.exec(request.params.name) ?? []
    const piece = sitemapPiece(shop.homes, size, Number(number ?? 0), `http://${request.host}`)
    if (piece === null) return missing(reply, 404)
    const cached = compressed
      ? cachedBody(piece.gzip, 'application/gzip', today())
      : cachedBody(piece.plain, 'application/xml; charset=utf-8', today())
    return sendCached(request, reply, cached)
  })
}

function addPages(app: FastifyInstance, shop: Shop): void {
  app.get('/', (request, reply) => {
    const items = shop.truth.cities.map(
      ({ inseeCode, name, homes }) => `<li><a href="/recherche?lieu=${inseeCode}">${name}</a> ${homes}</li>`,
    )
    const text = page('Les annonces du monde simulé', '', `<ul class="villes">\n${items.join('\n')}\n</ul>`)
    return sendCached(request, reply, cachedBody(text, html, isoDay(dayOfNight(shop.truth.night))))
  })
  app.get('/recherche', (request, reply) => {
    const text = search(shop, request)
    return sendCached(request, reply, cachedBody(text, html, isoDay(dayOfNight(shop.truth.night))))
  })
  const sendHome = (request: FastifyRequest, reply: FastifyReply) => {
    const path = (request.raw.url ?? '').split('?', 1)[0] ?? ''
    const home = shop.byPath.get(path)
    if (home !== undefined) return sendCached(request, reply, homePage(shop, home, `http://${request.host}`))
    const fate = shop.truth.gone.get(path.split('/').at(-1) ?? '')
    return missing(reply, fate === undefined || fate === 'withdrawn' ? 404 : 410)
  }
  app.get('/annonces/:type/:ville/:key', sendHome)
  app.get('/prive/annonces/:type/:ville/:key', sendHome)
  app.get('/prive/*', (_, reply) => reply.type(html).send(page('Réservé', '', '<h1>Réservé</h1>')))
}

/**
 * Starts a listing portal over the homes of a seed: pages of results by commune and type, a page for each home, feeds
 * and sitemaps of the same homes. `truth` is what a faultless reader of it would have.
 */
export async function startPortal(options: PortalOptions): Promise<Portal> {
  const { seed } = options
  const homes = options.homes ?? 600
  const market =
    options.market ?? openPortalMarket({ seed, homes, ...(options.least && { least: options.least }) })
  const shop: Shop = {
    options,
    quirks: options.quirks ?? {},
    homes: [],
    byPath: new Map(),
    pages: new Map(),
    truth: market.truth(),
    listings: 0,
  }
  stock(shop, market)
  const site = await startSite({
    name: 'portal',
    ...options,
    routes(app) {
      addPages(app, shop)
      addLists(app, shop)
    },
  })
  if (options.robots === undefined) site.setRobots(portalRobots(site.url, options.crawlDelay))
  if (options.isPrepared) for (const home of shop.byPath.values()) homePage(shop, home, site.url)
  return {
    ...site,
    truth: () => shop.truth,
    pass(nights) {
      market.pass(nights)
      stock(shop, market)
    },
    setQuirks(quirks) {
      shop.quirks = quirks
      stock(shop, market)
    },
  }
}
