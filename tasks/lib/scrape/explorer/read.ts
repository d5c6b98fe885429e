import { createHash } from 'node:crypto'
import type { FoundRow } from '../adapter.ts'
import { ScrapeRefusal } from '../adapter.ts'
import type { Cell } from './cell.ts'
import type { ExplorerConfig } from './config.ts'
import type { ShownItem } from './page.ts'

/** Whole euros of a price as it is shown, `252 000 €` with whatever spaces; null when it is none. */
export function wholeEuros(text: string): number | null {
  const match = /^\s*(\d[\d\s.]*)(?:,\d{1,2})?\s*(?:€|eur)/i.exec(text)
  const figures = match?.[1]?.replace(/[\s.]/g, '')
  return figures === undefined || figures.length > 12 ? null : Number(figures)
}

/** A whole number in a text such as `3 214 résultats`; null when there is none. */
export function announcedCount(text: string | null): number | null {
  const figures = /\d[\d\s.]*/.exec(text ?? '')?.[0].replace(/[\s.]/g, '')
  return figures === undefined ? null : Number(figures)
}

/** A commune as a result shows it: `35000 Rennes`, `Rennes (35000)` or its name alone. */
export function readPlace(text: string): { city: string | null; postalCode: string | null } {
  const postalCode = /\b\d{5}\b/.exec(text)?.[0] ?? null
  const city = (postalCode === null ? text : text.replace(postalCode, ' '))
    .replace(/[()\s,-]+$|^[()\s,-]+/g, '')
    .trim()
  return { city: city === '' ? null : city, postalCode }
}

/** What a home is known by: the part of its address that the source's pattern names, its whole address, or a digest. */
function keyOf(item: ShownItem, url: URL | null, config: ExplorerConfig): string | null {
  if (url !== null) {
    if (config.key_pattern === null) return url.pathname + url.search
    const match = new RegExp(config.key_pattern).exec(url.pathname + url.search)
    if (match !== null) return match[1] ?? match[0]
  }
  const { address, city, date, price, surface, rooms, type } = item
  if (`${address}${price}` === '') return null
  const told = [address, city, date, price, surface, rooms, type].map((word) =>
    word.toLowerCase().replace(/\s+/g, ' '),
  )
  return `digest:${createHash('sha256').update(told.join('\u001f')).digest('hex').slice(0, 32)}`
}

function pageOf(item: ShownItem, baseUrl: string): URL | null {
  if (!URL.canParse(item.url, baseUrl)) return null
  const url = new URL(item.url, baseUrl)
  if (item.url === '' || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null
  url.hash = ''
  return url
}

const said = (text: string): string | null => (text === '' ? null : text)

/** A result as a staged row: what it says, as it says it. */
export function rowOf(item: ShownItem, baseUrl: string, config: ExplorerConfig): FoundRow {
  const url = pageOf(item, baseUrl)
  const { city, postalCode } = readPlace(item.city)
  return {
    source_key: keyOf(item, url, config),
    property_url: url?.href ?? null,
    status: 'sold',
    address: said(item.address),
    postal_code: postalCode,
    city,
    property_type: said(item.type),
    price: said(item.price),
    surface: said(item.surface),
    rooms: said(item.rooms),
    sale_date: said(item.date),
  }
}

/**
 * Refuses results that cannot be what was asked for: most of them without price or address (the page was rebuilt), or
 * outside the band of prices (the site takes no notice of it, so dividing by it would go on for ever).
 *
 * ScrapeRefusal (layout).
 */
export function checkItems(items: readonly ShownItem[], cell: Cell): void {
  const isPoor = (item: ShownItem): boolean => item.price === '' && item.address === ''
  if (items.filter(isPoor).length * 2 > items.length)
    throw new ScrapeRefusal('layout', 'most results show neither a price nor an address')
  const prices = items.map(({ price }) => wholeEuros(price)).filter((price) => price !== null)
  const outside = prices.filter(
    (price) => price < (cell.priceFrom ?? 0) || price > (cell.priceTo ?? Number.POSITIVE_INFINITY),
  )
  if (outside.length * 2 > prices.length)
    throw new ScrapeRefusal(
      'layout',
      `${outside.length} of ${prices.length} prices are outside the band that was asked for`,
    )
}
