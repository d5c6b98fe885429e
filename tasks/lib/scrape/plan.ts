import { setTimeout as sleep } from 'node:timers/promises'
import type pino from 'pino'
import type { Adapter, PlannedItem } from './adapter.ts'
import { DatabaseTrouble, type ScrapeStore } from './store.ts'
import { contextFor, type Surroundings } from './surroundings.ts'
import { describeFailure, secondsToRetry } from './tries.ts'
import { type Stopped, stopReason } from './work-off.ts'

/** What was asked for cannot be planned, and the session has failed; the cause says why. */
export class Unplannable extends Error {
  override name = 'Unplannable'

  constructor(cause: unknown) {
    super(describeFailure(cause).detail, { cause })
  }
}

/**
 * Plans a scrape and keeps its first items; whom the adapter asks for that is asked again as for any item. Gives why the
 * scrape is stopped (a wall, the page budget), or null.
 *
 * Unplannable: it cannot be planned, so the session has failed. What aborted `signal`, and what the database refused, is
 * thrown as it came.
 */
export async function planScrape(given: {
  adapter: Adapter
  store: ScrapeStore
  parts: Surroundings
  log: pino.Logger
  signal: AbortSignal
}): Promise<Stopped | null> {
  const { adapter, store, parts, log, signal } = given
  let items: PlannedItem[] | undefined
  for (let attempt = 1; items === undefined; attempt++) {
    try {
      items = await adapter.plan(contextFor(parts, { requests: 0 }))
    } catch (error) {
      if (signal.aborted || error instanceof DatabaseTrouble) throw error
      const stopped = stopReason(error)
      if (stopped !== null) return stopped
      const seconds = secondsToRetry(error, attempt, parts.backoffSeconds)
      if (seconds === null) {
        await store.end(describeFailure(error))
        throw new Unplannable(error)
      }
      log.debug({ attempt, err: error }, 'the scrape could not be planned')
      await sleep(seconds * 1000, undefined, { signal }).catch(() => {})
      signal.throwIfAborted()
    }
  }
  await store.plan(items)
  return null
}
