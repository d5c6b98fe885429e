import { isPassing } from '../../server/retry.ts'
import { isConnectionLost } from './connection.ts'

/** A job of the queue that stands for a task of a pipeline. */
export interface TaskJob {
  jobId: string
  taskId: number
}

/** An attempt at a task, as the database began it. `token` tells it from earlier and later ones. */
export interface Attempt {
  taskId: number
  token: string
  runId: number
  stage: string
  /** 1 for the first. */
  attemptNo: number
  params: unknown
  timeoutMs: number
}

/** How an attempt ended; see the type attempt_outcome of the database. */
export interface AttemptEnd {
  attempt: Attempt
  outcome: 'succeeded' | 'failed' | 'refused' | 'lost' | 'cancelled' | 'released'
  itemCount?: number | undefined
  failedItemCount?: number | undefined
  result?: unknown
  error?: string | undefined
  milliseconds: number
}

/** Why an attempt was told to stop. */
export class Stopped extends Error {
  override name = 'Stopped'
  readonly outcome: 'failed' | 'cancelled' | 'released' | 'overtaken'

  constructor(outcome: Stopped['outcome'], message: string) {
    super(message)
    this.outcome = outcome
  }
}

/** Beginning and ending of attempts, many of them to a statement. */
export interface Attempts {
  /** Begins attempts at jobs that were fetched ahead of their turn. */
  claim(jobs: readonly TaskJob[]): void
  /** Begins an attempt, or takes the one begun ahead; null when there is nothing to do for the job. */
  start(job: TaskJob): Promise<Attempt | null>
  /** Has an attempt stopped when its time is over or the database says so, to the second; until `leave`. */
  watch(attempt: Attempt, stop: (why: Stopped) => void): void
  leave(attempt: Attempt): void
  /** Tells how an attempt ended. Resolves when that is kept, or, in a worker, as soon as it is sure to be told. */
  end(end: AttemptEnd): Promise<void>
  /** Gives attempts back whose jobs go back to the queue untried. */
  release(jobs: readonly TaskJob[]): void
  /** Stops every attempt at work, since the worker ends. */
  stopAll(): void
  /** Resolves when everything has been told. */
  close(): Promise<void>
}

/** Runs one statement as the owner and gives its rows. */
export type Query = <Row>(text: string, values: readonly unknown[]) => Promise<Row[]>

const most = 500
const part = 100
const startText = 'select * from app_private.start_tasks($1, $2, $3)'
const endText = `select app_private.finish_tasks(
  $1, $2, $3::app_base.attempt_outcome[], $4, $5, $6::jsonb[], $7, $8) as task_id`
const stopText = 'select task_id, is_cancelled from app_private.tasks_to_stop($1, $2)'

/**
 * Keeps the books of a worker's attempts.
 *
 * What concurrent tasks ask for at one moment becomes one statement. With `isAsync` the end of an attempt is told in
 * the background: should the process die before, the worker is given up and the task done again. `staleAfter` is for how
 * many milliseconds a worker may be silent before that happens.
 */
export function createAttempts(options: {
  query: Query
  worker: () => string
  isAsync: boolean
  staleAfter: number
  onError(error: unknown, message: string): void
}): Attempts {
  const { query, worker, onError } = options
  const begun = new Map<string, Ahead>()
  const running = new Map<string, { attempt: Attempt; stop(why: Stopped): void; begun: number }>()
  const ends: AttemptEnd[] = []
  let starting: { job: TaskJob; settle(attempt: Promise<Attempt | null>): void }[] = []
  let telling: Promise<void> | null = null
  let releasing: Promise<unknown> = Promise.resolve()
  let timer: NodeJS.Timeout | null = null

  const startAll = (jobs: readonly TaskJob[]): Promise<Map<number, Attempt>> =>
    retry(async () => {
      const rows = await query<StartedRow>(startText, [
        `{${jobs.map((job) => job.taskId).join(',')}}`,
        `{${jobs.map((job) => job.jobId).join(',')}}`,
        worker(),
      ])
      return new Map(rows.map((row) => [Number(row.task_id), toAttempt(row)]))
    })

  const claim = (jobs: readonly TaskJob[]) => {
    // In parts: the first of them run while the next are being begun.
    for (let from = 0; from < jobs.length; from += part) {
      const some = jobs.slice(from, from + part)
      const all = startAll(some)
      // Whoever starts the job meets the error.
      all.catch(() => {})
      const at = performance.now()
      for (const { jobId, taskId } of some) begun.set(jobId, { at, taskId, all })
    }
  }

  const isStopped = async (attempt: Attempt): Promise<boolean> =>
    (await query(stopText, [[attempt.taskId], [attempt.token]])).length > 0

  const look = async () => {
    timer = null
    const all = [...running.values()]
    if (all.length === 0) return
    for (const { attempt, stop, begun } of all) {
      if (performance.now() - begun < attempt.timeoutMs) continue
      const seconds = Math.round(attempt.timeoutMs / 1000)
      stop(new Stopped('failed', `it took longer than ${seconds} s`))
    }
    try {
      const rows = await query<{ task_id: string; is_cancelled: boolean | null }>(stopText, [
        all.map(({ attempt }) => attempt.taskId),
        all.map(({ attempt }) => attempt.token),
      ])
      for (const row of rows) {
        const one = all.find(({ attempt }) => attempt.taskId === Number(row.task_id))
        one?.stop(
          row.is_cancelled === true
            ? new Stopped('cancelled', 'its run was cancelled')
            : new Stopped('overtaken', 'a later attempt has taken its place'),
        )
      }
    } catch (error) {
      onError(error, 'it is not known which tasks should stop')
    }
    lookLater()
  }
  const lookLater = () => {
    if (running.size > 0) timer ??= setTimeout(() => void look(), 1000)
  }

  const tell = async () => {
    while (ends.length > 0) {
      const batch = ends.splice(0, most)
      try {
        await retry(() => query(endText, endValues(batch)))
      } catch (error) {
        // Something in one of them cannot be kept.
        for (const end of batch) await tellOne(end, error)
      }
    }
  }
  const tellOne = async (end: AttemptEnd, first: unknown) => {
    try {
      await retry(() => query(endText, endValues([end])))
    } catch (error) {
      onError(error, 'the end of an attempt cannot be kept')
      const message = error instanceof Error ? error.message : String(first)
      const refused = { ...end, outcome: 'refused', result: undefined } as const
      const told = { ...refused, error: `what it gave cannot be kept: ${message}` }
      await retry(() => query(endText, endValues([told]))).catch((err) =>
        onError(err, 'the end of an attempt is not told'),
      )
    }
  }

  const giveBack = async (ahead: Promise<Attempt | null>[]) => {
    const all = (await Promise.all(ahead)).filter((attempt) => attempt !== null)
    await retry(() =>
      query('select app_private.release_tasks($1, $2)', [
        all.map(({ taskId }) => taskId),
        all.map(({ token }) => token),
      ]),
    )
  }

  return {
    claim,
    start(job) {
      const ahead = begun.get(job.jobId)
      begun.delete(job.jobId)
      if (ahead !== undefined) {
        if (performance.now() - ahead.at < options.staleAfter) return attemptOf(ahead)
        // The process slept: somebody else may have been given the task meanwhile.
        return attemptOf(ahead).then(async (attempt) =>
          attempt === null || (await isStopped(attempt)) ? null : attempt,
        )
      }
      return new Promise((resolve) => {
        starting.push({ job, settle: resolve })
        if (starting.length > 1) return
        setImmediate(() => {
          const jobs = starting
          starting = []
          const all = startAll(jobs.map((one) => one.job))
          for (const one of jobs) one.settle(all.then((attempts) => attempts.get(one.job.taskId) ?? null))
        })
      })
    },
    watch(attempt, stop) {
      running.set(attempt.token, { attempt, stop, begun: performance.now() })
      lookLater()
    },
    leave: (attempt) => void running.delete(attempt.token),
    end(end) {
      ends.push(end)
      telling ??= new Promise<void>((resolve) => setImmediate(resolve)).then(tell).finally(() => {
        telling = null
      })
      return options.isAsync && ends.length < 2 * most ? Promise.resolve() : telling
    },
    release(jobs) {
      const back: Promise<Attempt | null>[] = []
      for (const job of jobs) {
        const ahead = begun.get(job.jobId)
        if (ahead !== undefined) back.push(attemptOf(ahead))
        begun.delete(job.jobId)
      }
      if (back.length === 0) return
      const giving = giveBack(back).catch((error) => onError(error, 'tasks were not given back'))
      releasing = Promise.all([releasing, giving])
    },
    stopAll() {
      for (const { stop } of running.values()) stop(new Stopped('released', 'the worker ends'))
    },
    async close() {
      await releasing
      while (telling !== null) await telling
      if (timer !== null) clearTimeout(timer)
    },
  }
}

/** An attempt begun ahead of its turn, together with others. */
type Ahead = { at: number; taskId: number; all: Promise<Map<number, Attempt>> }

const attemptOf = async ({ all, taskId }: Ahead): Promise<Attempt | null> => (await all).get(taskId) ?? null

type StartedRow = {
  task_id: string
  token: string
  run_id: number
  stage: string
  attempt_no: number
  params: unknown
  timeout_ms: string
}

const toAttempt = (row: StartedRow): Attempt => ({
  taskId: Number(row.task_id),
  token: row.token,
  runId: row.run_id,
  stage: row.stage,
  attemptNo: row.attempt_no,
  params: row.params,
  timeoutMs: Number(row.timeout_ms),
})

// Arrays are written here as PostgreSQL reads them: the driver's own way costs more than all the rest.
function endValues(batch: readonly AttemptEnd[]): (string | null)[] {
  const list = (of: (end: AttemptEnd) => string | number | undefined) =>
    `{${batch.map((end) => of(end) ?? 'null').join(',')}}`
  const texts = (of: (end: AttemptEnd) => string | undefined) =>
    batch.some((end) => of(end) !== undefined) ? list((end) => quoted(of(end))) : null
  return [
    list((end) => end.attempt.taskId),
    list((end) => end.attempt.token),
    list((end) => end.outcome),
    list((end) => end.itemCount),
    list((end) => end.failedItemCount),
    texts((end) => (end.result === undefined ? undefined : JSON.stringify(end.result))),
    texts((end) => end.error),
    list((end) => Math.max(0, Math.round(end.milliseconds))),
  ]
}

const quoted = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : `"${text.replace(/["\\]/g, '\\$&')}"`

const waits = [50, 200, 1000, 2000, 5000]

// Begun and ended attempts must be told: again while the database is away, or where two statements met.
async function retry<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      // A deploy that goes by passes too.
      if (!(isConnectionLost(error) || isPassing(error)) || attempt === 60) throw error
      await new Promise((resolve) => setTimeout(resolve, waits[attempt] ?? 5000))
    }
  }
}
