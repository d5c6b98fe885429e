import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type pino from 'pino'
import { type Adapter, type ScrapeContext, ScrapeRefusal, type ScrapeRequest } from './adapter.ts'
import { loadAdapter } from './adapters/index.ts'
import { openResponseCache } from './cache.ts'
import { askingSchema } from './config.ts'
import { createPoliteGet, isMomentary } from './get.ts'
import { type Call, createPoliteness } from './politeness.ts'
import {
  DatabaseTrouble,
  type EndedSession,
  openScrape,
  type ScrapeCounts,
  type ScrapeStore,
} from './store.ts'
import { type Stopped, workOff } from './work-off.ts'

/** How far a scrape is, as it is shown while it runs. */
export interface ScrapeProgress extends ScrapeCounts {
  /** Items that wait or are in hand. */
  left: number
  /** Requests made by this process. */
  requests: number
  /** How often and how long this process waited for leave to ask. */
  waits: { count: number; milliseconds: number }
}

/** What a scrape came to. */
export interface ScrapeReport extends Omit<EndedSession, 'id'> {
  sessionId: string
  source: string
  counts: ScrapeCounts
  /** complete: all of the scope was seen. partial: not all of it. blocked: the source does not want to be read. */
  outcome: 'complete' | 'partial' | 'blocked'
  /** Whether the session is to be synced, as it was asked for. */
  isToSync: boolean
  seconds: number
  waits: { count: number; milliseconds: number }
}

/** Which session to scrape, and by what means. */
export interface ScrapeOptions {
  /** Address of the database as the owner, or how to run a statement there. */
  url?: string
  call?: Call
  sessionId: string
  log: pino.Logger
  signal: AbortSignal
  /** An address of mail or the web that the user agent names. */
  contact?: string | null
  /** Where outlines of communes are asked for; as the environment says unless told. */
  geoApiUrl?: string
  progress?(progress: ScrapeProgress): void
  /** Seconds without a sign of life after which another worker may go on; 15 unless told. */
  leaseSeconds?: number
}

/**
 * Scrapes a session that begin_scrape began, from where it stands: plans it, works off its items politely, stages what
 * they bring and ends it. When `signal` is aborted it is laid down, so that somebody may go on with it.
 *
 * PC404: there is no such scrape. PC409: it has ended, or another worker has it in hand. ScrapeLost: another worker has
 * gone on with it meanwhile. PC422: the source's config is wrong; ScrapeRefusal: what was asked for cannot be planned; in
 * both cases the session has failed.
 */
export async function scrapeSession(options: ScrapeOptions): Promise<ScrapeReport> {
  if (options.call) return scrapeWith(options.call, options)
  const pool = new pg.Pool({ connectionString: options.url, application_name: 'parcelle scrape', max: 3 })
  // What a lost connection means is told by the statement that needs it.
  pool.on('error', (error) => options.log.debug({ err: error }, 'a connection was lost'))
  try {
    return await scrapeWith(async (text, values) => (await pool.query(text, [...values])).rows, options)
  } finally {
    await pool.end()
  }
}

async function scrapeWith(call: Call, options: ScrapeOptions): Promise<ScrapeReport> {
  const begun = performance.now()
  const { sessionId } = options
  const log = options.log.child({ sessionId })
  const leaseSeconds = options.leaseSeconds ?? 15
  const store = await claim(call, options, leaseSeconds)
  const { source } = store.claim
  const lost = new AbortController()
  const signal = AbortSignal.any([options.signal, lost.signal])
  const heartbeat = setInterval(
    () =>
      void store.renew().catch((error: unknown) => {
        // A database that cannot be reached for a moment is told by the next write.
        if ((error as { code?: string }).code === 'PC409') lost.abort(error)
      }),
    (leaseSeconds * 1000) / 3,
  )
  try {
    const adapter = await loadAdapter(source.kind)
    if (adapter === null) throw new Error(`sources of kind ${source.kind} have no adapter`)
    const read = await readConfig(call, adapter, store, sessionId)
    const parts = surround(call, options, store, read, signal)
    try {
      const stopped = await run(adapter, store, parts, { log, signal, sessionId, call, options })
      const ended = await store.end(stopped)
      const counts = parts.counts()
      log.info(
        { source: source.code, ...counts, status: ended.status, isComplete: ended.is_complete },
        'scraped',
      )
      const { id: _, ...rest } = ended
      return {
        ...rest,
        sessionId,
        source: source.code,
        counts,
        outcome: ended.status === 'held' ? 'blocked' : ended.is_complete ? 'complete' : 'partial',
        isToSync: store.claim.parameters.sync,
        seconds: Math.round(performance.now() - begun) / 1000,
        waits: parts.politeness.waited(),
      }
    } finally {
      await parts.close()
      await adapter.close?.(parts.base.request)
    }
  } catch (error) {
    // A scrape that was lost is another one's now; any other may be gone on with, unless it can never be planned.
    if (isFinal(error)) await giveUp(call, sessionId, error.reason, error.message)
    else if (!lost.signal.aborted)
      await store.release().catch((err: unknown) => log.warn({ err }, 'not laid down'))
    if (lost.signal.aborted && !options.signal.aborted) throw lost.signal.reason
    throw error instanceof DatabaseTrouble ? error.cause : error
  } finally {
    clearInterval(heartbeat)
  }
}

/** Claims the scrape; from a holder that is about to be given up it is waited for, one that is dead here loses it at once. */
async function claim(call: Call, options: ScrapeOptions, leaseSeconds: number): Promise<ScrapeStore> {
  const holder = `${hostname()}:${process.pid}`
  const until = performance.now() + (leaseSeconds + 5) * 1000
  for (;;) {
    try {
      return await openScrape(call, options.sessionId, holder, leaseSeconds)
    } catch (error) {
      const text = 'select holder from app_private.scrape_leases where session_id = $1 and holder is not null'
      const [other] = await call<{ holder: string }>(text, [options.sessionId])
      if ((error as { code?: string }).code !== 'PC409' || other === undefined) throw error
      if (isDead(other.holder)) return openScrape(call, options.sessionId, holder, 0)
      if (performance.now() > until) throw error
      await sleep(500, undefined, { signal: options.signal })
    }
  }
}

function isDead(holder: string): boolean {
  const [host, pid] = [
    holder.slice(0, holder.lastIndexOf(':')),
    Number(holder.slice(holder.lastIndexOf(':') + 1)),
  ]
  if (host !== hostname() || !Number.isInteger(pid) || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function isFinal(error: unknown): error is ScrapeRefusal {
  return error instanceof ScrapeRefusal && !isMomentary(error)
}

async function giveUp(call: Call, sessionId: string, reason: string, detail: string): Promise<void> {
  await call('select app_private.fail_session($1, $2)', [sessionId, JSON.stringify({ reason, detail })])
}

async function readConfig(call: Call, adapter: Adapter, store: ScrapeStore, sessionId: string) {
  const { config } = store.claim.source
  const asking = askingSchema.safeParse(config)
  const own = adapter.config.safeParse(config)
  const error = asking.error ?? own.error
  if (error) {
    const detail = error.issues
      .map((issue) => `${issue.path.join('.') || 'config'}: ${issue.message}`)
      .join('; ')
    await call('select app_private.fail_session($1, $2)', [
      sessionId,
      JSON.stringify({ reason: 'config', detail }),
    ])
    throw Object.assign(new Error(`the config of source ${store.claim.source.code} is wrong: ${detail}`), {
      code: 'PC422',
      hint: 'Correct it and begin another scrape; tasks/lib/scrape/README.md says what it may hold.',
    })
  }
  return { asking: asking.data as NonNullable<typeof asking.data>, own: own.data }
}

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

function surround(
  plainCall: Call,
  options: ScrapeOptions,
  store: ScrapeStore,
  { asking, own }: Awaited<ReturnType<typeof readConfig>>,
  outer: AbortSignal,
): Surroundings {
  const halted = new AbortController()
  const signal = AbortSignal.any([outer, halted.signal])
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
      source: { code: source.code, baseUrl: source.base_url, isLocal: source.is_local, config: own },
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

async function run(
  adapter: Adapter,
  store: ScrapeStore,
  parts: Surroundings,
  how: { log: pino.Logger; signal: AbortSignal; sessionId: string; call: Call; options: ScrapeOptions },
): Promise<Stopped | null> {
  let isPlanned = store.claim.is_planned
  for (;;) {
    const stopped = await workOff({ adapter, store, parts, isPlanned, log: how.log, signal: how.signal })
    isPlanned = true
    if (stopped !== null || (await store.planChecks()) === 0) return stopped
  }
}
