import type { CheerioAPI } from 'cheerio'
import {
  type Adapter,
  type Answer,
  type Found,
  type PlannedItem,
  type ScrapeContext,
  ScrapeRefusal,
} from '../adapter.ts'
import { refuseEmptyWall } from '../block.ts'
import { isBetweenSlashes } from '../config.ts'
import { scanPage } from '../scan.ts'
import { isGone, readHome, refuseCut, treeOf } from './detail.ts'
import { findKnown, itemsOf, type KnownHome, type ListedHome } from './known.ts'
import { homeLink, matchPattern, readCount } from './links.ts'
import { type PortalConfig, portalSchema } from './portal-config.ts'
import { fillTemplate, speaksOf } from './template.ts'

type Context = ScrapeContext<PortalConfig>
type Search = NonNullable<PortalConfig['search']>

/** What a page of results shows. */
interface Results {
  homes: ListedHome[]
  announced: number | null
  nextUrl: string | null
}

/** A page as it was fetched: of a home, or of results with what is known of the homes on it. */
export type PortalPage = { answer: Answer; results?: Results; known?: Map<string, KnownHome> }

const html = 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.5'
/** Pages of results that are planned at once where the first one says how many there are. */
const pagesAhead = 1000

/** Reads portals: pages of results with their pagination, and the page of each home. */
export const portal: Adapter<PortalConfig, PortalPage> = {
  kind: 'portal',
  config: portalSchema,
  concurrency: 4,

  async plan(context) {
    if (context.request.tier === 'sample') return planSample(context, context.source.config.sample_size)
    return firstSearches(context)
  },

  async fetch(item, context) {
    const url = String(item.params.url)
    if (item.kind !== 'search') return { answer: await context.get(url, { accept: html }) }
    const answer = await context.get(url, { accept: html })
    const results = await readResults(answer, item, context.source.config)
    return { answer, results, known: await findKnown(results.homes, context) }
  },

  extract(page, item, context) {
    if (item.kind !== 'search') return homeFound(page.answer, item, context.source.config.detail)
    return resultsFound(page, item, context)
  },
}

/** Homes to read again, drawn at random. */
export async function planSample(context: ScrapeContext<unknown>, size: number): Promise<PlannedItem[]> {
  const rows = await context.call<{ source_key: string; property_url: string }>(
    'select source_key, property_url from app_private.sample_homes($1, $2)',
    [context.sessionId, size],
  )
  return rows.map((row) => ({
    key: `home:${row.source_key}`,
    kind: 'home',
    params: { url: row.property_url, source_key: row.source_key },
  }))
}

/** What the page of a home comes to: its row, or nothing when it is there no more. */
export async function homeFound(
  answer: Answer,
  item: PlannedItem,
  detail: PortalConfig['detail'],
): Promise<Found> {
  const home = { key: String(item.params.source_key), url: String(item.params.url) }
  if (isGone(answer, home.url, detail)) return { rows: [], items: [], count: 0, coverage: 'whole' }
  return { rows: [await readHome(answer, home, detail)], items: [], count: 1, coverage: 'whole' }
}

function firstSearches({ source, request }: Context): PlannedItem[] {
  const { search } = source.config
  if (request.url !== null) {
    if (source.baseUrl !== null && new URL(request.url).host !== new URL(source.baseUrl).host) {
      throw new ScrapeRefusal('layout', `${request.url} is no page of ${source.baseUrl}`)
    }
    const params = { url: request.url, page: 1, chain: 'url', isFirst: true }
    return [{ key: 'search:url:1', kind: 'search', params }]
  }
  if (search === undefined)
    throw new ScrapeRefusal('layout', `the config of source ${source.code} has no search`)
  const types = speaksOf(search.url, 'type') ? typesOf(search, request.propertyTypes) : [undefined]
  return types.map((type) =>
    searchItem(search, { request, type, page: search.first_page, isFirst: true }, source.baseUrl),
  )
}

function typesOf(search: Search, asked: Context['request']['propertyTypes']): string[] {
  const known = Object.keys(search.types) as (keyof Search['types'])[]
  const wanted = asked.length > 0 ? asked : known
  const unknown = wanted.find((type) => search.types[type] === undefined)
  if (unknown !== undefined || wanted.length === 0) {
    throw new ScrapeRefusal(
      'layout',
      `search.types does not say what the source calls ${unknown ?? 'its types'}`,
    )
  }
  return wanted.map((type) => search.types[type] as string)
}

function searchItem(
  search: Search,
  {
    request,
    type,
    page,
    ...rest
  }: {
    request: Context['request']
    type: string | undefined
    page: number
    isFirst?: boolean
    isGuess?: boolean
    needsNew?: boolean
  },
  baseUrl: string | null,
): PlannedItem {
  const chain = type ?? 'all'
  const { needsNew, ...marks } = rest
  return {
    key: `search:${chain}:${page}`,
    kind: 'search',
    params: { url: fillTemplate(search.url, { request, type, page }, baseUrl), page, chain, type, ...marks },
    priority: 1,
    ...(needsNew && { needsNew }),
  }
}

/** Reads a page of results; a tree of it is made only where a selector is to be followed. */
async function readResults(answer: Answer, item: PlannedItem, config: PortalConfig): Promise<Results> {
  const isLater = item.params.isFirst !== true
  // Past its last page a site may have nothing to show.
  if (isLater && (answer.status === 404 || answer.status === 410))
    return { homes: [], announced: null, nextUrl: null }
  if (answer.status !== 200) throw new ScrapeRefusal('not_found', `${answer.url} answered ${answer.status}`)
  refuseCut(answer, config.detail)
  const { search } = config
  const scanned = scanPage(answer.text, { links: true, data: false })
  const selectors = [search?.count, search?.empty, search?.next, search?.result, search?.link]
  const tree = selectors.some((one) => one !== undefined && !isBetweenSlashes(one))
    ? await treeOf(answer.text)
    : null
  const shows = (place: string) =>
    isBetweenSlashes(place) ? matchPattern(answer.text, place) : tree?.(place).first().text() || null

  const homes = listHomes(answer, scanned.links, config, tree)
  const announced = search?.count === undefined ? null : readCount(shows(search.count))
  if (
    homes.length === 0 &&
    announced !== 0 &&
    !(search?.empty !== undefined && shows(search.empty) !== null)
  ) {
    refuseEmptyWall(answer)
    if (item.params.isGuess !== true) {
      throw new ScrapeRefusal('layout', `${answer.url} shows neither homes nor that there are none`)
    }
  }
  const next =
    search?.next === undefined
      ? scanned.links.find(({ rel }) => rel.split(/\s+/).includes('next'))?.href
      : tree?.(search.next).first().attr('href')
  const nextUrl = next === undefined ? null : URL.parse(next, answer.url)
  return { homes, announced, nextUrl: nextUrl === null || nextUrl.href === answer.url ? null : nextUrl.href }
}

function listHomes(
  answer: Answer,
  links: readonly { href: string }[],
  { search, detail }: PortalConfig,
  tree: CheerioAPI | null,
): ListedHome[] {
  const homes = new Map<string, ListedHome>()
  const add = (href: string | undefined, price: string | null) => {
    const link = href === undefined ? null : homeLink(href, answer.url, detail)
    if (link !== null && !homes.has(link.key)) homes.set(link.key, { ...link, price })
  }
  if (tree !== null && search?.result !== undefined) {
    for (const element of tree(search.result)) {
      const price = search.price === undefined ? '' : tree(search.price, element).first().text().trim()
      const found = tree(element)
        .find(search.link ?? 'a[href]')
        .addBack(search.link ?? 'a[href]')
      for (const one of found) add(tree(one).attr('href'), price === '' ? null : price)
    }
  } else if (tree !== null && search?.link !== undefined) {
    for (const one of tree(search.link)) add(tree(one).attr('href'), null)
  } else for (const { href } of links) add(href, null)
  return [...homes.values()]
}

function resultsFound({ results, known }: PortalPage, item: PlannedItem, context: Context): Found {
  const { homes, announced, nextUrl } = results as Results
  const { items, isNews } = itemsOf(homes, known ?? new Map(), context.request)
  return {
    rows: [],
    items: [...items, ...further({ homes, announced, nextUrl }, isNews, item, context)],
    count: homes.length,
    announced,
    coverage: 'whole',
  }
}

/** The pages of results after this one, as far as the tier goes. */
function further(
  { homes, announced, nextUrl }: Results,
  isNews: boolean,
  item: PlannedItem,
  context: Context,
): PlannedItem[] {
  const { request, source } = context
  const { search } = source.config
  const page = Number(item.params.page)
  const type = item.params.type === undefined ? undefined : String(item.params.type)
  const first = search?.first_page ?? 1
  if (homes.length === 0) return []
  if (request.tier === 'first_pages' && page - first + 1 >= (search?.first_pages ?? 2)) return []
  if (request.tier === 'changes' && !isNews) return []
  if (search === undefined || request.url !== null || !speaksOf(search.url, 'page')) {
    if (nextUrl === null || new URL(nextUrl).host !== new URL(String(item.params.url)).host) return []
    const { isFirst: _, ...params } = item.params
    const next = { ...params, url: nextUrl, page: page + 1 }
    return [
      {
        key: `search:${params.chain}:${page + 1}`,
        kind: 'search',
        params: next,
        priority: 1,
        needsNew: true,
      },
    ]
  }
  const make = (n: number, marks: { isGuess?: boolean; needsNew?: boolean }) =>
    searchItem(search, { request, type, page: n, ...marks }, source.baseUrl)
  const isAll = request.tier === 'full' || request.tier === 'manifest'
  if (isAll && item.params.isFirst === true && announced !== null && request.maxPages === null) {
    const pages = Math.min(Math.ceil(announced / homes.length), pagesAhead)
    return Array.from({ length: Math.max(pages - 1, 0) }, (_, i) => make(first + 1 + i, {}))
  }
  if (nextUrl !== null) return [make(page + 1, { needsNew: true })]
  // Where a site says neither how many there are nor that there is a next page, only asking tells.
  if (announced === null && search.next === undefined)
    return [make(page + 1, { isGuess: true, needsNew: true })]
  return []
}
