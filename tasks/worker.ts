import { EventEmitter } from 'node:events'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { Logger, type Runner, run, type WorkerEvents } from 'graphile-worker'
import pg from 'pg'
import type pino from 'pino'
import type { Config } from '../server/config.ts'
import { tasks } from './index.ts'
import { type Attempts, createAttempts, type TaskJob } from './lib/attempts.ts'
import { type DefinedTask, taskJobOf } from './lib/defineTask.ts'
import { clearBrowserFolders } from './lib/scrape/browser/folders.ts'

/** A worker that runs until it is closed; `close` lets its tasks finish first, and stops those that take long. */
export type RunningWorker = { close(): Promise<void> }

/** How jobs are fetched and completed: many to a statement; one that nobody has begun goes back after two seconds. */
export const batching = (concurrency: number) => ({
  localQueue: { size: Math.min(10 * concurrency, 100), ttl: 2000 },
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
})

/** A worker that misses so many beats is given up by the others. */
const missedBeats = 3

/**
 * Starts a worker on the queue of a database, as the owner: `WORKER_CONCURRENCY` tasks at a time, and the crontab.
 *
 * Any number of workers may run on any number of hosts. Each says every `WORKER_HEARTBEAT` seconds that it runs; what
 * one had taken that has missed three beats goes back to the queue. Throws when the database cannot be reached.
 *
 * @param options.defined tasks to run in place of all there are.
 */
export async function startWorker(options: {
  config: Config
  log: pino.Logger
  db: { ownerUrl: string }
  defined?: readonly DefinedTask[]
}): Promise<RunningWorker> {
  const { config, db } = options
  const log = options.log.child({ part: 'worker' })
  const pool = new pg.Pool({
    connectionString: db.ownerUrl,
    application_name: 'parcelle worker',
    max: config.workerConcurrency + 5,
  })
  const onLost = (error: unknown) => log.warn({ err: error }, 'a connection was lost')
  pool.on('error', onLost)
  pool.on('connect', (client) => client.on('error', onLost))

  const pools: string[] = []
  const events: WorkerEvents = new EventEmitter()
  const attempts = createAttempts({
    query: async (text, values) =>
      (await pool.query({ name: text.slice(0, 60), text, values: [...values] })).rows as never,
    worker: () => pools.at(-1) ?? 'unknown',
    isAsync: true,
    staleAfter: missedBeats * config.workerHeartbeat * 1000,
    onError: (err, message) => log.warn({ err }, message),
  })
  keepAhead(events, attempts)
  keepQueuesGoing(events)
  const say = async () => {
    const text = `select app_private.record_worker_heartbeat($1, $2, $3, $4 * interval '1 second')`
    await pool.query(text, [pools, hostname(), process.pid, missedBeats * config.workerHeartbeat])
  }
  events.on('pool:create', ({ workerPool }) => {
    // Jobs are locked in the name of the pool.
    pools.push(workerPool.id)
    say().catch(onLost)
  })

  let runner: Runner | null = null
  let isClosing = false
  const crontab = await readFile(new URL('crontab', import.meta.url), 'utf8')
  const defined = options.defined ?? tasks
  const taskList = Object.fromEntries(
    defined.map((task) => [task.name, task.bind({ config, log, ownerUrl: db.ownerUrl, attempts })]),
  )
  let generation = 0
  const begin = async () => {
    const own = ++generation
    const { workerConcurrency } = config
    runner = await run({
      pgPool: pool,
      concurrency: workerConcurrency,
      noHandleSignals: true,
      crontab,
      taskList,
      events,
      logger: workerLogger(log),
      preset: { worker: batching(workerConcurrency) },
    })
    runner.promise.then(
      () => restart(own),
      (error: unknown) => restart(own, error),
    )
  }
  // Where the database was away for too long the runner gives up; the worker does not.
  const restart = (own: number, error?: unknown) => {
    if (isClosing || own !== generation) return
    generation++
    log.error({ err: error }, 'the runner stopped, it is started again')
    pools.length = 0
    setTimeout(() => {
      if (!isClosing) begin().catch((failure: unknown) => restart(generation, failure))
    }, 1000).unref()
  }
  // A runner that gives up while jobs are on their way back to the database may never say that it has ended. Nobody beats
  // for what it holds any more, so that it goes back to the queue; results that still come are refused by their tokens.
  events.on('pool:gracefulShutdown', ({ workerPool, message }) => {
    if (isClosing) return
    const own = generation
    pools.splice(0, pools.length, ...pools.filter((id) => id !== workerPool.id))
    setTimeout(() => restart(own, new Error(message)), 5000).unref()
  })

  const onUnhandled = toleratingLostReturns(onLost)
  process.on('unhandledRejection', onUnhandled)

  try {
    await pool.query('select app_private.give_up_unknown_workers()')
    await begin()
    await say()
  } catch (error) {
    isClosing = true
    process.off('unhandledRejection', onUnhandled)
    await pool.end()
    throw error
  }
  // What browsers of workers that were killed have left behind.
  await clearBrowserFolders()
  const timer = setInterval(() => void say().catch(onLost), config.workerHeartbeat * 1000)
  log.info({ workers: pools, concurrency: config.workerConcurrency }, 'waiting for tasks')
  return {
    close: async () => {
      isClosing = true
      clearInterval(timer)
      await runner?.stop().catch(onLost)
      await attempts.close()
      await pool.query('select app_private.forget_workers($1)', [pools]).catch(onLost)
      await clearBrowserFolders()
      await pool.end()
      process.off('unhandledRejection', onUnhandled)
    },
  }
}

/**
 * What to do with rejections that nobody handles: graphile-worker leaves one behind when the database goes away while
 * jobs are on their way back to it, which must not end the process; any other does, as without this.
 */
function toleratingLostReturns(onLost: (error: unknown) => void): (reason: unknown) => void {
  return (reason) => {
    if (!/whilst returning jobs from local queue/.test(String(reason))) throw reason
    onLost(reason)
  }
}

// A job that waited for another of its queue would be found at the next poll only, two seconds later.
function keepQueuesGoing(events: WorkerEvents): void {
  events.on('job:complete', ({ worker, job }) => {
    if (job.job_queue_id === null) return
    const look = () => worker.workerPool.nudge(1)
    for (const wait of [15, 150]) setTimeout(look, wait).unref()
  })
}

// Attempts begin as their jobs are fetched, a hundred to a statement.
function keepAhead(events: WorkerEvents, attempts: Attempts): void {
  const among = (jobs: readonly { id: string; payload: unknown }[]): TaskJob[] =>
    jobs.map(taskJobOf).filter((job) => job !== null)
  events.on('localQueue:getJobs:complete', ({ jobs }) => attempts.claim(among(jobs)))
  events.on('localQueue:returnJobs', ({ jobs }) => attempts.release(among(jobs)))
}

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const

const workerLogger = (log: pino.Logger) =>
  new Logger(
    (scope) => (level, message) => log[levels[level as keyof typeof levels] ?? 'debug'](scope, message),
  )
