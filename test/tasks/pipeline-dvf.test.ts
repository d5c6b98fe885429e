import { join } from 'node:path'
import t from 'tap'
import { generateWorld } from '../../seeds/world/generate.ts'
import { startRegister } from '../../seeds/world/sites/register.ts'
import { database } from '../lib/database.ts'
import { temporaryFolder } from './import-lib.ts'
import { ended, stagesOf, startTestWorker, trigger, until } from './lib/pipelines.ts'

t.setTimeout(120_000)

t.test('dvf_update looks, fetches, imports and counts; with nothing newer it does nothing', async (t) => {
  const db = await database(t)
  const folder = temporaryFolder(t)
  const { releases } = await generateWorld({ folder, lines: 3000, seed: 'pipeline' })
  const paths = releases.map(({ files }) =>
    files.filter(({ form }) => form === 'geo').map((file) => join(folder, file.path)),
  )
  const [first = [], second = []] = paths
  const site = await startRegister({
    seed: 'pipeline',
    paths: first,
    publishedAt: '2025-04-07T09:12:00+00:00',
  })
  t.teardown(() => site.close())
  await startTestWorker(t, db, [], {
    dataDir: join(folder, 'data'),
    dvfBaseUrl: site.csvUrl,
    dvfDatasetUrl: site.datasetUrl,
  })
  const run = await trigger(db, 'dvf_update')
  t.match(await ended(db, run.id, 60), { status: 'succeeded' })
  t.same(await stagesOf(db, run.id), [
    'check succeeded 1/1',
    'download succeeded 5/5',
    'import succeeded 1/1',
    'statistics succeeded 1/1',
  ])
  const [imported] = await db.query(`select result from pipeline_tasks where run_id = $1 and stage_no = 3`, [
    run.id,
  ])
  t.match(imported?.result, { status: 'applied', rejected: Number })
  const sales = async () => (await db.query('select count(*)::integer as count from transactions'))[0]?.count
  t.equal(await sales(), imported?.result.transactions)
  t.same(await db.query('select from dvf_releases where views_refreshed_at is null'), [])

  await db.query(`select app_private.enqueue_start_pipeline('dvf_update')`)
  let again = 0
  await until('the crontab’s task has triggered it', async () => {
    again = (await db.query('select max(id) as id from pipeline_runs'))[0]?.id
    return again > run.id
  })
  t.match(await ended(db, again), { status: 'succeeded' })
  t.same((await stagesOf(db, again)).slice(1, 3), ['download succeeded 0/0', 'import succeeded 0/0'])

  site.publish(second, '2099-04-07T09:12:00+00:00')
  const years = [2020, 2021, 2022, 2023, 2024]
  const newer = await trigger(db, 'dvf_update', { years, code: 'second' })
  t.match(await ended(db, newer.id, 60), { status: 'succeeded' })
  t.match(await db.query(`select status::text from dvf_releases where code = 'second'`), [
    { status: /applied|held/ },
  ])

  const missing = await trigger(db, 'dvf_update', { years: [2015] }, `, null, 'download'`)
  t.match(await ended(db, missing.id, 60), { status: 'failed', error: /2015\/full.csv.gz does not exist/ })
})

t.test('a pipeline of which a run is at work is left alone by the crontab', async (t) => {
  const db = await database(t)
  const first = await trigger(db, 'city_refresh', { insee_codes: ['35238'] }, `, null, null`)
  await db.query('select pause_run($1)', [first.id])
  await db.query(`select app_private.enqueue_start_pipeline('city_refresh')`)
  await db.query(`select app_private.enqueue_start_pipeline('nix')`)
  await startTestWorker(t, db)
  await until(
    'both have been looked at',
    async () => (await db.query('select from graphile_worker.jobs')).length === 0,
  )
  t.match(await db.query('select task, message from task_failures'), [
    { task: 'start_pipeline', message: /pipeline 'nix' does not exist/ },
  ])
  t.equal((await db.query('select from pipeline_runs')).length, 1)
})
