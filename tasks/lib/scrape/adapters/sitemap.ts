import { z } from 'zod'
import { type Adapter, type Answer, type Found, type PlannedItem, ScrapeRefusal } from '../adapter.ts'
import { patternSchema } from '../config.ts'
import { decodeEntities } from '../scan.ts'
import { findKnown, itemsOf, type KnownHome, type ListedHome } from './known.ts'
import { homeLink } from './links.ts'
import { homeFound, planSample } from './portal.ts'
import { detailSchema } from './portal-config.ts'

const sitemapSchema = z.object({
  sitemap: z
    .object({
      /** Address of the sitemap or its index; /sitemap.xml of the source unless told. */
      url: z.string().optional(),
      /** Regular expression over addresses of sitemaps in an index: only these are read. */
      only: patternSchema.optional(),
    })
    .default({}),
  detail: detailSchema,
  sample_size: z.int().min(1).max(100_000).default(100),
})

type SitemapConfig = z.infer<typeof sitemapSchema>

interface SitemapPage {
  answer: Answer
  homes?: ListedHome[]
  sitemaps?: string[]
  known?: Map<string, KnownHome>
}

const xml = 'application/xml,text/xml,*/*;q=0.5'

/** Reads sitemaps, their index and packed ones, and the page of each home they list. */
export const sitemap: Adapter<SitemapConfig, SitemapPage> = {
  kind: 'sitemap',
  config: sitemapSchema,
  concurrency: 4,

  async plan(context) {
    const { source, request } = context
    if (request.tier === 'sample') return planSample(context, source.config.sample_size)
    if (request.city !== null || request.propertyTypes.length > 0) {
      throw new ScrapeRefusal('layout', 'a sitemap is read whole: leave the commune and the types out')
    }
    const url =
      request.url ?? new URL(source.config.sitemap.url ?? '/sitemap.xml', source.baseUrl ?? undefined).href
    return [listItem(url)]
  },

  async fetch(item, context) {
    const answer = await context.get(String(item.params.url), {
      accept: item.kind === 'list' ? xml : 'text/html,*/*;q=0.5',
    })
    if (item.kind !== 'list') return { answer }
    if (answer.status !== 200) throw new ScrapeRefusal('not_found', `${answer.url} answered ${answer.status}`)
    const { homes, sitemaps } = readSitemap(answer, context.source.config)
    return { answer, homes, sitemaps, known: await findKnown(homes, context) }
  },

  extract(page, item, context): Found | Promise<Found> {
    if (item.kind !== 'list') return homeFound(page.answer, item, context.source.config.detail)
    const { items } = itemsOf(page.homes ?? [], page.known ?? new Map(), context.request)
    return {
      rows: [],
      items: [...(page.sitemaps ?? []).map(listItem), ...items],
      count: page.homes?.length ?? 0,
      coverage: 'whole',
    }
  },
}

function listItem(url: string): PlannedItem {
  return { key: `list:${url}`, kind: 'list', params: { url } }
}

/**
 * What a sitemap lists: homes, or further sitemaps. It is read entry by entry, since one may hold 50 000.
 *
 * ScrapeRefusal: layout, when it is no sitemap; unavailable, when it was cut short.
 */
function readSitemap(answer: Answer, config: SitemapConfig): { homes: ListedHome[]; sitemaps: string[] } {
  const { text, url } = answer
  const isIndex = /<sitemapindex[\s>]/i.test(text.slice(0, 4000))
  if (!isIndex && !/<urlset[\s>]/i.test(text.slice(0, 4000))) {
    throw new ScrapeRefusal('layout', `${url} is no sitemap`)
  }
  if (!/<\/(?:sitemapindex|urlset)\s*>\s*$/i.test(text.slice(-200))) {
    throw new ScrapeRefusal('unavailable', `${url} was cut short`)
  }
  const only = config.sitemap.only === undefined ? null : new RegExp(config.sitemap.only)
  const sitemaps: string[] = []
  const homes = new Map<string, ListedHome>()
  for (const entry of text.split(isIndex ? '</sitemap>' : '</url>')) {
    const place = member(entry, 'loc')
    if (place === null || !URL.canParse(place, url)) continue
    if (isIndex) {
      const address = new URL(place, url)
      const isOurs = address.host === new URL(url).host && /^https?:$/.test(address.protocol)
      if (isOurs && (only === null || only.test(address.href))) sitemaps.push(address.href)
      continue
    }
    const link = homeLink(place, url, config.detail)
    if (link !== null)
      homes.set(link.key, { ...link, price: null, changedAt: readInstant(member(entry, 'lastmod')) })
  }
  return { homes: [...homes.values()], sitemaps }
}

function member(entry: string, name: string): string | null {
  const start = entry.indexOf(`<${name}>`)
  const end = entry.indexOf(`</${name}>`, start)
  if (start < 0 || end < 0) return null
  const text = entry.slice(start + name.length + 2, end).trim()
  return decodeEntities(text.replace(/^<!\[CDATA\[([\s\S]*)\]\]>$/, '$1').trim())
}

// A day alone may be any instant of it: the last counts, so that a change on the day of a scrape is not missed.
function readInstant(text: string | null): Date | null {
  if (text === null) return null
  const instant = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59Z` : text)
  return Number.isNaN(instant.getTime()) ? null : instant
}
