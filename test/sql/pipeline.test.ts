import t from 'tap'
import { database } from '../lib/database.ts'
import {
  ended,
  makeItems,
  makePipeline,
  makeStage,
  type Run,
  runOf,
  stagesOf,
  testTask,
  trigger,
  until,
  work,
} from '../tasks/lib/pipelines.ts'

const nothing = testTask('nothing', async () => undefined)

t.test('stages follow what they depend on, and see what came of it', async (t) => {
  const db = await database(t)
  await makeItems(db, 'three', 3)
  await makeStage(
    db,
    'double',
    `return jsonb_build_object('item_count', 1, 'n', (params ->> 'n')::integer * 2);`,
  )
  await makeStage(
    db,
    'gather',
    `return (select jsonb_build_object('sum', sum((t.result ->> 'n')::integer), 'left', app_private.stage_result(run, 'left'))
       from app_public.pipeline_tasks as t where t.run_id = run and t.stage_no = 1);`,
  )
  await makePipeline(db, 'diamond', [
    { stage: 'double', sql: 'double', items: 'three' },
    { stage: 'left', task: 'nothing' },
    { stage: 'right', task: 'nothing', dependsOn: ['double'] },
    { stage: 'gather', sql: 'gather', dependsOn: ['left', 'right'] },
  ])
  const run = await trigger(db, 'diamond', { colour: 'blue' })
  t.match(run, { status: 'running', pipeline: 'diamond', run_key: null })
  t.same(await stagesOf(db, run.id), [
    'double running 0/3',
    'left waiting 0/0',
    'right waiting 0/0',
    'gather waiting 0/0',
  ])
  await work(db, [nothing])
  t.match(await ended(db, run.id), { status: 'succeeded', error: null })
  t.match(
    await db.query('select item_count::integer from pipeline_run_stages where run_id = $1 and stage_no = 1', [
      run.id,
    ]),
    [{ item_count: 3 }],
  )
  const tasks = await db.query(
    'select stage_no, params, result, attempt_count from pipeline_tasks where run_id = $1 order by id',
    [run.id],
  )
  t.match(tasks.at(-1), {
    stage_no: 4,
    params: { colour: 'blue' },
    result: { sum: 12, left: null },
    attempt_count: 1,
  })
  await until(
    'the queue is empty',
    async () => (await db.query('select id from graphile_worker.jobs')).length === 0,
  )
})

t.test('a partial run leaves out what lies before and after', async (t) => {
  const db = await database(t)
  await makePipeline(
    db,
    'line',
    ['a', 'b', 'c', 'd'].map((stage) => ({ stage, task: 'nothing' })),
  )
  const states = async (more: string) =>
    (await stagesOf(db, (await trigger(db, 'line', {}, more)).id)).map((s) => s.split(' ')[1])
  t.same(await states(`, 'b', 'c'`), ['skipped', 'running', 'waiting', 'skipped'])
  t.same(await states(`, 'c'`), ['skipped', 'skipped', 'running', 'waiting'])
  t.same(await states(`, null, 'a'`), ['running', 'skipped', 'skipped', 'skipped'])
  await t.rejects(trigger(db, 'line', {}, `, 'c', 'b'`), { code: 'PC422' })
  await t.rejects(trigger(db, 'line', {}, `, 'x'`), { code: 'PC404' })
  await t.rejects(trigger(db, 'nix'), { code: 'PC404' })
  await t.rejects(db.query(`select trigger_pipeline('line', '[]')`), { code: 'PC400' })
})

t.test('one run of a key is at work at a time, and the one in the way is named', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'one', [{ stage: 'a', task: 'nothing' }], [])
  await makePipeline(db, 'keyed', [{ stage: 'a', task: 'nothing' }], ['source', 'city'])
  const first = await trigger(db, 'one')
  await t.rejects(trigger(db, 'one'), {
    code: 'PC409',
    message: new RegExp(`^run ${first.id} of one is at work`),
  })
  const portal = await trigger(db, 'keyed', { source: 'portal' })
  t.equal(portal.run_key, 'city= source=portal')
  await trigger(db, 'keyed', { source: 'portal', city: 'Nantes' })
  await t.rejects(trigger(db, 'keyed', { source: 'portal', other: 1 }), {
    code: 'PC409',
    message: /for city= source=portal/,
  })
  const before = await db.query('select count(*)::integer as count from pipeline_runs')
  t.match(before, [{ count: 3 }], 'what was refused leaves no run')
  await work(db, [nothing])
  t.equal((await trigger(db, 'one')).status, 'running', 'once it has ended')
})

t.test('two triggers of a key at one moment make one run', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'one', [{ stage: 'a', task: 'nothing' }], [])
  const tries = await Promise.allSettled(
    Array.from({ length: 8 }, () => db.pool.query(`select trigger_pipeline('one')`)),
  )
  t.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1)
  for (const one of tries) if (one.status === 'rejected') t.equal(one.reason.code, 'PC409')
})

t.test('a backfill makes a run for each object of params; those of one key follow each other', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'one', [{ stage: 'a', task: 'nothing' }], [])
  await makePipeline(db, 'many', [{ stage: 'a', task: 'nothing' }])
  const fill = (name: string, list: object[]) =>
    db.query<Run>('select * from backfill_pipeline($1, $2::jsonb[])', [
      name,
      list.map((one) => JSON.stringify(one)),
    ])
  t.same(
    (await fill('many', [{ n: 1 }, { n: 2 }])).map(({ status }) => status),
    ['running', 'running'],
  )
  const runs = await fill('one', [{ n: 1 }, { n: 2 }, { n: 3 }])
  t.same(
    runs.map(({ status }) => status),
    ['running', 'queued', 'queued'],
  )
  await work(db, [nothing])
  await work(db, [nothing])
  await work(db, [nothing])
  const ends = await db.query(
    `select status, started_at >= lag(finished_at) over (order by id) as is_after from pipeline_runs
     where pipeline = 'one' order by id`,
  )
  t.same(
    ends.map(({ status }) => status),
    ['succeeded', 'succeeded', 'succeeded'],
  )
  t.same(
    ends.slice(1).map(({ is_after }) => is_after),
    [true, true],
  )
  await t.rejects(fill('one', []), { code: 'PC400' })
  const queued = (await fill('one', [{}, {}]))[1] as Run
  await db.query('select cancel_run($1)', [queued.id])
  t.match(await runOf(db, queued.id), { status: 'cancelled' }, 'a queued run can be called off')
})

t.test('a failing task is tried again, then fails its run; a retry does only what failed', async (t) => {
  const db = await database(t)
  await makeItems(db, 'three', 3)
  await makePipeline(db, 'flaky', [
    { stage: 'a', task: 'flaky', items: 'three', tries: 2 },
    { stage: 'b', task: 'nothing' },
  ])
  let isMended = false
  const begun: number[] = []
  const flaky = testTask('flaky', async ({ n }) => {
    begun.push(n as number)
    if (n === 2 && !isMended) throw new Error('it is not mended')
    return { itemCount: 1, result: { n } }
  })
  const run = await trigger(db, 'flaky')
  const workAll = async () => {
    for (let i = 0; i < 4; i++) {
      await work(db, [flaky, nothing])
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  await workAll()
  t.match(await ended(db, run.id), { status: 'failed', error: 'a: it is not mended' })
  t.same(await stagesOf(db, run.id), ['a failed 3/3', 'b waiting 0/0'])
  t.same(begun.toSorted(), [1, 2, 2, 3])
  t.match(await db.query('select outcome, error from pipeline_attempts where run_id = $1', [run.id]), [
    { outcome: 'failed', error: 'it is not mended' },
    { outcome: 'failed' },
  ])
  isMended = true
  begun.length = 0
  await db.query('select retry_run($1)', [run.id])
  await t.rejects(db.query('select retry_run($1)', [run.id]), { code: 'PC409' })
  await workAll()
  t.match(await ended(db, run.id), { status: 'succeeded', error: null })
  t.same(begun, [2])
  t.same(await stagesOf(db, run.id), ['a succeeded 3/3', 'b succeeded 1/1'])
  await t.rejects(db.query('select retry_run($1)', [run.id]), { code: 'PC409' })
  await t.rejects(db.query('select retry_run(0)'), { code: 'PC404' })
})

t.test(
  'a stage that tolerates failures lets later stages go on, and the run still says that it failed',
  async (t) => {
    const db = await database(t)
    await makePipeline(db, 'kind', [
      { stage: 'a', task: 'fails', tries: 1, toleratesFailure: true },
      { stage: 'b', task: 'nothing' },
    ])
    const fails = testTask('fails', async () => {
      throw new Error('never')
    })
    const run = await trigger(db, 'kind')
    await work(db, [fails, nothing])
    t.match(await ended(db, run.id), { status: 'failed' })
    t.same(await stagesOf(db, run.id), ['a failed 1/1', 'b succeeded 1/1'])
  },
)

t.test('what a stage should do cannot be told: the run fails and says why', async (t) => {
  const db = await database(t)
  await db.query(
    `create function app_private.no_items(run integer) returns setof app_private.stage_item language plpgsql as $f$
       begin raise exception 'no such city' using errcode = 'PC404'; end $f$`,
  )
  await makePipeline(db, 'lost', [
    { stage: 'a', task: 'nothing', items: 'no_items' },
    { stage: 'b', task: 'nothing' },
  ])
  const run = await trigger(db, 'lost')
  t.match(run, { status: 'failed', error: 'a: no such city' })
  await makeItems(db, 'none', 0)
  await db.query(`update pipeline_stages set items_function = 'none' where pipeline = 'lost' and stage = 'a'`)
  const empty = await trigger(db, 'lost')
  t.same(await stagesOf(db, empty.id), ['a succeeded 0/0', 'b running 0/1'], 'no items: nothing to do')
})

t.test('a paused run keeps back what waits; resumed it goes on', async (t) => {
  const db = await database(t)
  await makeItems(db, 'three', 3)
  await makePipeline(db, 'calm', [
    { stage: 'a', task: 'nothing', items: 'three' },
    { stage: 'b', task: 'nothing' },
  ])
  const run = await trigger(db, 'calm')
  await db.query('select pause_run($1), pause_run($1)', [run.id])
  t.same(await db.query('select id from graphile_worker.jobs'), [])
  await work(db, [nothing])
  t.same(await stagesOf(db, run.id), ['a running 0/3', 'b waiting 0/0'])
  await db.query('select resume_run($1), resume_run($1)', [run.id])
  await work(db, [nothing])
  t.match(await ended(db, run.id), { status: 'succeeded' })
  await t.rejects(db.query('select pause_run($1)', [run.id]), { code: 'PC409' })
  await t.rejects(db.query('select pause_run(0)'), { code: 'PC404' })
  await t.rejects(db.query('select resume_run(0)'), { code: 'PC404' })

  await db.query(`select pause_pipeline('calm')`)
  await t.rejects(trigger(db, 'calm'), { code: 'PC409' })
  await db.query(`select resume_pipeline('calm')`)
  t.match(await trigger(db, 'calm'), { status: 'running' })
  await t.rejects(db.query(`select pause_pipeline('nix')`), { code: 'PC404' })
  await t.rejects(db.query(`select resume_pipeline('nix')`), { code: 'PC404' })
})

t.test('a run that is called off cancels what waits at once', async (t) => {
  const db = await database(t)
  await makeItems(db, 'three', 3)
  await makePipeline(db, 'off', [
    { stage: 'a', task: 'nothing', items: 'three' },
    { stage: 'b', task: 'nothing' },
  ])
  const run = await trigger(db, 'off')
  await db.query('select cancel_run($1)', [run.id])
  t.match(await runOf(db, run.id), { status: 'cancelled' })
  t.same(await stagesOf(db, run.id), ['a cancelled 3/3', 'b cancelled 0/0'])
  t.same(await db.query('select id from graphile_worker.jobs'), [])
  await t.rejects(db.query('select cancel_run($1)', [run.id]), { code: 'PC409' })
  await t.rejects(db.query('select cancel_run(0)'), { code: 'PC404' })
  await db.query('select retry_run($1)', [run.id])
  await work(db, [nothing])
  t.match(await ended(db, run.id), { status: 'succeeded' }, 'and can be tried again')
})

t.test('history is pruned by age, but for the last run of each pipeline', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'old', [{ stage: 'a', task: 'fails', tries: 1 }])
  const fails = testTask('fails', async () => {
    throw new Error('never')
  })
  const runs = [await trigger(db, 'old'), await trigger(db, 'old'), await trigger(db, 'old')]
  await work(db, [fails])
  await db.query(`update pipeline_runs set finished_at = now() - interval '91 days' where id = any ($1)`, [
    [runs[0]?.id, runs[2]?.id],
  ])
  t.match(await db.query('select prune_pipeline_history(90) as pruned'), [{ pruned: 1 }])
  const left = await db.query(
    'select r.id, (select count(*)::integer from pipeline_tasks as t where t.run_id = r.id) as tasks from pipeline_runs as r order by r.id',
  )
  t.same(left, [
    { id: runs[1]?.id, tasks: 1 },
    { id: runs[2]?.id, tasks: 1 },
  ])
  t.match(await db.query('select count(*)::integer as count from pipeline_attempts'), [{ count: 2 }])
  await t.rejects(db.query('select prune_pipeline_history(0)'), { code: 'PC400' })
})

t.test('the overview says how each pipeline went', async (t) => {
  const db = await database(t)
  await makePipeline(db, 'seen', [{ stage: 'a', task: 'nothing' }])
  await trigger(db, 'seen')
  await work(db, [nothing])
  const last = await trigger(db, 'seen')
  t.match(await db.query(`select * from pipelines_overview where name = 'seen'`), [
    {
      stage_count: 1,
      running_count: 1,
      queued_count: 0,
      succeeded_count: 1,
      failed_count: 0,
      last_run_id: last.id,
      last_status: 'running',
    },
  ])
})
