import { readFileSync } from 'node:fs'
import { Agent, errors } from 'undici'
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
  const late = new Set<AbortController>()
  const onAbort = () => {
    for (const one of late) one.abort(signal.reason)
  }
  signal.addEventListener('abort', onAbort)
  return {
    async ask(url, method, headers) {
      signal.throwIfAborted()
      const controller = new AbortController()
      late.add(controller)
      const timer = setTimeout(
        () =>
          controller.abort(
            new ScrapeRefusal('timeout', `${url.href} took longer than ${limits.timeoutSeconds} s`),
          ),
        milliseconds,
      )
      try {
        const {
          statusCode,
          headers: given,
          body,
        } = await agent.request({
          origin: url.origin,
          path: url.pathname + url.search,
          method,
          headers,
          signal: controller.signal,
        })
        return { status: statusCode, headers: flat(given), body: Buffer.from(await body.arrayBuffer()) }
      } catch (error) {
        if (signal.aborted) throw signal.reason
        throw refusalOf(error, url, controller.signal, limits)
      } finally {
        clearTimeout(timer)
        late.delete(controller)
      }
    },
    async close() {
      signal.removeEventListener('abort', onAbort)
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

function refusalOf(error: unknown, url: URL, signal: AbortSignal, limits: ClientLimits): ScrapeRefusal {
  const cause = signal.aborted ? signal.reason : error
  if (cause instanceof ScrapeRefusal) return cause
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
