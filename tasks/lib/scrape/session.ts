import pg from 'pg'
import type pino from 'pino'
import type { Adapter } from './adapter.ts'
import { loadAdapter } from './adapters/index.ts'
import { claimScrape } from './claim.ts'
import { type Asking, askingSchema } from './config.ts'
import { planScrape } from './plan.ts'
import type { Call } from './politeness.ts'
import { DatabaseTrouble, type EndedSession, type ScrapeCounts, type ScrapeStore } from './store.ts'
import { type Surroundings, surround } from './surroundings.ts'
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
  /**
   * complete: all of the scope was seen. partial: not all of it. blocked: the source does not want to be read, the
   * session is held. failed: not one page could be read, and so has the session; its last error says why.
   */
  outcome: 'complete' | 'partial' | 'blocked' | 'failed'
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
 * gone on with it meanwhile. PC422: the source's config is wrong. Unplannable: what was asked for cannot be planned, as
 * its cause says. After these two the session has failed.
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
  const store = await claimScrape(call, { sessionId, leaseSeconds, signal: options.signal })
  const { source, parameters } = store.claim
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
    const read = await readConfig(adapter, store)
    const parts = surround(call, options, store, { ...read, signal })
    try {
      const ended = await store.end(await run({ adapter, store, parts, log, signal }))
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
        outcome: outcomeOf(ended),
        isToSync: parameters.sync,
        seconds: Math.round(performance.now() - begun) / 1000,
        waits: parts.politeness.waited(),
      }
    } finally {
      await parts.close()
      await adapter.close?.(parts.base.request)
    }
  } catch (error) {
    // A scrape that was lost is another one's now; any other may be gone on with.
    if (lost.signal.aborted && !options.signal.aborted) throw lost.signal.reason
    await store.release().catch((err: unknown) => log.warn({ err }, 'not laid down'))
    throw error instanceof DatabaseTrouble ? error.cause : error
  } finally {
    clearInterval(heartbeat)
  }
}

/** Plans a scrape where that has not been done, and works it off; gives why it was stopped early, or null. */
async function run(given: {
  adapter: Adapter
  store: ScrapeStore
  parts: Surroundings
  log: pino.Logger
  signal: AbortSignal
}): Promise<Stopped | null> {
  const { store } = given
  const unplanned = store.claim.is_planned ? null : await planScrape(given)
  if (unplanned !== null) return unplanned
  for (;;) {
    const stopped = await workOff(given)
    if (stopped !== null || (await store.planChecks()) === 0) return stopped
  }
}

function outcomeOf({ status, is_complete }: EndedSession): ScrapeReport['outcome'] {
  if (status === 'held') return 'blocked'
  if (status === 'failed') return 'failed'
  return is_complete ? 'complete' : 'partial'
}

async function readConfig(
  adapter: Adapter,
  store: ScrapeStore,
): Promise<{ asking: Asking; config: unknown }> {
  const { code, config } = store.claim.source
  const asking = askingSchema.safeParse(config)
  const own = adapter.config.safeParse(config)
  const error = asking.error ?? own.error
  if (error === undefined) return { asking: asking.data as Asking, config: own.data }
  const detail = error.issues
    .map((issue) => `${issue.path.join('.') || 'config'}: ${issue.message}`)
    .join('; ')
  await store.end({ reason: 'config', detail })
  throw Object.assign(new Error(`the config of source ${code} is wrong: ${detail}`), {
    code: 'PC422',
    hint: 'Correct it and begin another scrape; tasks/lib/scrape/README.md says what it may hold.',
  })
}
