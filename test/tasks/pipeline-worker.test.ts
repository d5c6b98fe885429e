import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { database, type TestDatabase } from '../lib/database.ts'
import { long } from '../lib/long.ts'
import {
  ended,
  makeItems,
  makePipeline,
  makeStage,
  runOf,
  stagesOf,
  startTestWorker,
  testTask,
  trigger,
  until,
} from './lib/pipelines.ts'

t.setTimeout(180_000)

const script = new URL('lib/worker-child.ts', import.meta.url).pathname

/** A worker in a process of its own, and whether it has begun its task. */
async function startChild(
  t: Test,
  db: TestDatabase,
  heartbeat: number,
): Promise<{ child: ChildProcess; hasBegun(): Promise<boolean> }> {
  const folder = await mkdtemp(join(tmpdir(), 'parcelle-worker-'))
  const child = spawn(process.execPath, [script, db.url, String(heartbeat), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(async () => {
    child.kill('SIGCONT')
    child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  })
  await once(child.stdout as NonNullable<typeof child.stdout>, 'data')
  const hasBegun = () =>
    access(join(folder, 'begun-')).then(
      () => true,
      () => false,
    )
  return { child, hasBegun }
}

const slow = testTask('slow', async () => ({ result: { by: process.pid }, itemCount: 1 }))

t.test('a worker that only slept cannot finish a second time what another has finished', async (t) => {
  const db = await database(t)
  await makeStage(db, 'after', 'return null;')
  await makePipeline(db, 'sleepy', [
    { stage: 'a', task: 'slow' },
    { stage: 'b', sql: 'after' },
  ])
  const heartbeat = long ? 5 : 1
  const { child, hasBegun } = await startChild(t, db, heartbeat)
  const run = await trigger(db, 'sleepy', { ms: 1500 })
  await until('the task has begun', hasBegun)
  child.kill('SIGSTOP')
  const stopped = performance.now()
  await startTestWorker(t, db, [slow], { workerHeartbeat: heartbeat })
  t.match(await ended(db, run.id, 40), { status: 'succeeded' })
  const taken = (performance.now() - stopped) / 1000
  t.ok(taken < 30, `taken over after ${taken.toFixed(1)} s`)
  await sleep(long ? 40_000 - (performance.now() - stopped) : 500)
  child.kill('SIGCONT')
  await sleep(2500)
  t.match(
    await db.query(
      'select attempt_count, loss_count, failure_count, result from pipeline_tasks where run_id = $1 order by id',
      [run.id],
    ),
    [
      { attempt_count: 2, loss_count: 1, failure_count: 0, result: { by: process.pid } },
      { attempt_count: 1 },
    ],
  )
  t.match(await db.query('select outcome from pipeline_attempts where run_id = $1', [run.id]), [
    { outcome: 'lost' },
  ])
  t.same(await stagesOf(db, run.id), ['a succeeded 1/1', 'b succeeded 1/1'])
  const again = await trigger(db, 'sleepy', { ms: 10 })
  t.match(await ended(db, again.id), { status: 'succeeded' }, 'the one that slept works on')
})

t.test('what a killed worker had begun is done by another within 30 seconds', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'killed', [{ stage: 'a', task: 'slow', group: 'sync' }])
  const { child, hasBegun } = await startChild(t, db, long ? 5 : 2)
  const run = await trigger(db, 'killed', { ms: 60_000 })
  await until('the task has begun', hasBegun)
  child.kill('SIGKILL')
  const killed = performance.now()
  await startTestWorker(t, db, [slow], { workerHeartbeat: long ? 5 : 2 })
  t.match(await ended(db, run.id, 40), { status: 'succeeded' })
  const seconds = (performance.now() - killed) / 1000
  t.ok(seconds < (long ? 30 : 12), `done after ${seconds.toFixed(1)} s`)
})

t.test('what a worker gave its jobs back for without telling how it ended is done again', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'untold', [{ stage: 'a', task: 'slow' }])
  const run = await trigger(db, 'untold')
  const [task] = await db.query('select id, job_id from pipeline_tasks where run_id = $1', [run.id])
  await db.query(`select app_private.record_worker_heartbeat(array['pool-dead'], 'here', 1)`)
  await db.query(`select app_private.start_tasks(array[$1::bigint], array[$2::bigint], 'pool-dead')`, [
    task?.id,
    task?.job_id,
  ])
  await db.query('select graphile_worker.complete_jobs(array[$1::bigint])', [task?.job_id])
  await db.query(`update app_private.worker_heartbeats set seen_at = now() - interval '1 minute'`)
  await startTestWorker(t, db, [slow])
  t.match(await ended(db, run.id), { status: 'succeeded' })
})

t.test('jobs of a worker that died before it was heard of go back to the queue', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'unheard', [{ stage: 'a', task: 'slow' }])
  const run = await trigger(db, 'unheard')
  await db.query(
    `update graphile_worker._private_jobs set locked_by = 'pool-unheard', locked_at = now() - interval '2 minutes'`,
  )
  await startTestWorker(t, db, [slow])
  t.match(await ended(db, run.id), { status: 'succeeded' })
})

t.test('a run that is called off stops its tasks through their signal', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'endless', [{ stage: 'a', task: 'endless' }])
  let why: unknown
  const endless = testTask('endless', async (_, { signal }) => {
    await sleep(60_000, undefined, { signal }).catch((error) => {
      why = signal.reason
      throw error
    })
    return undefined
  })
  await startTestWorker(t, db, [endless])
  const run = await trigger(db, 'endless')
  const isRunning = async () =>
    (await db.query(`select from pipeline_tasks where run_id = $1 and status = 'running'`, [run.id]))
      .length === 1
  await until('the task is at work', isRunning)
  await db.query('select cancel_run($1)', [run.id])
  t.match(await runOf(db, run.id), { status: 'running', cancel_requested_at: Date })
  t.match(await ended(db, run.id, 5), { status: 'cancelled' })
  t.match(why, { name: 'Stopped', outcome: 'cancelled' })
  t.same(await stagesOf(db, run.id), ['a cancelled 1/1'])
})

t.test(
  'a statement under way is cancelled with its task, and a task that takes too long is tried again',
  async (t) => {
    const db = await database(t)
    await makeStage(db, 'dawdle', 'perform pg_sleep(30); return null;')
    await makePipeline(db, 'late', [{ stage: 'a', sql: 'dawdle', tries: 2, timeout: '1 second' }])
    await startTestWorker(t, db)
    const run = await trigger(db, 'late')
    t.match(await ended(db, run.id, 15), { status: 'failed', error: 'a: it took longer than 1 s' })
    t.match(
      await db.query('select failure_count, attempt_count from pipeline_tasks where run_id = $1', [run.id]),
      [{ failure_count: 2, attempt_count: 2 }],
    )
    t.same(
      await db.query(
        `select query from pg_stat_activity where query ~ 'run_sql_stage' and state = 'active' and pid <> pg_backend_pid()`,
      ),
      [],
    )
  },
)

t.test('a worker that ends gives back what it was at, and no try is used up', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'given_back', [{ stage: 'a', task: 'endless' }])
  const endless = testTask('endless', async (_, { signal }) => {
    await sleep(60_000, undefined, { signal })
    return undefined
  })
  const worker = await startTestWorker(t, db, [endless])
  const run = await trigger(db, 'given_back')
  const isRunning = async () =>
    (await db.query(`select from pipeline_tasks where run_id = $1 and status = 'running'`, [run.id]))
      .length === 1
  await until('the task is at work', isRunning)
  await worker.close()
  t.match(
    await db.query(
      'select status, attempt_count, failure_count, loss_count from pipeline_tasks where run_id = $1',
      [run.id],
    ),
    [{ status: 'waiting', attempt_count: 0, failure_count: 0, loss_count: 0 }],
  )
  t.equal((await db.query('select from graphile_worker.jobs where locked_at is null')).length, 1)
})

t.test('a group keeps its limit over all workers, and a lane its order', async (t) => {
  const db = await database(t)
  await db.query(`insert into concurrency_groups values ('two', 2, 'a test')`)
  await makeItems(db, 'eight', 8, 'n % 3')
  await makePipeline(db, 'grouped', [{ stage: 'a', task: 'counted', items: 'eight', group: 'two' }])
  let running = 0
  let most = 0
  const order: number[] = []
  const counted = testTask('counted', async ({ n }) => {
    running++
    most = Math.max(most, running)
    order.push(n as number)
    await sleep(40)
    running--
    return undefined
  })
  await startTestWorker(t, db, [counted])
  await startTestWorker(t, db, [counted])
  const run = await trigger(db, 'grouped')
  t.match(await ended(db, run.id, 30), { status: 'succeeded' })
  t.equal(most, 2)
  for (const lane of [0, 1, 2]) {
    const mine = order.filter((n) => n % 3 === lane)
    t.same(
      mine,
      mine.toSorted((a, b) => a - b),
      `lane ${lane}`,
    )
  }
})

t.test('many items are joined exactly once, whoever ends the last of them', async (t) => {
  const db = await database(t)
  const count = long ? 10_000 : 1000
  await makeItems(db, 'many', count)
  await makeStage(
    db,
    'sum',
    `return (select jsonb_build_object('sum', sum((t.result ->> 'n')::integer), 'count', count(*))
       from app_public.pipeline_tasks as t where t.run_id = run and t.stage_no = 1 and t.status = 'succeeded');`,
  )
  await makePipeline(db, 'fan', [
    { stage: 'a', task: 'quick', items: 'many' },
    { stage: 'b', sql: 'sum' },
  ])
  const failedOnce = new Set<unknown>()
  const quick = testTask('quick', async ({ n }) => {
    if ((n as number) % 100 === 0 && !failedOnce.has(n)) {
      failedOnce.add(n)
      throw new Error('once')
    }
    return { result: { n } }
  })
  for (let i = 0; i < 3; i++) await startTestWorker(t, db, [quick], { workerConcurrency: 10 })
  const run = await trigger(db, 'fan')
  t.match(await ended(db, run.id, 60), { status: 'succeeded' })
  t.match(await db.query('select result from pipeline_tasks where run_id = $1 and stage_no = 2', [run.id]), [
    { result: { count, sum: (count * (count + 1)) / 2 } },
  ])
  t.match(
    await db.query(
      'select sum(attempt_count)::integer as attempts from pipeline_tasks where run_id = $1 and stage_no = 1',
      [run.id],
    ),
    [{ attempts: count + count / 100 }],
  )
})
