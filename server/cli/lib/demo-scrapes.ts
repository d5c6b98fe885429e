import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { DemoRun, DemoSites } from '../../../seeds/world/sites/demo.ts'
import type { Config } from '../../config.ts'
import type { Database } from '../../postgres/house.ts'
import type { CliHouse } from './house.ts'

// The sites take longer to load than most commands take.
const loadDemo = () => import('../../../seeds/world/sites/demo.ts')

const stepKey = (pipeline: string, params: unknown, toStage: string | null): string =>
  JSON.stringify([pipeline, params, toStage])

/**
 * Starts the simulated sites on loopback, those of known sources where they were before; where such a port is taken, on
 * another one, which is said.
 */
export async function openDemoSites(house: CliHouse, db: Database, release: string[]): Promise<DemoSites> {
  const ports = await withClient(db, async (client) => {
    const { rows } = await client.query<{ code: string; base_url: string }>(
      `select s.code, s.base_url from app_public.sources as s
       where s.code like 'sim-%' and s.kind in ('portal', 'explorer') and s.base_url is not null`,
    )
    return Object.fromEntries(rows.map(({ code, base_url }) => [code, Number(new URL(base_url).port)]))
  })
  try {
    return await (await loadDemo()).startDemoSites({ release, ports })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    house.out.note(
      'the simulated sites have new addresses, since their ports are taken: their sources find nothing',
    )
    return (await loadDemo()).startDemoSites({ release, ports: {} })
  }
}

/** The configuration under which tasks reach the simulated services in place of the public ones. */
export function simulatedConfig(config: Config, sites: DemoSites): Config {
  return {
    ...config,
    geoApiUrl: sites.geo.url,
    dvfBaseUrl: sites.register.csvUrl,
    dvfDatasetUrl: sites.register.datasetUrl,
  }
}

/**
 * Makes the sources of the simulated sites known, scrapes them and runs every pipeline, as an operator would; what has
 * been run already stays as it is.
 */
export async function ensureScrapes(house: CliHouse, db: Database, sites: DemoSites): Promise<void> {
  await withClient(db, async (client) => {
    const waves = (await loadDemo()).demoWaves(sites)
    const missing = await missingRuns(
      client,
      waves.map(({ runs }) => runs),
    )
    const count = missing.flat().length
    const open = await openRuns(client)
    if (count === 0 && open === 0) {
      sites.pass()
      return
    }
    await addSources(client, sites)
    const { startWorker } = await import('../../../tasks/worker.ts')
    const config = { ...simulatedConfig(house.config, sites), workerConcurrency: 4 }
    // What fails here is meant to, and stands in the runs; whoever debugs hears all of it.
    const isVerbose = ['debug', 'trace'].includes(config.logLevel)
    const log = isVerbose ? house.log : house.log.child({}, { level: 'silent' })
    const worker = await startWorker({ config, log, db })
    const progress = house.out.progress('scraping the simulated sites, running pipelines', count, 'runs')
    try {
      let done = 0
      for (const [index, wave] of waves.entries()) {
        if (wave.isLater) sites.pass()
        const runs = missing[index] ?? []
        for (const run of runs) await trigger(client, run)
        for (let left = Number.POSITIVE_INFINITY; left > 0; ) {
          house.signal.throwIfAborted()
          left = await openRuns(client)
          progress.update(done + Math.max(0, runs.length - left))
          if (left > 0) await sleep(100)
        }
        done += runs.length
      }
    } finally {
      progress.stop()
      await worker.close()
    }
  })
}

/** Commands to try on the simulated sites, which answer as long as they are served. */
export function describeScraping(sites: DemoSites): string {
  const city = sites.portal.truth().cities[0]
  return [
    `# scrape a city of the simulated portal, ${sites.portal.url}`,
    `npx parcelle scrape --source sim-portal --city ${city?.name ?? ''} --postal-code ${city?.postalCode ?? ''}`,
    '',
    `# watch it being done by a worker; the explorer is ${sites.explorer.url}`,
    `npx parcelle pipeline run scrape_listings --param source=sim-explorer --param insee_code=${sites.explorer.truth.cities[0]?.inseeCode ?? ''} --wait`,
  ].join('\n')
}

async function withClient<T>(db: Database, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: db.ownerUrl, application_name: 'parcelle start' })
  client.on('error', () => {})
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** The runs of each wave that have not been made yet. */
async function missingRuns(client: pg.Client, waves: readonly (readonly DemoRun[])[]): Promise<DemoRun[][]> {
  const { rows } = await client.query<{ pipeline: string; params: unknown; to_stage: string | null }>(
    `select r.pipeline, w.params, r.to_stage
     from app_public.pipeline_runs as r
     join (select distinct j.value as params from jsonb_array_elements($1::jsonb) as j) as w on w.params = r.params`,
    [JSON.stringify(waves.flat().map(({ params }) => params))],
  )
  const made = new Map<string, number>()
  const keyOf = (params: unknown): string =>
    JSON.stringify(Object.entries(params as object).sort(([one], [other]) => (one < other ? -1 : 1)))
  for (const { pipeline, params, to_stage } of rows) {
    const key = stepKey(pipeline, keyOf(params), to_stage)
    made.set(key, (made.get(key) ?? 0) + 1)
  }
  return waves.map((runs) =>
    runs.filter(({ pipeline, params, toStage }) => {
      const key = stepKey(pipeline, keyOf(params), toStage ?? null)
      const left = made.get(key) ?? 0
      made.set(key, left - 1)
      return left <= 0
    }),
  )
}

async function openRuns(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from app_public.pipeline_runs as r where r.status in ('queued', 'running')`,
  )
  return rows[0]?.count ?? 0
}

async function addSources(client: pg.Client, sites: DemoSites): Promise<void> {
  const { demoSources } = await loadDemo()
  for (const { code, name, kind, url, config } of demoSources(sites)) {
    const { rowCount } = await client.query('select from app_public.sources where code = $1', [code])
    if (rowCount !== 0) continue
    await client.query('select app_public.add_source($1, $2, $3, $4, $5)', [
      ...[code, name, kind, url],
      JSON.stringify(config),
    ])
    await client.query('select app_private.set_source_local($1, true)', [code])
  }
}

async function trigger(client: pg.Client, { pipeline, params, toStage }: DemoRun): Promise<void> {
  await client.query('select app_public.trigger_pipeline($1, $2, to_stage => $3)', [
    pipeline,
    JSON.stringify(params),
    toStage ?? null,
  ])
}
