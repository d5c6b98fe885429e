import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, runOnce } from 'graphile-worker'
import pino from 'pino'
import type { Test } from 'tap'
import { z } from 'zod'
import { type Config, parseConfig } from '../../../server/config.ts'
import { tasks } from '../../../tasks/index.ts'
import {
  type DefinedTask,
  defineTask,
  type TaskContext,
  type TaskReport,
} from '../../../tasks/lib/defineTask.ts'
import { type RunningWorker, startWorker } from '../../../tasks/worker.ts'
import type { TestDatabase } from '../../lib/database.ts'

const silent = pino({ level: 'silent' })

/** A run as the database gives it. */
export type Run = {
  id: number
  pipeline: string
  status: string
  run_key: string | null
  error: string | null
  paused_at: Date | null
  cancel_requested_at: Date | null
}

/** A stage of a pipeline made for a test; everything else as the columns' defaults say. */
export type TestStage = {
  stage: string
  task?: string
  sql?: string
  items?: string
  dependsOn?: string[]
  tries?: number
  retryAfter?: string
  timeout?: string
  group?: string
  toleratesFailure?: boolean
}

/** Makes a pipeline whose stages follow each other unless they say what they depend on. */
export async function makePipeline(
  db: TestDatabase,
  name: string,
  stages: TestStage[],
  key: string[] | null = null,
): Promise<void> {
  await db.query('insert into pipelines (name, description, key_params) values ($1, $1, $2)', [name, key])
  for (const [index, stage] of stages.entries()) {
    const before = index === 0 ? [] : [stages[index - 1]?.stage]
    await db.query(
      `insert into pipeline_stages (pipeline, stage, stage_no, description, task, sql_function, items_function, depends_on,
         tries_at_most, retry_after, timeout, concurrency_group, is_failure_tolerated)
       values ($1, $2, $3, $2, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      [
        ...[
          name,
          stage.stage,
          index + 1,
          stage.task ?? 'run_sql_stage',
          stage.sql ?? null,
          stage.items ?? null,
        ],
        ...[stage.dependsOn ?? before, stage.tries ?? 3, stage.retryAfter ?? '1 millisecond'],
        ...[stage.timeout ?? '1 minute', stage.group ?? null, stage.toleratesFailure ?? false],
      ],
    )
  }
}

/** Makes a function that gives `count` items, keyed by their number. */
export async function makeItems(
  db: TestDatabase,
  name: string,
  count: number,
  lanes = 'null::integer',
): Promise<void> {
  await db.query(
    `create function app_private.${name}(run integer) returns setof app_private.stage_item language sql as $f$
       select n::text, jsonb_build_object('n', n), ${lanes} from generate_series(1, ${count}) as n
     $f$`,
  )
}

/** Makes a function that a stage calls; `body` is an expression of `run` and `params`. */
export async function makeStage(db: TestDatabase, name: string, body: string): Promise<void> {
  await db.query(
    `create function app_private.${name}(run integer, params jsonb) returns jsonb language plpgsql as $f$
       begin ${body} end $f$`,
  )
}

/** Defines a task of a test. */
export const testTask = (
  name: string,
  run: (params: Record<string, unknown>, context: TaskContext) => Promise<TaskReport | undefined>,
): DefinedTask => defineTask({ name, payload: z.looseObject({}), run })

/** Triggers a pipeline. */
export async function trigger(db: TestDatabase, name: string, params: object = {}, more = ''): Promise<Run> {
  const [run] = await db.query<Run>(`select * from trigger_pipeline($1, $2${more})`, [
    name,
    JSON.stringify(params),
  ])
  return run as Run
}

/** A run as it is now. */
export async function runOf(db: TestDatabase, id: number): Promise<Run> {
  const [run] = await db.query<Run>('select * from pipeline_runs where id = $1', [id])
  return run as Run
}

/** Its stages, as `name status done/all`. */
export async function stagesOf(db: TestDatabase, id: number): Promise<string[]> {
  const rows = await db.query(
    `select format('%s %s %s/%s', stage, status, task_count - open_count, task_count) as text
     from pipeline_run_stages where run_id = $1 order by stage_no`,
    [id],
  )
  return rows.map(({ text }) => text)
}

/** Works off the real queue once, with every task there is and more. */
export async function work(
  db: TestDatabase,
  more: readonly DefinedTask[] = [],
  config: Partial<Config> = {},
) {
  const surroundings = { config: { ...parseConfig({}), ...config }, log: silent, ownerUrl: db.url }
  const taskList = Object.fromEntries([...tasks, ...more].map((task) => [task.name, task.bind(surroundings)]))
  // Where jobs wait for each other in a queue, all workers may have gone home before the last one may begin.
  const isReady = async () => {
    const text = `select from graphile_worker.jobs as j
      where j.locked_at is null and j.run_at <= now() and j.attempts < j.max_attempts and j.task_identifier = any ($1)
        and not exists (
          select from graphile_worker._private_job_queues as q where q.queue_name = j.queue_name and not q.is_available
        )`
    return (await db.query(text, [Object.keys(taskList)])).length > 0
  }
  for (let round = 0; round === 0 || (round < 20 && (await isReady())); round++) {
    await runOnce({
      connectionString: db.url,
      taskList,
      logger: new Logger(() => () => {}),
      noHandleSignals: true,
      concurrency: 4,
    })
  }
}

/** Starts a worker; it is closed when the test ends. */
export async function startTestWorker(
  t: Test,
  db: TestDatabase,
  more: readonly DefinedTask[] = [],
  config: Partial<Config> = {},
): Promise<RunningWorker> {
  const worker = await startWorker({
    config: { ...parseConfig({}), workerConcurrency: 4, workerHeartbeat: 1, ...config },
    log: silent,
    db: { ownerUrl: db.url },
    defined: [...tasks, ...more],
  })
  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= worker.close()
    return closing
  }
  t.teardown(close)
  return { close }
}

/** Waits until something holds, looking every 50 ms. Throws after so many seconds. */
export async function until(what: string, holds: () => Promise<boolean>, seconds = 20): Promise<void> {
  const deadline = performance.now() + seconds * 1000
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`${what}: not within ${seconds} s`)
    await sleep(50)
  }
}

/** Waits until a run has ended and gives it. */
export async function ended(db: TestDatabase, id: number, seconds = 20): Promise<Run> {
  const isOver = async () => !['queued', 'running'].includes((await runOf(db, id)).status)
  await until(`run ${id} ends`, isOver, seconds).catch(async (error) => {
    throw new Error(`${error.message}; ${(await stagesOf(db, id)).join(', ')}`)
  })
  return runOf(db, id)
}
