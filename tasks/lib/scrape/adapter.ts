import type pino from 'pino'
import type { z } from 'zod'

// What an adapter is: how one kind of source is read. The engine (session.ts) does everything else: politeness, tries,
// what is kept of the plan, staging, what the session is called at its end.

/** What somebody asked to be scraped. */
export interface ScrapeRequest {
  /** The commune, resolved; null for all that the source has. */
  city: {
    inseeCode: string
    name: string
    postalCode: string | null
    longitude: number
    latitude: number
    /** West, south, east, north, in degrees; null where nobody has asked yet. */
    bbox: readonly [number, number, number, number] | null
  } | null
  /** A page of the source to begin with, in place of a commune. */
  url: string | null
  propertyTypes: readonly PropertyType[]
  /** First and last month of sale or listing, `2024-06`. */
  from: string | null
  to: string | null
  /** The page budget: at most so many requests. */
  maxPages: number | null
  /** A file to be read in place of the source's address. */
  file: string | null
  /** How much of the source is looked at (tiers in the crontab). */
  tier: 'full' | 'first_pages' | 'changes' | 'manifest' | 'sample'
}

/** What a home may be. */
export type PropertyType = 'flat' | 'house' | 'land' | 'annex' | 'commercial'

/**
 * A piece of work of a session: a cell of a map, a page of results, a home's page. Kept in `scrape_items`, so a scrape
 * that was broken off goes on where it was. `key` names it within its session: the same key again is the same item.
 */
export interface PlannedItem {
  key: string
  kind: string
  params: Readonly<Record<string, unknown>>
  /** Lower numbers first; 0 unless told. */
  priority?: number
  /** It needs no request: kept as seen. */
  isSettled?: boolean
  /** Kept only when the other items of the same result brought something that the session had not met: a next page. */
  needsNew?: boolean
}

/**
 * A home as the source wrote it: columns of property_scrapes_staging, as text; what has no column in `payload`. Without
 * a `source_key` the database makes one of the page's address or the source's `key_columns`; null is no key at all.
 */
export type FoundRow = { source_key?: string | null; payload?: Record<string, unknown> } & {
  [column: string]: string | null | undefined | Record<string, unknown>
}

/** What an item came to. */
export interface Found {
  rows: readonly FoundRow[]
  /** Further work that it led to. */
  items: readonly PlannedItem[]
  /** Results the source showed or announced. */
  count: number
  /** How many the source says there are in all, where it says so. Items with the same `params.chain` speak of the same. */
  announced?: number | null
  /** `capped`: the source holds back more than it shows and there is no smaller item to ask for. */
  coverage: 'whole' | 'split' | 'capped'
}

/** Leave to ask a host, and what it answered. Shared by all workers through the database. */
export interface Politeness {
  /** Waits until `url` may be asked for (robots.txt, rate, Retry-After, circuit). Throws `ScrapeRefusal`. */
  permit(url: string): Promise<void>
  /** What the host answered: it may want a rest. */
  tell(url: string, answer: { status: number; retryAfter: string | null } | { error: Error }): Promise<void>
}

/** An answer over plain HTTP. */
export interface Answer {
  url: string
  status: number
  headers: Readonly<Record<string, string>>
  text: string
  isFromCache: boolean
}

/** What an adapter has at hand. */
export interface ScrapeContext<Config> {
  source: { code: string; baseUrl: string | null; isLocal: boolean; config: Config }
  request: ScrapeRequest
  politeness: Politeness
  /** A polite GET or HEAD: cache, conditional request, size and time limits, no private addresses, tries. */
  get(url: string, options?: { method?: 'GET' | 'HEAD'; accept?: string }): Promise<Answer>
  /** One statement as the owner. */
  call<Row>(text: string, values: readonly unknown[]): Promise<Row[]>
  log: pino.Logger
  signal: AbortSignal
  /** The session that is being filled, where there is one. */
  sessionId?: string
  /** Where outlines of communes are asked for, without a final slash; as the environment says unless told. */
  geoApiUrl?: string
}

/** How one kind of source is read. */
export interface Adapter<Config = unknown, Page = unknown> {
  /** The kind of source (app_base.source_kind) it reads. */
  kind: 'explorer' | 'portal' | 'feed' | 'sitemap'
  /** What `sources.config` holds for it. */
  config: z.ZodType<Config>
  /** Items in flight at once; 1 unless told. */
  concurrency?: number
  /** The first items. Called once in a session's life, its answer is kept. */
  plan(context: ScrapeContext<Config>): Promise<PlannedItem[]>
  fetch(item: PlannedItem, context: ScrapeContext<Config>): Promise<Page>
  /** Pure: the same page gives the same rows. */
  extract(page: Page, item: PlannedItem, context: ScrapeContext<Config>): Promise<Found> | Found
  /** Called when the engine is done with a scrape, told by its request: browsers are closed here. */
  close?(request: ScrapeRequest): Promise<void>
}

/** Why an item or a session cannot be scraped. */
export type RefusalReason =
  | 'robots'
  | 'challenge'
  | 'login'
  | 'layout'
  | 'private_address'
  | 'too_large'
  | 'timeout'
  | 'unavailable'
  | 'not_found'
  | 'budget'
  | 'circuit_open'

/**
 * What cannot be scraped, and why. `challenge` and `login` end the session as blocked; `unavailable`, `timeout` and
 * `circuit_open` are tried again; the others fail the item.
 */
export class ScrapeRefusal extends Error {
  override name = 'ScrapeRefusal'
  readonly reason: RefusalReason
  /** Seconds after which trying again makes sense, where that is known. */
  readonly retrySeconds: number | null

  constructor(reason: RefusalReason, message: string, options?: ErrorOptions & { retrySeconds?: number }) {
    super(message, options)
    this.reason = reason
    this.retrySeconds = options?.retrySeconds ?? null
  }
}
