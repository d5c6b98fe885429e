import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { parseConfig } from '../../../server/config.ts'
import { createLog } from '../../../server/log.ts'
import { existingHome } from '../../../server/postgres/place.ts'

/** A configuration with a fresh data folder that the server's account can enter; both gone after the test. */
export function freshConfig(
  t: { teardown(fn: () => void): void },
  inside = 'data',
): ReturnType<typeof parseConfig> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'parcelle-house-'))
  chmodSync(folder, 0o755)
  const config = parseConfig({ PARCELLE_DATA_DIR: path.join(folder, inside), LOG_LEVEL: 'silent' })
  t.teardown(() => {
    const pid = postmaster(config.dataDir)
    if (pid !== undefined) killIfThere(pid)
    rmSync(folder, { recursive: true, force: true })
  })
  return config
}

/** A log that says nothing. */
export const silent = createLog({ logLevel: 'silent', serverPassword: undefined })

/** The pid that the server's own file names, living or not. */
export function postmaster(dataDir: string): number | undefined {
  const home = existingHome(dataDir)
  if (!home) return undefined
  try {
    return Number.parseInt(readFileSync(path.join(home.data, 'postmaster.pid'), 'utf8'), 10)
  } catch {
    return undefined
  }
}

/** Kills a process that may have gone already. */
export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {}
}

/** Runs one statement on a connection of its own. */
export async function ask<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Another command, in a process of its own, that holds the database until it is told to leave. */
export type Holder = {
  process: ChildProcess
  /** Resolves with the address once it has the database. */
  url: Promise<string>
  /** Ends it in order and resolves with its exit code. */
  leave(): Promise<number | null>
}

/** Starts a holder on a data folder; one still there after the test is killed. */
export function hold(t: { teardown(fn: () => void): void }, dataDir: string): Holder {
  const file = fileURLToPath(new URL('./hold.ts', import.meta.url))
  const child = spawn(process.execPath, [file], {
    env: { ...process.env, PARCELLE_DATA_DIR: dataDir, DATABASE_URL: '', LOG_LEVEL: 'silent' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  t.teardown(() => child.kill('SIGKILL'))
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const ended = once(child, 'exit') as Promise<[number | null]>
  const url = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('exit', (code) => reject(new Error(`the holder ended with ${code}: ${said}`)))
  })
  url.catch(() => {})
  return {
    process: child,
    url,
    async leave() {
      child.stdin.end()
      return (await ended)[0]
    },
  }
}
