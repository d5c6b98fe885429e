import { ScrapeRefusal } from './adapter.ts'

/** How often an item, or the planning of a scrape, is tried in all. */
const triesAtMost = 3

/** Whether trying again later may help. */
export function isMomentary(error: unknown): error is ScrapeRefusal {
  return error instanceof ScrapeRefusal && ['unavailable', 'timeout', 'circuit_open'].includes(error.reason)
}

/** Seconds to wait after the n-th failure: twice as long each time, and never the same for two. */
export function backoffSeconds(attempt: number, first: number): number {
  return first * 2 ** (attempt - 1) * (0.5 + Math.random())
}

/**
 * Seconds after which what failed is tried again; null when it was tried often enough, or would fail in the same way.
 *
 * @param attempt the how manieth try it was, from 1.
 * @param first seconds after the first failure, where the refusal itself does not say.
 */
export function secondsToRetry(error: unknown, attempt: number, first: number): number | null {
  const isWorthIt = isMomentary(error) || !(error instanceof ScrapeRefusal)
  if (!isWorthIt || attempt >= triesAtMost) return null
  return (isMomentary(error) ? error.retrySeconds : null) ?? backoffSeconds(attempt, first)
}

/** What failed, in a word and a sentence, as it is kept. */
export function describeFailure(error: unknown): { reason: string; detail: string } {
  const reason = error instanceof ScrapeRefusal ? error.reason : 'failed'
  const detail = error instanceof Error ? error.message : String(error)
  return { reason, detail: detail.slice(0, 1000) }
}
