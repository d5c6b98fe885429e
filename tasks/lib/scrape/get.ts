import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, type Politeness, type ScrapeContext, ScrapeRefusal } from './adapter.ts'
import { readAddress } from './address.ts'
import { refuseWall } from './block.ts'
import { acceptedEncodings, readBody } from './body.ts'
import type { CachedAnswer, ResponseCache } from './cache.ts'
import { type ClientLimits, createClient, type RawAnswer, userAgentWith } from './client.ts'
import { isWholePage } from './scan.ts'
import { backoffSeconds, isMomentary } from './tries.ts'

/** Who asks, how far he goes, and what he keeps. */
export interface PoliteGetOptions {
  politeness: Politeness
  signal: AbortSignal
  isLocal: boolean
  /** An address of mail or the web that the user agent names. */
  contact: string | null
  limits?: Partial<ClientLimits>
  /** Where answers are kept; null or not given: nowhere. */
  cache?: ResponseCache | null
  /** How often what failed for a moment is asked in all; 1 unless told, for those whose items are tried again anyway. */
  tries?: number
}

/** A client that asks politely. */
export interface PoliteClient {
  /**
   * GET or HEAD: redirects are followed and checked anew, a rest that the host asks for is kept and the request repeated.
   * Gives what was answered with 2xx, 404 or 410.
   *
   * ScrapeRefusal: robots, challenge, login, private_address, too_large, timeout, unavailable, circuit_open.
   */
  get(
    url: string,
    options?: Parameters<ScrapeContext<unknown>['get']>[1],
    politeness?: Politeness,
  ): Promise<Answer>
  close(): Promise<void>
}

const redirectsAtMost = 5
const rests = 3

/** Makes a polite client. */
export function createPoliteGet(options: PoliteGetOptions): PoliteClient {
  const { isLocal, signal } = options
  const cache = options.cache ?? null
  const limits = { connections: 8, maxBytes: 10_000_000, timeoutSeconds: 30, ...options.limits }
  const client = createClient({ isLocal, limits, signal })
  const userAgent = userAgentWith(options.contact)

  async function exchange(
    url: URL,
    method: 'GET' | 'HEAD',
    headers: Record<string, string>,
    politeness: Politeness,
  ): Promise<RawAnswer> {
    for (let rest = 0; ; rest++) {
      await politeness.permit(url.href)
      let answer: RawAnswer
      try {
        answer = await client.ask(url, method, headers)
      } catch (error) {
        if (!signal.aborted) await politeness.tell(url.href, { error: error as Error })
        throw error
      }
      await politeness.tell(url.href, {
        status: answer.status,
        retryAfter: answer.headers['retry-after'] ?? null,
      })
      const isRest = answer.status === 429 || (answer.status === 503 && 'retry-after' in answer.headers)
      if (!isRest || rest === rests) return answer
    }
  }

  async function ask(
    asked: string,
    { method = 'GET', accept = '*/*' }: { method?: 'GET' | 'HEAD'; accept?: string },
    politeness: Politeness,
  ): Promise<Answer> {
    const first = readAddress(asked, isLocal)
    let url = first
    for (let hop = 0; hop <= redirectsAtMost; hop++) {
      const headers = { 'user-agent': userAgent, accept, 'accept-encoding': acceptedEncodings }
      const request = { url: url.href, method, headers }
      const cached = cache !== null && method === 'GET' ? await cache.find(url.href) : null
      if (cached?.policy.satisfiesWithoutRevalidation(request)) return fromCache(url.href, cached)
      const sent = cached ? { ...headers, ...validators(cached) } : headers
      const raw = await exchange(url, method, sent, politeness)
      if (raw.status === 304 && cached) {
        const renewed = cached.policy.revalidatedPolicy({ ...request, headers: sent }, raw)
        cache?.renew(url.href, renewed.policy)
        return fromCache(url.href, { policy: renewed.policy, body: cached.body })
      }
      const { location } = raw.headers
      if (
        raw.status >= 300 &&
        raw.status < 400 &&
        location !== undefined &&
        URL.canParse(location, url.href)
      ) {
        url = readAddress(new URL(location, url).href, isLocal)
        continue
      }
      const text = method === 'HEAD' ? '' : await readBody(raw, url.href, limits.maxBytes)
      const answer = { url: url.href, status: raw.status, headers: raw.headers, text, isFromCache: false }
      if (isMarkup(answer)) refuseWall(answer, first.href)
      if (raw.status >= 200 && raw.status < 300) {
        // A page cut short bears the tag of the whole one: kept, it would be confirmed for ever.
        if (!isMarkup(answer) || isWholePage(text)) cache?.keep(url.href, request, raw, text)
      } else if (raw.status !== 404 && raw.status !== 410) throw unusual(url, raw.status)
      return answer
    }
    throw new ScrapeRefusal('unavailable', `${asked} is sent on and on`)
  }

  async function get(
    url: string,
    how: Parameters<ScrapeContext<unknown>['get']>[1] = {},
    politeness: Politeness = options.politeness,
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await ask(url, how, politeness)
      } catch (error) {
        if (attempt >= (options.tries ?? 1) || !isMomentary(error)) throw error
        const seconds = error.retrySeconds ?? backoffSeconds(attempt, 1)
        await sleep(Math.min(seconds, 60) * 1000, undefined, { signal })
      }
    }
  }

  return { get, close: () => client.close() }
}

function fromCache(url: string, { policy, body }: CachedAnswer): Answer {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(policy.responseHeaders())) headers[name] = String(value)
  return { url, status: 200, headers, text: body, isFromCache: true }
}

function validators({ policy }: CachedAnswer): Record<string, string> {
  const { etag, 'last-modified': changed } = policy.responseHeaders()
  return {
    ...(etag !== undefined && { 'if-none-match': String(etag) }),
    ...(changed !== undefined && { 'if-modified-since': String(changed) }),
  }
}

function isMarkup({
  headers,
  status,
}: {
  headers: Readonly<Record<string, string>>
  status: number
}): boolean {
  return status >= 400 || (headers['content-type'] ?? 'text/html').includes('html')
}

function unusual(url: URL, status: number): ScrapeRefusal {
  return new ScrapeRefusal('unavailable', `${url.href} answered ${status}`)
}
