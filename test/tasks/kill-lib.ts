import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Asking } from './sites-lib.ts'

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
          const isAway = !/^[0-9A-Z]{5}$/.test(code) || /^(08|57P0|25006)/.test(code)
          if (!isAway || Date.now() > end) throw error
          await sleep(200)
        }
      }
    },
    end: () => pool.end(),
  }
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
  try {
    process.kill(pid, 'SIGKILL')
    return true
  } catch {
    return false
  }
}
