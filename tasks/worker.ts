import { EventEmitter } from 'node:events'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { Logger, run, type WorkerEvents } from 'graphile-worker'
import pg from 'pg'
import type pino from 'pino'
import type { Config } from '../server/config.ts'
import { tasks } from './index.ts'

/** A worker that runs until it is closed; `close` lets its tasks finish first. */
export type RunningWorker = { close(): Promise<void> }

const heartbeat = 10_000

/**
 * Starts a worker on the queue of a database, as the owner: `WORKER_CONCURRENCY` tasks at a time, and the crontab.
 *
 * Any number of workers may run on any number of hosts. Throws when the database cannot be reached.
 */
export async function startWorker(options: {
  config: Config
  log: pino.Logger
  db: { ownerUrl: string }
}): Promise<RunningWorker> {
  const { config, db } = options
  const log = options.log.child({ part: 'worker' })
  const pool = new pg.Pool({
    connectionString: db.ownerUrl,
    application_name: 'parcelle worker',
    max: config.workerConcurrency + 3,
  })
  const onLost = (error: Error) => log.warn({ err: error }, 'a connection was lost')
  pool.on('error', onLost)
  pool.on('connect', (client) => client.on('error', onLost))

  const workers = new Set<string>()
  const events: WorkerEvents = new EventEmitter()
  events.on('worker:create', ({ worker }) => workers.add(worker.workerId))
  events.on('worker:stop', ({ worker }) => workers.delete(worker.workerId))
  const say = async () => {
    const text = 'select app_private.record_worker_heartbeat($1, $2, $3)'
    await pool.query(text, [[...workers], hostname(), process.pid])
  }

  try {
    const runner = await run({
      pgPool: pool,
      concurrency: config.workerConcurrency,
      noHandleSignals: true,
      crontab: await readFile(new URL('crontab', import.meta.url), 'utf8'),
      taskList: Object.fromEntries(tasks.map((task) => [task.name, task.bind({ config, log })])),
      events,
      logger: workerLogger(log),
    })
    await say()
    const timer = setInterval(() => void say().catch(onLost), heartbeat)
    const names = [...workers]
    log.info({ workers: names }, 'waiting for tasks')
    return {
      close: async () => {
        clearInterval(timer)
        await runner.stop()
        await pool.query('select app_private.forget_workers($1)', [names]).catch(onLost)
        await pool.end()
      },
    }
  } catch (error) {
    await pool.end()
    throw error
  }
}

const levels = { error: 'error', warning: 'warn', info: 'debug', debug: 'trace' } as const

const workerLogger = (log: pino.Logger) =>
  new Logger(
    (scope) => (level, message) => log[levels[level as keyof typeof levels] ?? 'debug'](scope, message),
  )
