import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'

const isLinux = process.platform === 'linux'

function ps(pid: number, column: string): string {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return ''
  }
}

/** What Linux tells of a process behind its name, which may hold anything: state first; undefined when there is none. */
export function statFields(pid: number): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/**
 * When a process started, as a text that no other process with the same pid shares, not even after a reboot;
 * undefined when there is no such process or it is only a zombie, which nobody may ever reap in a container.
 */
export function processStart(pid: number): string | undefined {
  if (!isLinux) {
    const state = ps(pid, 'stat')
    return state === '' || state.startsWith('Z') ? undefined : ps(pid, 'lstart')
  }
  const fields = statFields(pid)
  if (fields === undefined || fields[0] === 'Z' || fields[0] === 'X') return undefined
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()
    return `${boot}:${fields[19]}`
  } catch {
    return undefined
  }
}

/** Whether a process is a living PostgreSQL process of this data folder: its server or one of its backends. */
export function isServerProcess(pid: number, dataFolder: string): boolean {
  if (processStart(pid) === undefined) return false
  if (!isLinux) return /postgres/.test(ps(pid, 'command'))
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataFolder)
  } catch {
    return false
  }
}

/**
 * The PostgreSQL processes still at work in a data folder (Linux; elsewhere none are found). A backend busy
 * with a long statement outlives a killed server by minutes and keeps a new one from starting.
 */
export function serverProcesses(dataFolder: string): number[] {
  if (!isLinux) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && isServerProcess(pid, dataFolder))
}
