import type pino from 'pino'
import { type Politeness, ScrapeRefusal } from './adapter.ts'
import { readAddress } from './address.ts'
import { type Client, createClient, userAgentWith } from './client.ts'
import { createHost, type Host } from './host.ts'
import { loadRobots } from './robots-file.ts'

/** Runs one statement as the owner. */
export type Call = <Row>(text: string, values: readonly unknown[]) => Promise<Row[]>

/** Who asks, and how fast he may. */
export interface PolitenessOptions {
  call: Call
  log: pino.Logger
  signal: AbortSignal
  /** Whether this machine and private networks may be asked. */
  isLocal: boolean
  /** An address of mail or the web that the user agent names. */
  contact: string | null
  /**
   * Requests a second to one host; 1 unless told. Null is no limit of the caller's own, for local ones only; the host's
   * Crawl-delay and other sources on it may ask for less.
   */
  requestsPerSecond?: number | null
  /** Seconds that a host which fails again and again is left alone at first; 30 unless told. */
  circuitSeconds?: number
  /** Seconds of rest that are waited for; a longer one is a refusal. 600 unless told. */
  longestRest?: number
}

/** Leave to ask, with what it cost in waiting. */
export interface PolitenessKeeper extends Politeness {
  /** How often somebody waited, and for how long in all. */
  waited(): { count: number; milliseconds: number }
  close(): Promise<void>
}

/**
 * Keeps requests polite together with every other worker: robots.txt, the rate of each host, rests that it asks for, and
 * circuits. What is decided is decided in the database (`app_private.request_hosts`); this waits.
 */
export function createPoliteness(options: PolitenessOptions): PolitenessKeeper {
  const { isLocal, signal } = options
  const rate = options.requestsPerSecond === undefined ? 1 : options.requestsPerSecond
  const interval = rate === null ? (isLocal ? null : 1) : 1 / rate
  const waits = { count: 0, milliseconds: 0 }
  const hosts = new Map<string, Host>()
  const client: Client = createClient({
    isLocal,
    signal,
    limits: { connections: 1, maxBytes: 5_000_000, timeoutSeconds: 20 },
  })
  const userAgent = userAgentWith(options.contact)

  const hostOf = (url: URL): Host => {
    const known = hosts.get(url.origin)
    if (known) return known
    const made = createHost({
      ...options,
      host: url.host,
      interval,
      waits,
      loadRobots: (host) =>
        loadRobots({
          ...{ host, origin: url.origin, client, userAgent, isLocal, signal, call: options.call },
          holdUnreachable: options.circuitSeconds ?? 30,
        }),
    })
    hosts.set(url.origin, made)
    return made
  }

  return {
    async permit(text) {
      signal.throwIfAborted()
      const url = readAddress(text, isLocal)
      const host = hostOf(url)
      const robots = host.robots() ?? (await host.ready())
      if (!robots.isAllowed(url)) {
        throw robots.isUnreachable
          ? new ScrapeRefusal('unavailable', `robots.txt of ${url.host} is not to be had now`, {
              retrySeconds: options.circuitSeconds ?? 30,
            })
          : new ScrapeRefusal('robots', `robots.txt of ${url.host} keeps us from ${url.pathname}`)
      }
      await host.turn()
    },
    async tell(text, answer) {
      await hosts.get(new URL(text).origin)?.tell(answer)
    },
    waited: () => ({ ...waits }),
    close: () => client.close(),
  }
}
