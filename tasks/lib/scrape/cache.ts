import CachePolicy from 'http-cache-semantics'
import { z } from 'zod'
import type { RawAnswer } from './client.ts'
import type { Call } from './politeness.ts'

const policySchema = z.looseObject({ v: z.number() })
const keptDays = 30

/** An answer that is kept. */
export interface CachedAnswer {
  policy: CachePolicy
  body: string
}

interface KeptRow {
  url: string
  policy: unknown
  body: string
}

/** Answers kept in the database for all workers. */
export interface ResponseCache {
  /** Fetches at once what is kept for addresses that will be asked for soon. */
  prefetch(urls: readonly string[]): Promise<void>
  find(url: string): Promise<CachedAnswer | null>
  /** Keeps an answer if it may be kept; written with others, at the latest by `flush`. */
  keep(url: string, request: CachePolicy.Request, answer: RawAnswer, body: string): void
  /** Keeps that an answer still holds. */
  renew(url: string, policy: CachePolicy): void
  flush(): Promise<void>
}

/**
 * Opens the cache of answers. What may be kept, and for how long, HTTP's own rules decide; `freshSeconds` is for how long
 * an answer holds whose server says nothing about it.
 */
export function openResponseCache(call: Call, freshSeconds: number): ResponseCache {
  let asked: { url: string; resolve(found: CachedAnswer | null): void; reject(error: unknown): void }[] = []
  let written: Record<string, unknown>[] = []
  const ahead = new Map<string, KeptRow | null>()

  async function read(urls: readonly string[]): Promise<Map<string, KeptRow>> {
    const text = 'select url, policy, body from app_private.cached_responses($1)'
    return new Map((await call<KeptRow>(text, [urls])).map((row) => [row.url, row]))
  }

  // One statement for all that is asked within one turn of the loop.
  async function answer(): Promise<void> {
    const batch = asked
    asked = []
    try {
      const found = await read([...new Set(batch.map(({ url }) => url))])
      for (const { url, resolve } of batch) resolve(cachedAnswer(found.get(url)))
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  async function flush(): Promise<void> {
    const batch = written
    written = []
    if (batch.length > 0) {
      await call('select app_private.keep_responses($1::jsonb)', [
        JSON.stringify(batch).replaceAll('\\u0000', ''),
      ])
    }
  }

  function write(url: string, policy: CachePolicy, body: string | null): void {
    const headers = policy.responseHeaders()
    written.push({
      url,
      policy: policy.toObject(),
      body: body?.toWellFormed() ?? null,
      etag: headers.etag ?? null,
      lastModified: headers['last-modified'] ?? null,
      freshSeconds: Math.max(0, policy.timeToLive() / 1000),
      keepSeconds: keptDays * 86_400,
    })
  }

  return {
    async prefetch(urls) {
      const found = await read(urls)
      for (const url of urls) ahead.set(url, found.get(url) ?? null)
    },
    find(url) {
      const known = ahead.get(url)
      if (known !== undefined) {
        ahead.delete(url)
        return Promise.resolve(cachedAnswer(known ?? undefined))
      }
      return new Promise((resolve, reject) => {
        if (asked.push({ url, resolve, reject }) === 1) setImmediate(() => void answer())
      })
    },
    keep(url, request, { status, headers }, body) {
      const isSaid = headers['cache-control'] !== undefined || headers.expires !== undefined
      const said = isSaid ? headers : { ...headers, 'cache-control': `max-age=${freshSeconds}` }
      // Without the rule of thumb that a page unchanged for a year may be fresh for a month.
      const policy = new CachePolicy(request, { status, headers: said }, { shared: false, cacheHeuristic: 0 })
      const isUseful =
        policy.timeToLive() > 0 || headers.etag !== undefined || headers['last-modified'] !== undefined
      if (policy.storable() && isUseful) write(url, policy, body)
    },
    renew: (url, policy) => write(url, policy, null),
    flush,
  }
}

function cachedAnswer(row: KeptRow | undefined): CachedAnswer | null {
  if (row === undefined) return null
  const policy = policySchema.parse(row.policy) as unknown as CachePolicy.CachePolicyObject
  return { policy: CachePolicy.fromObject(policy), body: row.body }
}
