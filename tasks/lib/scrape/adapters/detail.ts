import type { CheerioAPI } from 'cheerio'
import { type Answer, type FoundRow, ScrapeRefusal } from '../adapter.ts'
import { refuseEmptyWall } from '../block.ts'
import { dataOf, isWholePage, scanPage } from '../scan.ts'
import { homeOfData, homeOfGraph } from '../structured.ts'
import { homeLink } from './links.ts'
import type { DetailConfig } from './portal-config.ts'

// What Open Graph could add beside JSON-LD.
const enough = ['title', 'description', 'price', 'city', 'latitude']

/** Whether the page of a home is there no more: it says so, or leads to something that is no page of a home. */
export function isGone(answer: Answer, asked: string, detail: DetailConfig): boolean {
  if (answer.status === 404 || answer.status === 410) return true
  return answer.url !== asked && homeLink(answer.url, answer.url, detail) === null
}

/**
 * The home on its page: JSON-LD first, then Open Graph, then the selectors of the config for what is still missing.
 *
 * ScrapeRefusal: layout, when nothing of a home is found; unavailable, when the page was cut short; challenge, login.
 */
export async function readHome(
  answer: Answer,
  home: { key: string; url: string },
  detail: DetailConfig,
): Promise<FoundRow> {
  refuseCut(answer, detail)
  const told = homeOfData(dataOf(answer.text), answer.url)
  const isTold = told !== null && enough.every((column) => told[column] !== undefined)
  const row: FoundRow = {
    ...(isTold ? {} : homeOfGraph(scanPage(answer.text, { links: false, data: true }).metas)),
    ...told,
    source_key: home.key,
    property_url: home.url,
  }
  const missing = Object.keys(detail.fields).filter((column) => row[column] === undefined)
  if (missing.length > 0) {
    const document = await treeOf(answer.text)
    for (const column of missing) {
      const value = valueAt(document, detail.fields[column] ?? [])
      if (value !== null) row[column] = value
    }
  }
  // A title and a place in the head are on every page of a site; what it costs or measures is on a home's.
  if (row.price === undefined && row.surface === undefined && row.address === undefined) {
    refuseEmptyWall(answer)
    throw new ScrapeRefusal('layout', `${answer.url} shows no home where one was to be`)
  }
  return row
}

/** A page as a tree. The parser is loaded when somebody needs it: many pages are read without. */
export async function treeOf(html: string): Promise<CheerioAPI> {
  const { load } = await import('cheerio')
  return load(html)
}

/** Refuses a page that was cut short on its way: it is asked for again. */
export function refuseCut(answer: Answer, detail: DetailConfig): void {
  if (detail.is_end_optional || isWholePage(answer.text)) return
  throw new ScrapeRefusal('unavailable', `${answer.url} was cut short`)
}

/** The text, or the attribute, that the first matching place shows; null for nothing. */
function valueAt(document: CheerioAPI, places: string | readonly string[]): string | null {
  for (const place of typeof places === 'string' ? [places] : places) {
    const [, selector = '', attribute] = /^(.*?)(?:@([\w:-]+))?$/s.exec(place) ?? []
    const found = document(selector.trim()).first()
    const value = (attribute === undefined ? found.text() : found.attr(attribute))
      ?.replace(/\s+/g, ' ')
      .trim()
    if (value) return value
  }
  return null
}
