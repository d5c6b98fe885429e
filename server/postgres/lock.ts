import { chownSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { Failure } from '../failure.ts'
import type { ServerUser } from './user.ts'

/**
 * Runs something while holding a lock on a file, so that two commands started at the same moment do not both
 * start a server. The lock is the operating system's (SQLite takes it for us, since Node has no call for it):
 * it goes with the process that holds it, however that one ends, so there is no stale lock to judge.
 *
 * @throws Failure when another process holds it for longer than `waitSeconds`.
 */
export async function withLock<T>(
  file: string,
  options: { user?: ServerUser | undefined; waitSeconds?: number },
  run: () => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + (options.waitSeconds ?? 600) * 1000
  const lock = new DatabaseSync(file, { timeout: 0 })
  try {
    if (options.user) chownSync(file, options.user.uid, options.user.gid)
    for (;;) {
      try {
        lock.exec('begin exclusive')
        break
      } catch (error) {
        if (!(error instanceof Error) || !/locked|busy/i.test(error.message)) throw error
        if (Date.now() > deadline) {
          throw new Failure(`another command has been starting or stopping the database for too long`, {
            hint: `Look for a hanging parcelle process; the lock is ${file}.`,
          })
        }
        await sleep(20 + Math.random() * 30)
      }
    }
    return await run()
  } finally {
    lock.close()
  }
}
