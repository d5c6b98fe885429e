import type { JobHelpers, Task } from 'graphile-worker'
import type pino from 'pino'
import type { z } from 'zod'
import type { Config } from '../../server/config.ts'
import { type Attempt, type Attempts, createAttempts, type Stopped, type TaskJob } from './attempts.ts'
import { isConnectionLost } from './connection.ts'
import { abandonable, createStopper } from './stopper.ts'

/** What a task has at hand. `call` runs one statement as the owner, holding a connection for no longer than that. */
export type TaskContext = {
  config: Config
  log: pino.Logger
  /** Connection of the owner, for what needs one of its own; null where only single statements can be run. */
  ownerUrl: string | null
  /** Aborted when the task should stop: its run was cancelled, its time is over, the worker ends. */
  signal: AbortSignal
  /** A statement under way is cancelled when `signal` is aborted. */
  call<Row>(text: string, values: readonly unknown[]): Promise<Row[]>
  /** The attempt at a task of a pipeline; null for a job of its own. */
  attempt: Attempt | null
  /** Number of the task, and token of this attempt at it: what writes results hands them to check_attempt. */
  taskId: number | null
  token: string | null
}

/** What a task of a pipeline came to. Later stages read `result`; the counts are shown. */
export type TaskReport = {
  result?: Record<string, unknown>
  itemCount?: number
  failedItemCount?: number
  /** The database has ended the attempt already. */
  isEnded?: boolean
}

/**
 * A refusal that trying again would not change: the job is done, and a row of `task_failures` says why; a task of a
 * pipeline has failed. `hint` is a sentence that says what to do.
 */
export class Final extends Error {
  readonly hint: string | undefined

  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'Final'
    this.hint = options.hint
  }
}

/** What a worker gives its tasks. Without `attempts` each task keeps its own books. */
export type Surroundings = {
  config: Config
  log: pino.Logger
  ownerUrl?: string | undefined
  attempts?: Attempts | undefined
}

/** A task as its file defines it, before a worker gives it its surroundings. */
export type DefinedTask = {
  name: string
  bind(surroundings: Surroundings): Task
}

/**
 * Defines a task: one call in, the outside world, one call out.
 *
 * As a job of its own it is given the job's payload; any error but `Final` leaves the job to be tried again by the worker.
 * As a task of a pipeline it is given what its stage says, and the database decides whether it is tried again. The
 * payload is parsed before `run`; one that does not parse is a final refusal.
 */
export function defineTask<Payload>(task: {
  name: string
  payload: z.ZodType<Payload>
  // biome-ignore lint/suspicious/noConfusingVoidType: a task that has nothing to report returns nothing
  run(payload: Payload, context: TaskContext): Promise<TaskReport | void>
}): DefinedTask {
  const runWith = (raw: unknown, context: TaskContext) => {
    const parsed = task.payload.safeParse(raw)
    if (!parsed.success) {
      throw new Final(`the payload of ${task.name} is wrong: ${parsed.error.message}`, {
        hint:
          context.attempt === null
            ? `Enqueue it by app_private.enqueue_${task.name}.`
            : 'Mend the run’s params.',
      })
    }
    return task.run(parsed.data, context)
  }
  return {
    name: task.name,
    bind({ config, log: parent, ownerUrl, attempts }) {
      const logs = parent.child({ task: task.name })
      const given = { config, ownerUrl: ownerUrl ?? null }
      return async (raw, helpers) => {
        const job = taskJobOf({ id: helpers.job.id, payload: raw })
        if (job === null) {
          await runJob(raw, helpers, logs.child({ job: helpers.job.id }), given, task.name, runWith)
        } else {
          const books = attempts ?? ownBooks(helpers, logs)
          const attempt = await books.start(job)
          if (attempt !== null) await runAttempt(attempt, books, helpers, logs, given, runWith)
        }
      }
    },
  }
}

type Given = Pick<TaskContext, 'config' | 'ownerUrl'>

// biome-ignore lint/suspicious/noConfusingVoidType: as run
type RunWith = (raw: unknown, context: TaskContext) => Promise<TaskReport | void>

/** The task of a pipeline that a job stands for; null for a job of its own. */
export function taskJobOf(job: { id: string; payload: unknown }): TaskJob | null {
  const { payload } = job
  if (typeof payload !== 'object' || payload === null || !('taskId' in payload)) return null
  return typeof payload.taskId === 'number' ? { jobId: job.id, taskId: payload.taskId } : null
}

// Where no worker keeps books for all its tasks, as with runOnce.
const ownBooks = (helpers: JobHelpers, log: pino.Logger): Attempts =>
  createAttempts({
    query: async (text, values) => (await helpers.query(text, [...values])).rows as never,
    worker: () => helpers.job.locked_by ?? 'unknown',
    isAsync: false,
    staleAfter: Number.POSITIVE_INFINITY,
    onError: (err, message) => log.warn({ err }, message),
  })

async function runJob(
  raw: unknown,
  helpers: JobHelpers,
  log: pino.Logger,
  given: Given,
  name: string,
  runWith: RunWith,
): Promise<void> {
  const signal = helpers.abortSignal ?? new AbortController().signal
  const call = createCall(helpers, signal)
  try {
    await runWith(raw, { ...given, log, signal, call, attempt: null, taskId: null, token: null })
    log.info('done')
  } catch (error) {
    if (!(error instanceof Final)) throw error
    log.error({ err: error, hint: error.hint }, 'refused for good')
    await createCall(helpers)('select app_private.record_task_failure($1, $2, $3, $4, $5)', [
      name,
      helpers.job.id,
      JSON.stringify(raw ?? null),
      error.message,
      error.hint ?? null,
    ])
  }
}

// Nothing is made for an attempt before it is needed: there may be thousands a second.
async function runAttempt(
  attempt: Attempt,
  books: Attempts,
  helpers: JobHelpers,
  logs: pino.Logger,
  given: Given,
  runWith: RunWith,
): Promise<void> {
  const begun = performance.now()
  const stopper = createStopper()
  const { taskId, token } = attempt
  let log: pino.Logger | undefined
  const context: TaskContext = {
    ...given,
    attempt,
    taskId,
    token,
    get signal() {
      return stopper.signal
    },
    call: (text, values) => createCall(helpers, stopper.signal)(text, values),
    get log() {
      log ??= logs.child({ run: attempt.runId, stage: attempt.stage, taskId })
      return log
    },
  }
  stopWithWorker(helpers.abortSignal, books)
  books.watch(attempt, stopper.stop)
  try {
    const report = (await abandonable(runWith(attempt.params, context), stopper)) ?? undefined
    if (report?.isEnded === true) return
    await books.end({
      attempt,
      outcome: 'succeeded',
      itemCount: report?.itemCount,
      failedItemCount: report?.failedItemCount,
      result: report?.result,
      milliseconds: performance.now() - begun,
    })
  } catch (error) {
    const end = describeEnd(error, stopper.why)
    if (end === null) context.log.warn('overtaken by a later attempt')
    else {
      const level = end.outcome === 'failed' || end.outcome === 'refused' ? 'error' : 'info'
      context.log[level]({ err: error }, end.outcome)
      await books.end({ attempt, ...end, milliseconds: performance.now() - begun })
    }
  } finally {
    books.leave(attempt)
  }
}

const stopping = new WeakMap<Attempts, AbortSignal>()

function stopWithWorker(signal: AbortSignal | undefined, books: Attempts): void {
  if (signal === undefined || stopping.get(books) === signal) return
  stopping.set(books, signal)
  signal.addEventListener('abort', () => books.stopAll(), { once: true })
}

function describeEnd(
  error: unknown,
  why: Stopped | undefined,
): { outcome: 'failed' | 'refused' | 'lost' | 'cancelled' | 'released'; error: string } | null {
  const message = error instanceof Error ? error.message || error.name : String(error)
  const hint =
    error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? ` ${error.hint}` : ''
  if (why !== undefined) {
    return why.outcome === 'overtaken' ? null : { outcome: why.outcome, error: why.message }
  }
  if (error instanceof Final) return { outcome: 'refused', error: `${message}.${hint}` }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (isConnectionLost(error)) return { outcome: 'lost', error: message }
  // What is asked wrongly is asked wrongly the next time too.
  if (/^PC4(00|03|04|22)$/.test(code)) return { outcome: 'refused', error: `${message}.${hint}` }
  return { outcome: 'failed', error: hint === '' ? message : `${message}.${hint}` }
}

const createCall =
  (helpers: Pick<JobHelpers, 'query' | 'withPgClient'>, signal?: AbortSignal): TaskContext['call'] =>
  (text, values) =>
    // Possible after an abort too: a task may have something to give back.
    helpers.withPgClient(async (client) => {
      const pid = 'processID' in client ? client.processID : null
      const cancel = () =>
        void helpers.query('select pg_catalog.pg_cancel_backend($1)', [pid]).catch(() => {})
      if (typeof pid === 'number') signal?.addEventListener('abort', cancel, { once: true })
      try {
        return (await client.query(text, [...values])).rows as never
      } finally {
        signal?.removeEventListener('abort', cancel)
      }
    })
