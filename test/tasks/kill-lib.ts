import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { parseConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { withDatabase } from '../../server/postgres/house.ts'
import { deploy } from '../../sql/deploy/deploy.ts'
import { killIfThere, postmaster } from '../server/postgres/lib.ts'
import { type Asking, startWorkerProcess, type WorkerProcess } from './sites-lib.ts'

// What tests share that kill processes at random moments.

/** A pool that goes on asking while the server is down, for up to so many seconds. */
export function patientPool(url: string, seconds = 30): Asking & { end: () => Promise<void> } {
  const pool = new pg.Pool({ connectionString: url, max: 2, application_name: 'parcelle test' })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return {
    async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
      const end = Date.now() + seconds * 1000
      for (;;) {
        try {
          return (await pool.query<Row>(text, values)).rows
        } catch (error) {
          const code = (error as { code?: string }).code ?? ''
          // Anything but a server that is not there, or is just coming or going, is the test's own affair.
          const isAway = !(error instanceof pg.DatabaseError) || /^(08|57P)/.test(code)
          if (!isAway || Date.now() > end) throw error
          await sleep(200)
        }
      }
    },
    end: () => pool.end(),
  }
}

/** A database of one's own, whose server may be killed, with two workers in processes of their own. */
export interface KillHouse {
  db: Asking
  /** Starts workers until there are two. */
  man: () => Promise<void>
  workers: () => readonly WorkerProcess[]
  killPostgres: () => boolean
}

/** Runs something in a house of which everything may be killed; `env` is for the workers. */
export async function withKillHouse(
  t: { teardown(fn: () => unknown): void },
  env: Record<string, string>,
  run: (house: KillHouse) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'parcelle-kill-'))
  const dataDir = path.join(folder, 'data')
  chmodSync(folder, 0o755)
  t.teardown(() => {
    const pid = postmaster(dataDir)
    if (pid !== undefined) killIfThere(pid)
    rmSync(folder, { recursive: true, force: true })
  })
  const log = createLog({ logLevel: 'silent', serverPassword: undefined })
  const config = parseConfig({ PARCELLE_DATA_DIR: dataDir, LOG_LEVEL: 'silent' })
  await withDatabase(config, log, async ({ ownerUrl, serverPassword }) => {
    await deploy({ url: ownerUrl, serverPassword })
    const db = patientPool(ownerUrl)
    let workers: WorkerProcess[] = []
    try {
      await run({
        db,
        async man() {
          workers = workers.filter(({ child }) => child.exitCode === null && child.signalCode === null)
          while (workers.length < 2) {
            workers.push(
              await startWorkerProcess(t, {
                ...{ PARCELLE_DATA_DIR: dataDir, DATABASE_URL: '', WORKER_CONCURRENCY: '2' },
                ...env,
              }),
            )
          }
        },
        workers: () => workers,
        killPostgres: () => kill(postmaster(dataDir) ?? 0),
      })
    } finally {
      await Promise.all(workers.map((worker) => worker.stop()))
      await db.end()
    }
  })
}

function parentOf(pid: number): { parent: number; name: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(text) ?? []
    return { parent: Number(rest.split(' ')[1]), name }
  } catch {
    return null
  }
}

/** The browser processes that a process started itself: those whose end ends all of a browser. */
export function browsersOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => {
      const found = parentOf(candidate)
      return found !== null && found.parent === pid && /chrom|headless/i.test(found.name)
    })
}

/** Kills a process; gives whether it was there. */
export function kill(pid: number): boolean {
  // 0 would be this process with all its group.
  if (!(pid > 1)) return false
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    return false
  }
}
