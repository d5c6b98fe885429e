import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Binaries } from './binaries.ts'
import { runningServer, startServer } from './cluster.ts'
import { withLock } from './lock.ts'
import type { Home } from './place.ts'

/**
 * Keeps the embedded server of a long command running: one that was killed is started again, where it was, so that
 * pools of connections find it. Returns how to stop watching, which waits for a start under way.
 */
export function watchServer(home: Home, binaries: Binaries, log: Logger): () => Promise<void> {
  const stopping = new AbortController()
  const watch = async () => {
    let pause = 1000
    for (;;) {
      await sleep(pause, undefined, { signal: stopping.signal, ref: false })
      if (runningServer(home)) continue
      try {
        await withLock(home.lock, { user: home.user }, async () => {
          if (stopping.signal.aborted || runningServer(home)) return
          log.warn('the database has gone: starting it again')
          await startServer(home, binaries, log)
        })
        pause = 1000
      } catch (error) {
        log.error({ err: error }, 'the database could not be started again')
        pause = 30_000
      }
    }
  }
  const watching = watch().catch(() => {})
  return async () => {
    stopping.abort()
    await watching
  }
}
