import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Call } from './politeness.ts'
import { isRunning } from './process.ts'
import { openScrape, type ScrapeStore } from './store.ts'

/**
 * Claims a scrape; a holder that is about to be given up is waited for, one that is dead on this machine loses it at once.
 *
 * PC404: there is no such scrape. PC409: it has ended, or somebody who lives has it in hand.
 */
export async function claimScrape(
  call: Call,
  { sessionId, leaseSeconds, signal }: { sessionId: string; leaseSeconds: number; signal: AbortSignal },
): Promise<ScrapeStore> {
  const holder = `${hostname()}:${process.pid}`
  const until = performance.now() + (leaseSeconds + 5) * 1000
  for (;;) {
    try {
      return await openScrape(call, sessionId, holder, leaseSeconds)
    } catch (error) {
      const text = 'select holder from app_private.scrape_leases where session_id = $1 and holder is not null'
      const [other] = await call<{ holder: string }>(text, [sessionId])
      if ((error as { code?: string }).code !== 'PC409' || other === undefined) throw error
      if (isDead(other.holder)) return openScrape(call, sessionId, holder, 0)
      if (performance.now() > until) throw error
      await sleep(500, undefined, { signal })
    }
  }
}

function isDead(holder: string): boolean {
  const end = holder.lastIndexOf(':')
  const pid = Number(holder.slice(end + 1))
  return (
    holder.slice(0, end) === hostname() && Number.isInteger(pid) && pid !== process.pid && !isRunning(pid)
  )
}
