import t from 'tap'
import { Final } from '../../tasks/lib/defineTask.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { asRole } from '../lib/role.ts'
import {
  ended,
  makePipeline,
  runOf,
  stagesOf,
  testTask,
  trigger,
  until,
  work,
} from '../tasks/lib/pipelines.ts'

type Task = { id: string; job_id: string; status: string; token: string | null }

const taskOf = async (db: TestDatabase, run: number): Promise<Task> =>
  (
    await db.query<Task>('select id, job_id, status, token from pipeline_tasks where run_id = $1', [run])
  )[0] as Task

const start = async (db: TestDatabase, task: Task, worker: string): Promise<string | undefined> =>
  (
    await db.query<{ token: string }>(
      'select token from app_private.start_tasks(array[$1::bigint], array[$2::bigint], $3)',
      [task.id, task.job_id, worker],
    )
  )[0]?.token

const finish = (db: TestDatabase, task: Task, token: string | undefined, outcome = 'succeeded') =>
  db.query('select app_private.finish_task($1, $2, $3)', [task.id, token, outcome])

t.test('whoever holds the token of an earlier attempt is refused, whatever he wants', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'p', [{ stage: 'a', task: 'nothing' }])
  const run = await trigger(db, 'p')
  const task = await taskOf(db, run.id)
  const first = await start(db, task, 'one')
  const second = await start(db, task, 'two')
  t.ok(BigInt(second ?? 0) > BigInt(first ?? 0), 'a later token is greater')
  await t.rejects(finish(db, task, first), { code: 'PC409' })
  await t.rejects(db.query('select app_private.check_attempt($1, $2)', [task.id, first]), { code: 'PC409' })
  t.match(
    await db.query(
      `select app_private.finish_tasks(array[$1::bigint], array[$2::bigint], '{failed}', null, null, null, '{x}', null) as task`,
      [task.id, first],
    ),
    [{ task: task.id }],
    'many at once: the refused are named',
  )
  t.match(await taskOf(db, run.id), { status: 'running', token: second })
  t.match(await db.query('select outcome, worker_id from pipeline_attempts'), [
    { outcome: 'lost', worker_id: 'one' },
  ])
  t.match(
    await db.query(
      'select * from app_private.tasks_to_stop(array[$1, $1]::bigint[], array[$2, $3]::bigint[])',
      [task.id, first, second],
    ),
    [{ task_id: task.id, is_cancelled: false }],
  )
  await finish(db, task, second)
  t.match(await runOf(db, run.id), { status: 'succeeded' })
  await t.rejects(finish(db, task, second), { code: 'PC409' }, 'nor may the right one finish twice')
  await t.rejects(finish(db, { ...task, id: '0' }, second), { code: 'PC404' })
})

t.test('a job that is out of date starts nothing', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'p', [{ stage: 'a', task: 'nothing' }])
  const run = await trigger(db, 'p')
  const task = await taskOf(db, run.id)
  t.equal(await start(db, { ...task, job_id: '0' }, 'one'), undefined)
  await db.query('select pause_run($1)', [run.id])
  t.equal(await start(db, task, 'one'), undefined)
  await db.query('select resume_run($1)', [run.id])
  t.equal(await start(db, task, 'one'), undefined, 'the job of before the pause')
  t.ok(await start(db, await taskOf(db, run.id), 'one'))
})

t.test('an attempt that was given back untried leaves no trace', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'p', [{ stage: 'a', task: 'nothing' }])
  const run = await trigger(db, 'p')
  const task = await taskOf(db, run.id)
  const token = await start(db, task, 'one')
  await db.query('select app_private.release_tasks(array[$1::bigint], array[$2::bigint])', [task.id, token])
  t.match(await db.query('select status, attempt_count, loss_count from pipeline_tasks'), [
    { status: 'waiting', attempt_count: 0, loss_count: 0 },
  ])
  t.ok(await start(db, task, 'two'))
})

t.test('an attempt that the database forgot in a crash is made again', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'p', [{ stage: 'a', task: 'nothing' }])
  const run = await trigger(db, 'p')
  const task = await taskOf(db, run.id)
  await db.query(
    `select app_private.finish_tasks(array[$1::bigint], array[99999::bigint], '{succeeded}', null, null, null, null, null)`,
    [task.id],
  )
  const after = await taskOf(db, run.id)
  t.equal(after.status, 'waiting')
  t.not(after.job_id, task.job_id, 'it has a new job')
})

t.test('a task that takes its workers with it fails in the end', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'p', [{ stage: 'a', task: 'nothing' }])
  const run = await trigger(db, 'p')
  const task = await taskOf(db, run.id)
  let starts = 0
  while (starts < 100 && (await start(db, task, `pool-${starts}`)) !== undefined) starts++
  t.ok(starts > 20 && starts < 40, `${starts} workers`)
  t.match(await runOf(db, run.id), { status: 'failed', error: /workers died over it/ })
})

t.test('what a task did in the database is undone when it was overtaken meanwhile', async (t) => {
  const db = await database(t)
  await db.query('create table app_public.written (token bigint)')
  await db.query(
    `create function app_private.write(run integer, params jsonb) returns jsonb language plpgsql as $f$
     begin
       insert into app_public.written values (1);
       perform pg_sleep(0.3);
       return '{"item_count": 1}';
     end $f$`,
  )
  await makePipeline(db, 'p', [{ stage: 'a', sql: 'write' }])
  const run = await trigger(db, 'p')
  const task = await taskOf(db, run.id)
  const token = await start(db, task, 'one')
  const writing = db.pool.query('select app_private.run_sql_stage($1, $2)', [task.id, token])
  await new Promise((resolve) => setTimeout(resolve, 100))
  const later = await start(db, task, 'two')
  await t.rejects(writing, { code: 'PC409' })
  t.same(await db.query('select from app_public.written'), [])
  await db.query('select app_private.run_sql_stage($1, $2)', [task.id, later])
  t.equal((await db.query('select from app_public.written')).length, 1)
  t.match(await runOf(db, run.id), { status: 'succeeded' })
  await t.rejects(db.query('select app_private.run_sql_stage(0, 0)'), { code: 'PC404' })
})

t.test('how a task ends says whether it is tried again', async (t) => {
  const db = await database(t)
  const errors: Record<string, () => Error> = {
    final: () => new Final('not this one', { hint: 'Take another.' }),
    wrong: () => Object.assign(new Error('no such city'), { code: 'PC404', hint: 'Look it up.' }),
    lost: () => Object.assign(new Error('terminating connection'), { code: '57P01' }),
    busy: () => Object.assign(new Error('in the way'), { code: 'PC409' }),
  }
  let isCalm = false
  const outcomes = testTask('outcomes', async ({ how }) => {
    if (how === 'unfit') return { result: { text: isCalm ? 'x' : 'a\u0000b' } }
    const make = errors[how as string]
    if (make !== undefined && !(isCalm && how === 'lost')) throw make()
    return undefined
  })
  await makePipeline(db, 'p', [{ stage: 'a', task: 'outcomes', tries: 2 }])
  const come = async (how: string): Promise<string[]> => {
    isCalm = false
    const run = await trigger(db, 'p', { how })
    await work(db, [outcomes])
    isCalm = true
    await until(`${how} has ended`, async () => {
      await work(db, [outcomes])
      return (await runOf(db, run.id)).status !== 'running'
    })
    const rows = await db.query(
      'select outcome, error from pipeline_attempts where run_id = $1 order by token',
      [run.id],
    )
    return [(await runOf(db, run.id)).status, ...rows.map(({ outcome, error }) => `${outcome}: ${error}`)]
  }
  t.same(await come('fine'), ['succeeded'])
  t.same(await come('final'), ['failed', 'refused: not this one. Take another.'])
  t.same(await come('wrong'), ['failed', 'refused: no such city. Look it up.'])
  t.same(await come('busy'), ['failed', 'failed: in the way', 'failed: in the way'])
  t.same(await come('lost'), ['succeeded', 'lost: terminating connection'])
  t.match(await come('unfit'), ['failed', /^refused: what it gave cannot be kept/])
  t.match(await db.query('select from task_failures'), [], 'these are not failures of jobs of their own')
})

t.test('a payload that a task does not take is refused, and nobody but operators triggers', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'p', [{ stage: 'a', task: 'download_dvf' }])
  const run = await trigger(db, 'p', { year: 'x' })
  await work(db)
  t.match(await ended(db, run.id), { status: 'failed', error: /payload of download_dvf is wrong/ })
  t.same(await stagesOf(db, run.id), ['a failed 1/1'])
  await asRole(db, 'app_visitor', {}, (client) =>
    t.rejects(client.query(`select app_public.trigger_pipeline('p')`), { code: '42501' }),
  )
  await asRole(db, 'app_analyst', {}, async (client) => {
    const { rows } = await client.query(`select (app_public.trigger_pipeline('p')).status`)
    t.match(rows, [{ status: 'running' }])
  })
})
