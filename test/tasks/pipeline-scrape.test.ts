import t from 'tap'
import { startPortal } from '../../seeds/world/sites/portal.ts'
import { portalSettings } from '../../seeds/world/sites/settings.ts'
import { database } from '../lib/database.ts'
import { ended, stagesOf, startTestWorker, trigger } from './lib/pipelines.ts'
import { localSource } from './scrape-lib.ts'

t.setTimeout(120_000)

t.test('scrape_listings scrapes a source over HTTP, syncs what it showed and measures it', async (t) => {
  const db = await database(t)
  const site = await startPortal({ seed: 'pipeline', homes: 120 })
  t.teardown(() => site.close())
  const [city] = site.truth().cities
  const wanted = site.truth().homes.filter((home) => home.inseeCode === city?.inseeCode)
  await localSource(db, 'portal', 'portal', site.url, portalSettings())
  await startTestWorker(t, db)
  const run = await trigger(db, 'scrape_listings', { source: 'portal', insee_code: city?.inseeCode })
  t.match(await ended(db, run.id, 60), { status: 'succeeded', error: null })
  t.same(await stagesOf(db, run.id), [
    'scrape succeeded 1/1',
    'sync succeeded 1/1',
    'quality_checks succeeded 1/1',
  ])
  t.match(await db.query('select count(*)::integer as count from properties_live'), [
    { count: wanted.length },
  ])
  t.match(await db.query('select * from scraping_jobs'), [
    {
      dag_id: 'scrape_listings',
      dag_run_id: String(run.id),
      source: 'portal',
      items_scraped: wanted.length,
      items_failed: 0,
      status: 'success',
    },
  ])
  t.ok((await db.query('select from data_quality_metrics')).length > 0)
})

t.test(
  'every source that works is scraped; one whose config is wrong keeps nothing from the others',
  async (t) => {
    const db = await database(t)
    const site = await startPortal({ seed: 'pipeline', homes: 60 })
    t.teardown(() => site.close())
    const [city] = site.truth().cities
    await localSource(db, 'portal', 'portal', site.url, portalSettings())
    await localSource(db, 'wrong', 'portal', site.url, {})
    await db.query(`update pipeline_stages set tries_at_most = 1 where pipeline = 'scrape_listings'`)
    await startTestWorker(t, db)
    const run = await trigger(db, 'scrape_listings', { insee_code: city?.inseeCode })
    t.match(await ended(db, run.id, 60), { status: 'failed', error: /^scrape: / })
    t.same(await stagesOf(db, run.id), [
      'scrape failed 2/2',
      'sync succeeded 1/1',
      'quality_checks succeeded 1/1',
    ])
    t.match(await db.query('select source, status, dag_run_id from scraping_jobs order by source'), [
      { source: 'portal', status: 'success', dag_run_id: String(run.id) },
      { source: 'wrong', dag_run_id: String(run.id) },
    ])
    t.ok((await db.query('select from properties_live')).length > 0, 'the portal’s homes are live')
  },
)
