import type { JobHelpers, Task } from 'graphile-worker'
import type pino from 'pino'
import type { z } from 'zod'
import type { Config } from '../../server/config.ts'

/** What a task has at hand. `call` runs one statement as the owner, holding a connection for no longer than that. */
export type TaskContext = {
  config: Config
  log: pino.Logger
  signal: AbortSignal
  call<Row>(text: string, values: readonly unknown[]): Promise<Row[]>
}

/**
 * A refusal that trying again would not change: the job is done, and a row of `task_failures` says why. `hint` is a
 * sentence that says what to do.
 */
export class Final extends Error {
  readonly hint: string | undefined

  constructor(message: string, options: { hint?: string | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'Final'
    this.hint = options.hint
  }
}

/** A task as its file defines it, before a worker gives it its surroundings. */
export type DefinedTask = {
  name: string
  bind(surroundings: { config: Config; log: pino.Logger }): Task
}

/**
 * Defines a task: one call in, the outside world, one call out.
 *
 * The payload is parsed before `run`; one that does not parse is a final refusal. Any error but `Final` leaves the job
 * to be tried again by the worker.
 */
export function defineTask<Payload>(task: {
  name: string
  payload: z.ZodType<Payload>
  run(payload: Payload, context: TaskContext): Promise<void>
}): DefinedTask {
  return {
    name: task.name,
    bind:
      ({ config, log: parent }) =>
      async (raw, helpers) => {
        const log = parent.child({ task: task.name, job: helpers.job.id })
        const signal = helpers.abortSignal ?? new AbortController().signal
        const call = createCall(helpers)
        try {
          const parsed = task.payload.safeParse(raw)
          if (!parsed.success) {
            throw new Final(`the payload of ${task.name} is wrong: ${parsed.error.message}`, {
              hint: `Enqueue it by app_private.enqueue_${task.name}.`,
            })
          }
          await task.run(parsed.data, { config, log, signal, call })
          log.info('done')
        } catch (error) {
          if (!(error instanceof Final)) throw error
          log.error({ err: error, hint: error.hint }, 'refused for good')
          await call('select app_private.record_task_failure($1, $2, $3, $4, $5)', [
            task.name,
            helpers.job.id,
            JSON.stringify(raw ?? null),
            error.message,
            error.hint ?? null,
          ])
        }
      },
  }
}

const createCall =
  (helpers: Pick<JobHelpers, 'query'>): TaskContext['call'] =>
  async (text, values) =>
    (await helpers.query(text, [...values])).rows as never
