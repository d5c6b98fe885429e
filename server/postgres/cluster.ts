import { type ChildProcess, spawn } from 'node:child_process'
import {
  chownSync,
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { Failure } from '../failure.ts'
import type { Binaries } from './binaries.ts'
import { serverEnvironment, settingsFile } from './initialise.ts'
import type { Home } from './place.ts'
import { choosePort, rememberedPort, socketFolder } from './port.ts'
import { isServerProcess, processStart, serverProcesses } from './processes.ts'
import { writePrivate } from './secrets.ts'
import { lookAtMachine, settingsFor } from './tuning.ts'

/** A running server: its process, its port, and whether it takes connections yet. */
export type Running = { pid: number; port: number; state: string }

/** The server at work in a home, as its own postmaster.pid says; undefined when none is. */
export function runningServer(home: Home): Running | undefined {
  let lines: string[]
  try {
    lines = readFileSync(path.join(home.data, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
  const pid = Number.parseInt(lines[0] ?? '', 10)
  if (!(pid > 0) || !isServerProcess(pid, home.data)) return undefined
  return { pid, port: Number.parseInt(lines[3] ?? '', 10), state: (lines[7] ?? '').trim() }
}

function logTail(home: Home, from: number): string {
  try {
    return readFileSync(home.log, 'utf8').slice(from).trim().split('\n').slice(-12).join('\n')
  } catch {
    return ''
  }
}

/** Ends what a killed server left behind, so that a new one may start. */
async function clearRemains(home: Home, log: Logger): Promise<void> {
  const orphans = serverProcesses(home.data)
  for (const signal of ['SIGTERM', 'SIGQUIT', 'SIGKILL'] as const) {
    const left = orphans.filter((pid) => isServerProcess(pid, home.data))
    if (left.length === 0) break
    log.info({ pids: left, signal }, 'ending what a killed server left behind')
    for (const pid of left) {
      try {
        process.kill(pid, signal)
      } catch {}
    }
    for (let i = 0; i < 100 && left.some((pid) => isServerProcess(pid, home.data)); i++) await sleep(20)
  }
  // PostgreSQL refuses to start while a recorded pid is alive, be it by now another program's or a zombie's.
  rmSync(path.join(home.data, 'postmaster.pid'), { force: true })
  for (const name of readdirSync(home.folder)) {
    if (name.startsWith('.s.PGSQL.')) rmSync(path.join(home.folder, name), { force: true })
  }
}

function launch(home: Home, binaries: Binaries): ChildProcess {
  if (existsSync(home.log) && statSync(home.log).size > 10e6) renameSync(home.log, `${home.log}.1`)
  const output = openSync(home.log, 'a', 0o600)
  try {
    if (home.user) chownSync(home.log, home.user.uid, home.user.gid)
    const server = spawn(binaries.postgres, ['-D', home.data], {
      cwd: '/',
      env: serverEnvironment,
      stdio: ['ignore', output, output],
      detached: true,
      ...(home.user ? { uid: home.user.uid, gid: home.user.gid } : {}),
    })
    server.unref()
    return server
  } finally {
    closeSync(output)
  }
}

/** Waits until a server takes connections; false when it has gone. Recovery after a crash may take minutes. */
async function untilReady(home: Home, isAlive: () => boolean, log: Logger): Promise<boolean> {
  const begun = Date.now()
  let said = begun
  while (isAlive()) {
    const running = runningServer(home)
    if (running?.state === 'ready') return true
    if (Date.now() - said > 3000) {
      said = Date.now()
      log.info(
        { state: running?.state, seconds: Math.round((said - begun) / 1000) },
        'waiting for the database',
      )
    }
    await sleep(15)
  }
  return false
}

function writeSettings(home: Home, port: number): void {
  const settings: Record<string, string | number> = {
    ...settingsFor(lookAtMachine(home.folder)),
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: socketFolder(home) ?? '',
    unix_socket_permissions: '0700',
  }
  const lines = Object.entries(settings).map(
    ([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'`,
  )
  const head = '# Rewritten at every start, to fit the machine; "alter system set" takes precedence over it.'
  writePrivate(home, path.join(home.data, settingsFile), `${head}\n${lines.join('\n')}\n`)
}

/**
 * Starts the server of a home, or finds the one at work. After a kill -9 it ends the remains and lets PostgreSQL
 * recover. Call it while holding the lock. Returns the running server once it takes connections.
 *
 * @throws Failure with the end of the server's log.
 */
export async function startServer(home: Home, binaries: Binaries, log: Logger): Promise<Running> {
  const found = runningServer(home)
  if (found) {
    const stillThere = () => processStart(found.pid) !== undefined
    if (found.state !== 'stopping' && (await untilReady(home, stillThere, log))) return found
    while (stillThere()) await sleep(20)
  }
  await clearRemains(home, log)
  const deadline = Date.now() + 60_000
  let port = await rememberedPort(home)
  for (;;) {
    writeSettings(home, port)
    const from = existsSync(home.log) ? statSync(home.log).size : 0
    const server = launch(home, binaries)
    let failed: Error | undefined
    server.once('error', (error) => {
      failed = error
    })
    const isAlive = () => failed === undefined && server.exitCode === null && server.signalCode === null
    if (await untilReady(home, isAlive, log)) {
      const running = runningServer(home)
      if (running) return running
    }
    const tail = failed?.message ?? logTail(home, from)
    if (Date.now() < deadline && /could not (bind|create any TCP)/.test(tail)) port = await choosePort(home)
    else if (Date.now() < deadline && /shared memory block|is running in data directory/.test(tail))
      await sleep(500)
    else {
      throw new Failure(`the embedded database does not start:\n${tail}`, {
        hint: `Its log is ${home.log}; parcelle reset begins anew with an empty database.`,
      })
    }
  }
}

/** Stops the server of a home, if one runs: sessions are ended, everything is written, nothing is lost. */
export async function stopServer(home: Home, log: Logger): Promise<void> {
  const running = runningServer(home)
  if (!running) return
  process.kill(running.pid, 'SIGINT')
  const begun = Date.now()
  let said = begun
  while (processStart(running.pid) !== undefined) {
    if (Date.now() - said > 3000) {
      said = Date.now()
      log.info({ seconds: Math.round((said - begun) / 1000) }, 'waiting for the database to stop')
    }
    await sleep(15)
  }
}
