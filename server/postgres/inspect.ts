import { existsSync, readdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import type { Logger } from 'pino'
import { Failure } from '../failure.ts'
import { runningServer, stopServer } from './cluster.ts'
import { type Lease, livingLeases } from './leases.ts'
import { withLock } from './lock.ts'
import { existingHome } from './place.ts'
import { addressOf } from './prepare.ts'
import { openSecrets } from './secrets.ts'

/** The embedded server as it is found, without starting it. */
export type EmbeddedState = {
  /** Where it lives; undefined when it was never started. */
  folder: string | undefined
  isElsewhere: boolean
  running: { pid: number; port: number; ownerUrl: string } | undefined
  /** The commands that use it now. */
  leases: Lease[]
}

/** Looks at the embedded server of a data folder without starting anything. */
export async function inspectEmbedded(dataDir: string): Promise<EmbeddedState> {
  const home = existingHome(dataDir)
  if (!home || !existsSync(home.data)) {
    return { folder: undefined, isElsewhere: home?.isElsewhere ?? false, running: undefined, leases: [] }
  }
  return withLock(home.lock, { user: home.user }, async () => {
    const running = runningServer(home)
    const login = { user: 'parcelle_owner', password: openSecrets(home).owner, database: 'parcelle' }
    return {
      folder: home.folder,
      isElsewhere: home.isElsewhere,
      running: running && { pid: running.pid, port: running.port, ownerUrl: addressOf(home, running, login) },
      leases: livingLeases(home.leases),
    }
  })
}

/**
 * Stops the embedded server of a data folder and removes its database, passwords and log; what else is in the data
 * folder stays. Returns the folder emptied, or undefined when there was none.
 *
 * @throws Failure when other commands use it.
 */
export async function removeEmbedded(dataDir: string, log: Logger): Promise<string | undefined> {
  const home = existingHome(dataDir)
  if (!home) return undefined
  return withLock(home.lock, { user: home.user }, async () => {
    const users = livingLeases(home.leases)
    if (users.length > 0) {
      const names = users.map((lease) => `${lease.command || 'a command'} (pid ${lease.pid})`)
      throw new Failure(`the embedded database is in use by ${names.join(', ')}`, {
        hint: 'Stop it (ctrl-C) and run parcelle reset again.',
      })
    }
    await stopServer(home, log)
    for (const name of readdirSync(home.folder)) {
      const entry = path.join(home.folder, name)
      if (entry !== home.lock) rmSync(entry, { recursive: true, force: true })
    }
    return home.folder
  })
}
