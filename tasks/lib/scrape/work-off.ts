import type pino from 'pino'
import { type Adapter, ScrapeRefusal } from './adapter.ts'
import { DatabaseTrouble, type ScrapeStore, type StoredResult, type TakenItem } from './store.ts'
import { contextFor, type Surroundings } from './surroundings.ts'
import { describeFailure, secondsToRetry } from './tries.ts'

/** Why a scrape ends before its items do. */
export interface Stopped {
  reason: 'challenge' | 'login' | 'budget'
  detail: string
}

const batchSize = 250
const handsFull = 1000

/**
 * Works off the items of a scrape until none is left; results are stored many at a time. Gives why it was stopped early,
 * or null.
 */
export async function workOff(given: {
  adapter: Adapter
  store: ScrapeStore
  parts: Surroundings
  log: pino.Logger
  signal: AbortSignal
}): Promise<Stopped | null> {
  const { adapter, store, parts, log, signal } = given
  const concurrency = parts.concurrency ?? adapter.concurrency ?? 1
  let stopped: Stopped | null = null
  let trouble: unknown

  async function work(item: TakenItem): Promise<StoredResult | null> {
    const counter = { requests: 0 }
    try {
      const context = contextFor(parts, counter)
      const page = await adapter.fetch(item, context)
      const found = await adapter.extract(page, item, context)
      return {
        ...{ id: item.id, status: 'done', requests: counter.requests, found: found.count },
        ...{
          announced: found.announced ?? null,
          coverage: found.coverage,
          rows: found.rows,
          items: found.items,
        },
      }
    } catch (error) {
      if (parts.base.signal.aborted) return null
      if (error instanceof DatabaseTrouble) {
        trouble ??= error.cause
        return null
      }
      const reason = stopReason(error)
      if (reason) {
        stopped ??= reason
        // Nobody of us asks that host for anything more.
        if (reason.reason !== 'budget') parts.halt()
        return null
      }
      return failed(item, counter.requests, error)
    }
  }

  function failed(item: TakenItem, requests: number, error: unknown): StoredResult {
    const failure = describeFailure(error)
    log.debug({ item: item.key, attempt: item.attempt, ...failure, err: error }, 'an item could not be read')
    const result = { id: item.id, requests, error: failure }
    const retrySeconds = secondsToRetry(error, item.attempt, parts.backoffSeconds)
    if (retrySeconds !== null) return { ...result, status: 'waiting', retrySeconds }
    return { ...result, status: failure.reason === 'robots' ? 'skipped' : 'failed' }
  }

  const queue: TakenItem[] = []
  let results: StoredResult[] = []
  // Results, and the items they lead to: what storing them costs, and what others wait for.
  let weight = 0
  let active = 0
  let wake = () => {}
  const isOver = () => stopped !== null || trouble !== undefined || signal.aborted
  const start = () => {
    while (active < concurrency && !isOver()) {
      const item = queue.shift()
      if (item === undefined) return
      active++
      void work(item).then((result) => {
        active--
        if (result) {
          results.push(result)
          weight += 1 + (result.items?.length ?? 0)
        }
        start()
        wake()
      })
    }
  }
  const change = (milliseconds?: number) =>
    new Promise<void>((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds)
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  let flushing: Promise<void> | null = null
  let flushedAt = performance.now()
  const keep = async (batch: readonly StoredResult[]) => {
    await parts.flush()
    parts.tellCounts(await store.finish(batch))
  }
  /** Stores what has been read, while further items are read. */
  const flush = () => {
    const batch = results
    results = []
    weight = 0
    flushedAt = performance.now()
    flushing = keep(batch)
      .catch((error: unknown) => {
        trouble ??= error
      })
      .finally(() => {
        flushing = null
        wake()
      })
  }
  const isDue = () =>
    flushing === null &&
    results.length > 0 &&
    (weight >= batchSize || queue.length < concurrency || performance.now() - flushedAt > 1000)
  const onAbort = () => wake()
  signal.addEventListener('abort', onAbort)

  try {
    let wanted = concurrency * 2
    let takenAt = Number.NEGATIVE_INFINITY
    while (!isOver()) {
      if (isDue()) flush()
      if (queue.length >= Math.max(concurrency, wanted / 2)) {
        await change(1000)
        continue
      }
      const isSettled = flushing === null
      const { items, waitSeconds } = await store.take(wanted)
      if (items.length > 0) {
        const isHungry = performance.now() - takenAt < 1000
        takenAt = performance.now()
        if (items.length < wanted) wanted = Math.max(concurrency * 2, items.length)
        else if (isHungry) wanted = Math.min(wanted * 2, handsFull)
        const urls = items.map(({ params }) => params.url).filter((url) => typeof url === 'string')
        if (urls.length > 0) await parts.prefetch(urls)
        queue.push(...items)
        start()
      } else if (flushing !== null) await flushing
      else if (results.length > 0) flush()
      else if (active > 0) await change()
      else if (isSettled && waitSeconds === null) break
      else if (waitSeconds !== null) await change(Math.min(waitSeconds * 1000 + 5, 60_000))
    }
    while (active > 0 || flushing !== null) await change()
    if (trouble !== undefined) throw trouble
    if (results.length > 0) await keep(results)
    signal.throwIfAborted()
    return stopped
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

/** Why a failure ends the whole scrape; null for one that is its item's own. */
export function stopReason(error: unknown): Stopped | null {
  if (!(error instanceof ScrapeRefusal)) return null
  const { reason } = error
  if (reason !== 'challenge' && reason !== 'login' && reason !== 'budget') return null
  return { reason, detail: error.message }
}
