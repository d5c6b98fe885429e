import { readFileSync } from 'node:fs'
import { Agent, type Dispatcher, errors } from 'undici'
import { ScrapeRefusal } from './adapter.ts'
import { publicLookup } from './address.ts'

const version = (() => {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
})()

/** The name under which robots.txt may speak of us. */
export const robotsName = 'Parcelle'

/** What Parcelle calls itself to the sources it reads; `contact` is an address of mail or the web. */
export function userAgentWith(contact: string | null): string {
  return `${robotsName}/${version} (${contact === null ? 'no contact given' : `+${contact}`})`
}

/** How far the client goes. */
export interface ClientLimits {
  /** Connections to one host. */
  connections: number
  /** Bytes of a body, packed and unpacked. */
  maxBytes: number
  /** Seconds for a whole answer. */
  timeoutSeconds: number
}

/** An answer as it came: the body's bytes, still packed. */
export interface RawAnswer {
  status: number
  headers: Record<string, string>
  body: Buffer
}

/** A client that asks one address once: no redirects, no tries, no cache. */
export interface Client {
  /** ScrapeRefusal: private_address, too_large, timeout or unavailable. What aborted `signal` is thrown as it came. */
  ask(url: URL, method: 'GET' | 'HEAD', headers: Record<string, string>): Promise<RawAnswer>
  close(): Promise<void>
}

/** A request under way. */
interface Flight {
  deadline: number
  abort(reason: unknown): void
}

const noBytes = Buffer.alloc(0)

/** Makes a client; `isLocal` lets it connect to this machine and private networks. */
export function createClient(options: {
  isLocal: boolean
  limits: ClientLimits
  signal: AbortSignal
}): Client {
  const { limits, signal } = options
  const milliseconds = limits.timeoutSeconds * 1000
  const agent = new Agent({
    connections: limits.connections,
    headersTimeout: milliseconds,
    bodyTimeout: milliseconds,
    maxResponseSize: limits.maxBytes,
    connect: {
      timeout: Math.min(milliseconds, 15_000),
      ...(options.isLocal ? {} : { lookup: publicLookup }),
    },
  })
  const flights = new Set<Flight>()
  // One clock for all: undici's own limits begin anew with every byte.
  const clock = setInterval(() => {
    const present = performance.now()
    for (const flight of flights) {
      if (flight.deadline < present) flight.abort(late)
    }
  }, 250)
  clock.unref()
  const late = new ScrapeRefusal('timeout', `no whole answer within ${limits.timeoutSeconds} s`)
  const onAbort = () => {
    for (const flight of flights) flight.abort(signal.reason)
  }
  signal.addEventListener('abort', onAbort)

  const send = (url: URL, method: 'GET' | 'HEAD', headers: Record<string, string>) =>
    new Promise<RawAnswer>((resolve, reject) => {
      let chunks: Buffer[] = []
      let answer = { status: 0, headers: {} as Record<string, string> }
      let control: Dispatcher.DispatchController | undefined
      let reason: unknown
      const flight: Flight = {
        deadline: performance.now() + milliseconds,
        abort(why) {
          reason ??= why
          control?.abort(why instanceof Error ? why : new Error('aborted', { cause: why }))
        },
      }
      flights.add(flight)
      agent.dispatch(
        { origin: url.origin, path: url.pathname + url.search, method, headers },
        {
          onRequestStart(controller) {
            control = controller
            if (reason !== undefined) flight.abort(reason)
          },
          onResponseStart(_, status, given) {
            // Early hints are no answer.
            if (status >= 200) answer = { status, headers: flat(given) }
          },
          onResponseData(_, chunk) {
            chunks.push(chunk)
          },
          onResponseEnd() {
            flights.delete(flight)
            const body =
              chunks.length === 1
                ? (chunks[0] as Buffer)
                : chunks.length === 0
                  ? noBytes
                  : Buffer.concat(chunks)
            resolve({ ...answer, body })
          },
          onResponseError(_, error) {
            flights.delete(flight)
            chunks = []
            reject(reason ?? error)
          },
        },
      )
    })

  return {
    async ask(url, method, headers) {
      signal.throwIfAborted()
      try {
        return await send(url, method, headers)
      } catch (error) {
        if (signal.aborted) throw signal.reason
        throw refusalOf(error, url, limits)
      }
    },
    async close() {
      signal.removeEventListener('abort', onAbort)
      clearInterval(clock)
      await agent.destroy()
    },
  }
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  for (const name in headers) {
    const value = headers[name]
    if (typeof value !== 'string') headers[name] = value?.join(', ') ?? ''
  }
  return headers as Record<string, string>
}

function refusalOf(cause: unknown, url: URL, limits: ClientLimits): ScrapeRefusal {
  if (cause instanceof ScrapeRefusal) {
    return cause.reason === 'timeout' ? new ScrapeRefusal('timeout', `${url.href}: ${cause.message}`) : cause
  }
  const message = cause instanceof Error ? cause.message || cause.name : String(cause)
  if (cause instanceof errors.ResponseExceededMaxSizeError) {
    return new ScrapeRefusal('too_large', `${url.href} has more than ${limits.maxBytes} bytes`, { cause })
  }
  if (
    cause instanceof errors.HeadersTimeoutError ||
    cause instanceof errors.BodyTimeoutError ||
    cause instanceof errors.ConnectTimeoutError
  ) {
    return new ScrapeRefusal('timeout', `${url.href}: ${message}`, { cause })
  }
  return new ScrapeRefusal('unavailable', `${url.href} broke off: ${message}`, { cause })
}
