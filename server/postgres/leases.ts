import { randomBytes } from 'node:crypto'
import { chownSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { processStart } from './processes.ts'
import type { ServerUser } from './user.ts'

const leaseForm = z.object({ pid: z.number().int().positive(), startedAt: z.string(), command: z.string() })

/** One command's hold on the embedded server: who it is, by pid and start time, and what it runs. */
export type Lease = z.output<typeof leaseForm>

/** Takes a lease in a folder for this process. Returns the file, to be given to `endLease`. */
export function takeLease(folder: string, user: ServerUser | undefined, command: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = path.join(folder, `${process.pid}-${randomBytes(4).toString('hex')}.json`)
  const lease: Lease = { pid: process.pid, startedAt: processStart(process.pid) ?? '', command }
  writeFileSync(file, JSON.stringify(lease), { mode: 0o600 })
  if (user) {
    chownSync(folder, user.uid, user.gid)
    chownSync(file, user.uid, user.gid)
  }
  return file
}

/** Gives a lease back. */
export function endLease(file: string): void {
  rmSync(file, { force: true })
}

/**
 * The leases of processes that are still there. Files of processes that ended without giving theirs back, and
 * unreadable files, are removed: call this while holding the lock.
 */
export function livingLeases(folder: string): Lease[] {
  const living: Lease[] = []
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(folder)) {
    const file = path.join(folder, name)
    let lease: Lease | undefined
    try {
      lease = leaseForm.parse(JSON.parse(readFileSync(file, 'utf8')))
    } catch {
      lease = undefined
    }
    if (lease && processStart(lease.pid) === lease.startedAt) living.push(lease)
    else rmSync(file, { force: true })
  }
  return living
}
