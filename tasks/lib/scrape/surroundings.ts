import { type Politeness, type ScrapeContext, ScrapeRefusal, type ScrapeRequest } from './adapter.ts'
import { openResponseCache } from './cache.ts'
import type { Asking } from './config.ts'
import { createPoliteGet } from './get.ts'
import { type Call, createPoliteness } from './politeness.ts'
import type { ScrapeOptions } from './session.ts'
import { DatabaseTrouble, type ScrapeCounts, type ScrapeStore } from './store.ts'

/** What adapters have at hand, as far as all items share it. */
export interface Surroundings {
  base: Omit<ScrapeContext<unknown>, 'get' | 'politeness'>
  politeness: ReturnType<typeof createPoliteness>
  client: ReturnType<typeof createPoliteGet>
  concurrency: number | undefined
  backoffSeconds: number
  maxPages: number | null
  /** Requests of the whole scrape, those of earlier holders included. */
  pages: { before: number; own: number }
  counts(): ScrapeCounts
  tellCounts(counts: ScrapeCounts): void
  /** Fetches what is kept of pages that will be asked for soon. */
  prefetch(urls: readonly string[]): Promise<void>
  flush(): Promise<void>
  /** Breaks off every request under way and refuses further ones. */
  halt(): void
  close(): Promise<void>
}

/**
 * Puts together what adapters have at hand for a scrape.
 *
 * @param given.config the source's config as the adapter read it.
 * @param given.signal ends all requests.
 */
export function surround(
  plainCall: Call,
  options: Pick<ScrapeOptions, 'sessionId' | 'log' | 'contact' | 'geoApiUrl' | 'progress'>,
  store: ScrapeStore,
  given: { asking: Asking; config: unknown; signal: AbortSignal },
): Surroundings {
  const { asking } = given
  const halted = new AbortController()
  const signal = AbortSignal.any([given.signal, halted.signal])
  const call: Call = async (text, values) => {
    try {
      return await plainCall(text, values)
    } catch (error) {
      throw new DatabaseTrouble('a statement failed', { cause: error })
    }
  }
  const { source, parameters, city, request_count } = store.claim
  const contact = options.contact ?? null
  const politeness = createPoliteness({
    ...{ call, signal, contact, log: options.log, isLocal: source.is_local },
    ...(asking.requests_per_second !== undefined && { requestsPerSecond: asking.requests_per_second }),
    circuitSeconds: asking.circuit_seconds,
  })
  const cache = asking.cache_seconds === null ? null : openResponseCache(call, asking.cache_seconds)
  const client = createPoliteGet({
    ...{ politeness, signal, contact, cache, isLocal: source.is_local },
    limits: {
      connections: asking.concurrency ?? 8,
      maxBytes: asking.max_bytes,
      timeoutSeconds: asking.timeout_seconds,
    },
  })
  const request: ScrapeRequest = {
    city,
    url: parameters.url ?? null,
    propertyTypes: parameters.types ?? [],
    from: parameters.from ?? null,
    to: parameters.to ?? null,
    maxPages: parameters.max_pages ?? null,
    file: parameters.file ?? null,
    tier: parameters.tier,
  }
  const pages = { before: request_count, own: 0 }
  let counts: ScrapeCounts = {
    ...{ item_count: 0, done_count: 0, failed_count: 0, skipped_count: 0 },
    ...{ request_count, found_count: 0, staged_count: 0 },
  }
  return {
    base: {
      source: { code: source.code, baseUrl: source.base_url, isLocal: source.is_local, config: given.config },
      request,
      call,
      log: options.log,
      signal,
      sessionId: options.sessionId,
      ...(options.geoApiUrl !== undefined && { geoApiUrl: options.geoApiUrl }),
    },
    politeness,
    client,
    concurrency: asking.concurrency,
    backoffSeconds: asking.backoff_seconds,
    maxPages: request.maxPages,
    pages,
    counts: () => counts,
    tellCounts(next) {
      counts = next
      const left = next.item_count - next.done_count - next.failed_count - next.skipped_count
      options.progress?.({ ...next, left, requests: pages.own, waits: politeness.waited() })
    },
    prefetch: async (urls) => cache?.prefetch(urls),
    flush: async () => cache?.flush(),
    halt: () => halted.abort(),
    async close() {
      await cache?.flush().catch(() => {})
      await client.close()
      await politeness.close()
    },
  }
}

/**
 * What an adapter has at hand for one item, or for planning: every request is counted, in `counter` and against the page
 * budget of the whole scrape, which is refused (`budget`) when it is used up.
 */
export function contextFor(parts: Surroundings, counter: { requests: number }): ScrapeContext<unknown> {
  const politeness: Politeness = {
    async permit(url) {
      const { before, own } = parts.pages
      if (parts.maxPages !== null && before + own >= parts.maxPages) {
        throw new ScrapeRefusal('budget', `the ${parts.maxPages} pages that were allowed have been asked for`)
      }
      parts.pages.own++
      counter.requests++
      try {
        await parts.politeness.permit(url)
      } catch (error) {
        parts.pages.own--
        counter.requests--
        throw error
      }
    },
    tell: (url, answer) => parts.politeness.tell(url, answer),
  }
  return {
    ...parts.base,
    politeness,
    get: (url, how) => parts.client.get(url, how, politeness),
  }
}
