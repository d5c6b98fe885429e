import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pino from 'pino'
import t from 'tap'
import { generateWorld } from '../../seeds/world/generate.ts'
import { demoSources, startDemoSites } from '../../seeds/world/sites/demo.ts'
import { parseConfig } from '../../server/config.ts'
import { startWorker } from '../../tasks/worker.ts'
import { database } from '../lib/database.ts'
import { home, makeSource, report } from '../lib/sessions.ts'
import { addLocalSource, until } from './sites-lib.ts'

// Every stage of every pipeline, as a worker runs it: the real queue, a real browser, real HTTP to sites on loopback.

t.setTimeout(180_000)

t.test('every stage of every pipeline does its work', async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'parcelle-all-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const { releases } = await generateWorld({ folder, lines: 1500, seed: 'all' })
  const release = releases.map(({ files }) =>
    files.filter(({ form }) => form === 'geo').map((file) => path.join(folder, file.path)),
  )[1]
  const sites = await startDemoSites({ release: release ?? [], ports: {} })
  t.teardown(() => sites.close())

  const db = await database(t)
  await makeSource(db, 'typed')
  const unknown = { city: 'Villeneuve-sur-Nulle-Part', insee_code: null, postal_code: '44999' }
  await report(db, 'typed', [home(1), home(2, unknown)])
  for (const { code, kind, url, config } of demoSources(sites)) {
    if (['sim-portal', 'sim-explorer'].includes(code)) await addLocalSource(db, { code, kind, url, config })
  }
  const city = sites.portal.truth().cities.at(-1)?.inseeCode
  const config = {
    ...parseConfig({ PARCELLE_DATA_DIR: path.join(folder, 'data') }),
    ...{
      geoApiUrl: sites.geo.url,
      dvfBaseUrl: sites.register.csvUrl,
      dvfDatasetUrl: sites.register.datasetUrl,
    },
    workerConcurrency: 3,
  }
  const worker = await startWorker({ config, log: pino({ level: 'silent' }), db: { ownerUrl: db.url } })
  t.teardown(() => worker.close())

  const run = async (pipeline: string, params: Record<string, unknown> = {}, to: string | null = null) => {
    const [begun] = await db.query<{ id: number }>(
      'select id from app_public.trigger_pipeline($1, $2, to_stage => $3)',
      [pipeline, JSON.stringify(params), to],
    )
    const ended = await until(`the end of ${pipeline}`, 60, async () => {
      const [row] = await db.query<{ status: string; error: string | null }>(
        'select r.status, r.error from app_public.pipeline_runs as r where r.id = $1',
        [begun?.id],
      )
      return row && !['queued', 'running'].includes(row.status) ? row : undefined
    }).catch(async (error: unknown) => {
      t.comment(
        await db.query(
          `select t.item_key, t.status, t.attempt_count, a.outcome, a.error from app_public.pipeline_tasks as t
           left join app_public.pipeline_attempts as a on a.task_id = t.id where t.run_id = $1`,
          [begun?.id],
        ),
      )
      throw error
    })
    t.match(ended, { status: 'succeeded', error: null }, pipeline)
  }
  await run('dvf_update', { years: [2023] })
  await run('scrape_listings', { source: 'sim-portal', insee_code: city })
  await run('scrape_listings', { source: 'sim-explorer', insee_code: '35238', from: '2024-06' })
  await run('scrape_listings', { source: 'sim-portal', insee_code: city, tier: 'first_pages' }, 'scrape')
  await run('city_refresh', { insee_codes: ['35238', city] })
  for (const pipeline of ['daily_sync', 'enrichment_property', 'discovery_offmarket', 'client_assignment']) {
    await run(pipeline)
  }
  for (const pipeline of ['score_master', 'docgen_packet', 'cleanup']) await run(pipeline)

  const idle = await db.query(
    `select s.pipeline, s.stage from app_public.pipeline_stages as s
     where not exists (
       select from app_public.pipeline_tasks as t
       join app_public.pipeline_runs as r on r.id = t.run_id
       where r.pipeline = s.pipeline and t.stage_no = s.stage_no and t.status = 'succeeded'
     )`,
  )
  t.strictSame(idle, [], 'no stage was left out')
  const failed = await db.query(
    `select t.error from app_public.pipeline_tasks as t where t.status = 'failed'`,
  )
  t.strictSame(failed, [], 'no task failed')
  const asked = [sites.portal, sites.explorer, sites.geo, sites.register].filter(
    (site) => site.requests().length === 0,
  )
  t.same(asked, [], 'and every service was asked')
})
