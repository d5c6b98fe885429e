import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import type { SiteRequest } from '../../seeds/world/sites/server.ts'

// What tests of scraping against the simulated sites share: sources, workers in processes of their own, waiting.

const main = fileURLToPath(new URL('../../server/cli/main.ts', import.meta.url))

/** Something that can be asked. */
export type Asking = {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
}

/** Makes a source on loopback known through the entry points that operators use. */
export async function addLocalSource(
  db: Asking,
  source: { code: string; kind: string; url: string; config: Record<string, unknown> },
): Promise<void> {
  const { code, kind, url, config } = source
  await db.query('select app_public.add_source($1, $1, $2::app_base.source_kind, $3, $4)', [
    code,
    kind,
    url,
    JSON.stringify(config),
  ])
  await db.query('select app_private.set_source_local($1, true)', [code])
}

/** Starts the scrape of a source; gives the session's id. */
export async function startScrape(
  db: Asking,
  source: string,
  parameters: Record<string, unknown>,
): Promise<string> {
  const [row] = await db.query<{ id: string }>('select id from app_public.start_scrape($1, $2)', [
    source,
    JSON.stringify(parameters),
  ])
  return (row as { id: string }).id
}

/** A worker in a process of its own. */
export interface WorkerProcess {
  child: ChildProcess
  /** What it said on stderr. */
  said: () => string
  /** Ends it in order; SIGKILL after ten seconds. */
  stop: () => Promise<void>
}

/** Starts `parcelle work` in a process of its own and waits until it runs. */
export async function startWorkerProcess(
  t: { teardown(fn: () => unknown): void },
  env: Record<string, string>,
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [main, 'work', '--json'], {
    env: { ...process.env, LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  const ended = once(child, 'exit')
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const killing = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await ended
    clearTimeout(killing)
  }
  t.teardown(stop)
  const started = new Promise<void>((resolve, reject) => {
    let stdout = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
      if (stdout.includes('}')) resolve()
    })
    child.once('exit', (code) => reject(new Error(`the worker ended with ${code}: ${stderr}`)))
  })
  await started
  return { child, said: () => stderr, stop }
}

/** Asks again and again until the answer is not undefined; throws after so many seconds. */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s`)
    await sleep(100)
  }
}

/** A session as it ended. */
export interface EndedSession {
  status: string
  is_complete: boolean
  staged_count: number | null
  held_reasons: { reason: string }[] | null
  errors: { reason: string; count?: number }[]
}

/** Waits until a session has been filled, or also synced or held; gives what it came to. */
export async function sessionEnd(
  db: Asking,
  id: string,
  seconds: number,
  upTo: 'filled' | 'settled' = 'settled',
): Promise<EndedSession> {
  return until(`the end of session ${id}`, seconds, async () => {
    const [row] = await db.query<EndedSession & { is_filled: boolean }>(
      `select s.status, s.is_complete, s.staged_count, s.held_reasons, s.errors, s.finished_at is not null as is_filled
       from app_public.scrape_sessions as s where s.id = $1`,
      [id],
    )
    const isOpen =
      row === undefined ||
      !row.is_filled ||
      (upTo === 'settled' && ['queued', 'running'].includes(row.status))
    return isOpen ? undefined : row
  })
}

/** The most requests that arrived within any `milliseconds`. */
export function busiest(requests: readonly SiteRequest[], milliseconds: number): number {
  const times = requests.map(({ at }) => at).sort((a, b) => a - b)
  let most = 0
  for (let first = 0, last = 0; last < times.length; last++) {
    while ((times[last] as number) - (times[first] as number) >= milliseconds) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}

/** Requests that came while the host rested: after a Retry-After began, allowing for those on their way, and before its end. */
export function brokenRests(requests: readonly SiteRequest[], onTheirWay: number): SiteRequest[] {
  const rests = requests.flatMap(({ at, status, retryAfter }) =>
    (status === 429 || status === 503) && retryAfter !== undefined
      ? [{ from: at + onTheirWay, until: at + Number(retryAfter) * 1000 }]
      : [],
  )
  return requests.filter(({ at }) => rests.some((rest) => at > rest.from && at < rest.until))
}
