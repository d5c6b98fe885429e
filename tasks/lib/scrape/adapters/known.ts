import type { PlannedItem, ScrapeContext, ScrapeRequest } from '../adapter.ts'

/** What is known of a home that a source lists. */
export interface KnownHome {
  priceEur: number | null
  /** Whether it counts as seen without being read anew. */
  isKept: boolean
  readAt: Date | null
}

/** A home as a list shows it. */
export interface ListedHome {
  key: string
  url: string
  /** As the list writes it; null where it does not. */
  price: string | null
  /** When its page changed last, where the list says so. */
  changedAt?: Date | null
}

/** What is known of listed homes, by key; nothing in a full scrape, which reads them all anyway. */
export async function findKnown(
  homes: readonly ListedHome[],
  context: ScrapeContext<unknown>,
): Promise<Map<string, KnownHome>> {
  if (context.request.tier === 'full' || homes.length === 0) return new Map()
  const rows = await context.call<{
    source_key: string
    price_eur: string | null
    is_kept: boolean
    read_at: Date | null
  }>('select source_key, price_eur, is_kept, read_at from app_private.known_homes($1, $2)', [
    context.source.code,
    homes.map(({ key }) => key),
  ])
  return new Map(
    rows.map((row) => [
      row.source_key,
      {
        priceEur: row.price_eur === null ? null : Number(row.price_eur),
        isKept: row.is_kept,
        readAt: row.read_at,
      },
    ]),
  )
}

function isUnchanged(home: ListedHome, known: KnownHome): boolean {
  if (!known.isKept) return false
  if (home.changedAt && (known.readAt === null || home.changedAt > known.readAt)) return false
  if (home.price === null || known.priceEur === null) return true
  const digits = home.price.replace(/[\s\u00a0\u202f\u2009]/g, '')
  const price = /\d+/.exec(digits)?.[0]
  return price === undefined || Number(price) === Math.trunc(known.priceEur)
}

/** The items of listed homes: those that need not be read are settled. `isNews`: at least one of them has to be. */
export function itemsOf(
  homes: readonly ListedHome[],
  known: ReadonlyMap<string, KnownHome>,
  request: ScrapeRequest,
): { items: PlannedItem[]; isNews: boolean } {
  let isNews = false
  // With few requests to spend, homes are worth more than further pages of results.
  const priority = request.maxPages === null ? 2 : 0
  const items = homes.map(({ key, url, ...home }): PlannedItem => {
    const found = known.get(key)
    const isSettled = found !== undefined && isUnchanged({ key, url, ...home }, found)
    isNews ||= !isSettled
    return {
      key: `home:${key}`,
      kind: 'home',
      params: { url, source_key: key },
      priority,
      ...(isSettled && { isSettled }),
    }
  })
  return { items, isNews }
}
