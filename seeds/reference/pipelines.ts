import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Client } from 'pg'
import type { ReferenceSeed } from './index.ts'

/** A stage of a pipeline. Either a task of the worker does it, or a function of app_private. */
export type SeededStage = {
  stage: string
  description: string
  /** The task; without one the function `sql` does it. */
  task?: string
  sql?: string
  /** Function of app_private that gives its items; without one it is a single task with the run's params. */
  items?: string
  /** Stages before it; without any, the stage listed before it. */
  dependsOn?: string[]
  tries?: number
  retryAfter?: string
  timeout?: string
  group?: string
  toleratesFailure?: boolean
}

/** A pipeline: its stages in their order, and of what one run may be at work at a time. */
export type SeededPipeline = {
  name: string
  description: string
  /** Parameters that make the key of a run; `[]`: one run at a time; absent: any number. */
  key?: string[]
  stages: SeededStage[]
}

const groups = [
  {
    name: 'sync',
    limit: 2,
    description: 'Syncs of different sources side by side; those of one source follow each other.',
  },
  { name: 'scrape', limit: 4, description: 'Scrapes, each with connections or a browser of its own.' },
  { name: 'download', limit: 2, description: 'Large files from one public host.' },
  { name: 'geo', limit: 2, description: 'The public geo service, and one page per city of the explorer.' },
] as const

const scan = { tries: 2, retryAfter: '30 seconds', timeout: '30 minutes' }

/** The pipelines that ship. */
export const seededPipelines: readonly SeededPipeline[] = [
  {
    name: 'dvf_update',
    description: 'Brings the newest release of DVF into the ledger, when there is one.',
    key: [],
    stages: [
      {
        stage: 'check',
        description: 'Asks the official address whether something newer has been published.',
        task: 'check_dvf_release',
        tries: 6,
        timeout: '2 minutes',
      },
      {
        stage: 'download',
        description: 'Fetches each file; one that lies here unchanged is kept.',
        task: 'download_dvf',
        items: 'list_dvf_downloads',
        tries: 5,
        retryAfter: '1 minute',
        timeout: '2 hours',
        group: 'download',
      },
      {
        stage: 'import',
        description: 'Imports the files as one release.',
        task: 'import_dvf_release',
        items: 'list_dvf_imports',
        tries: 2,
        retryAfter: '5 minutes',
        timeout: '6 hours',
      },
      {
        stage: 'statistics',
        description: 'Refreshes what is computed from the statistics of the market.',
        sql: 'refresh_statistics',
        ...scan,
      },
    ],
  },
  {
    name: 'scrape_listings',
    description:
      'Scrapes a source, or every source that works, and brings what it showed into the live homes.',
    key: ['source', 'city', 'postal_code', 'insee_code', 'tier'],
    stages: [
      {
        stage: 'scrape',
        description: 'Fills a session for each source; one that was broken off goes on where it was.',
        task: 'scrape',
        items: 'list_scrapes',
        tries: 3,
        retryAfter: '1 minute',
        timeout: '12 hours',
        group: 'scrape',
        toleratesFailure: true,
      },
      {
        stage: 'sync',
        description: 'Syncs the sessions.',
        sql: 'sync_one_session',
        items: 'list_scraped_sessions',
        group: 'sync',
        toleratesFailure: true,
        ...scan,
      },
      {
        stage: 'quality_checks',
        description: 'Measures them against the thresholds of quality.',
        sql: 'check_quality',
        items: 'list_scraped_sessions',
        toleratesFailure: true,
        ...scan,
      },
    ],
  },
  {
    name: 'discovery_offmarket',
    description: 'Finds homes that may soon be for sale although nobody offers them, with the reasons.',
    key: [],
    stages: [
      {
        stage: 'discover',
        description: 'Brings the leads of each département to what its homes say.',
        sql: 'discover_offmarket_leads',
        items: 'list_offmarket_departments',
        ...scan,
      },
    ],
  },
  {
    name: 'enrichment_property',
    description: 'Completes what sources left out of live homes: today their commune.',
    key: [],
    stages: [
      {
        stage: 'place',
        description: 'Looks for the communes of homes that have none, a batch at a time.',
        sql: 'place_homes',
        items: 'list_unplaced_homes',
        toleratesFailure: true,
        ...scan,
      },
    ],
  },
  {
    name: 'score_master',
    description: 'Measures sources and fits the confidence in what they report.',
    key: [],
    stages: [
      {
        stage: 'quality',
        description: 'Measures the last completed session of every source.',
        sql: 'check_quality',
        items: 'list_checked_sources',
        toleratesFailure: true,
        ...scan,
      },
      {
        stage: 'confidence',
        description: 'Fits the confidence in changes to what turned out true.',
        sql: 'fit_confidence',
        ...scan,
      },
    ],
  },
  {
    name: 'docgen_packet',
    description: 'Gathers what is known of homes, as one document each.',
    stages: [
      {
        stage: 'gather',
        description: 'Puts the facts of each home together.',
        sql: 'gather_home_packet',
        items: 'list_packets',
        timeout: '1 minute',
      },
    ],
  },
  {
    name: 'city_refresh',
    description: 'Refreshes where cities lie and what a square metre costs there.',
    key: [],
    stages: [
      {
        stage: 'refresh',
        description: 'Asks the geo service and the explorer for each city.',
        task: 'refresh_city',
        items: 'list_cities_to_refresh',
        retryAfter: '1 minute',
        timeout: '30 minutes',
        group: 'geo',
        toleratesFailure: true,
      },
    ],
  },
  {
    name: 'client_assignment',
    description: 'Shows where there are leads to be given out.',
    key: [],
    stages: [
      {
        stage: 'openings',
        description: 'Counts the open leads of each commune.',
        sql: 'list_lead_openings',
        timeout: '1 minute',
      },
    ],
  },
  {
    name: 'daily_sync',
    description:
      'Brings every session that waits into the live homes, then refreshes figures and measures sources.',
    key: [],
    stages: [
      {
        stage: 'sync',
        description: 'Syncs each session that waits; those of a source in their order.',
        sql: 'sync_one_session',
        items: 'list_pending_sessions',
        group: 'sync',
        toleratesFailure: true,
        ...scan,
      },
      {
        stage: 'statistics',
        description: 'Refreshes what is computed from the statistics of the market.',
        sql: 'refresh_statistics',
        ...scan,
      },
      {
        stage: 'quality',
        description: 'Measures the last completed session of every source.',
        sql: 'check_quality',
        ...scan,
      },
    ],
  },
  {
    name: 'cleanup',
    description: 'Takes away what has served its purpose: staging, items of scrapes, history of runs.',
    key: [],
    stages: [
      {
        stage: 'staging',
        description: 'Staging and items of sessions that were decided `days` ago (30).',
        sql: 'clean_staging',
        ...scan,
      },
      {
        stage: 'history',
        description: 'Runs that ended `history_days` ago (90).',
        sql: 'prune_history',
        ...scan,
      },
    ],
  },
]

function stageRows() {
  return seededPipelines.flatMap(({ name, stages }) =>
    stages.map((stage, index) => ({
      pipeline: name,
      stage: stage.stage,
      stage_no: index + 1,
      description: stage.description,
      task: stage.task ?? 'run_sql_stage',
      sql_function: stage.sql ?? null,
      items_function: stage.items ?? null,
      depends_on: stage.dependsOn ?? (index === 0 ? [] : [stages[index - 1]?.stage]),
      tries_at_most: stage.tries ?? 3,
      retry_after: stage.retryAfter ?? '10 seconds',
      timeout: stage.timeout ?? '10 minutes',
      concurrency_group: stage.group ?? null,
      is_failure_tolerated: stage.toleratesFailure ?? false,
    })),
  )
}

/**
 * Pipelines with their stages and the groups whose limits they share. What an operator paused stays so; a pipeline that
 * ships no more is disabled, since its runs are kept.
 */
export const pipelines: ReferenceSeed = {
  name: 'pipelines',
  async hash() {
    const text = await readFile(new URL(import.meta.url), 'utf8')
    return createHash('sha256').update(text).digest('hex')
  },
  async merge(client: Client): Promise<void> {
    await client.query(
      `merge into app_public.concurrency_groups as t
       using jsonb_to_recordset($1::jsonb) as s (name text, "limit" smallint, description text) on t.name = s.name
       when matched and t.description <> s.description then update set description = s.description
       when not matched then insert (name, running_at_most, description) values (s.name, s."limit", s.description)`,
      [JSON.stringify(groups)],
    )
    await client.query(
      `merge into app_public.pipelines as t
       using jsonb_to_recordset($1::jsonb) as s (name text, description text, key text[]) on t.name = s.name
       when matched and (t.description, t.key_params, t.is_enabled) is distinct from (s.description, s.key, true) then
         update set description = s.description, key_params = s.key, is_enabled = true
       when not matched then insert (name, description, key_params) values (s.name, s.description, s.key)
       when not matched by source and t.is_enabled then update set is_enabled = false`,
      [JSON.stringify(seededPipelines)],
    )
    const columns = [
      ...['stage_no', 'description', 'task', 'sql_function', 'items_function', 'depends_on', 'tries_at_most'],
      ...['retry_after', 'timeout', 'concurrency_group', 'is_failure_tolerated'],
    ]
    const of = (alias: string) => columns.map((column) => `${alias}.${column}`).join(', ')
    // Stages are few: those that differ are written anew, so that numbers may change places.
    await client.query(
      `with wanted as (
         select s.* from jsonb_populate_recordset(null::app_public.pipeline_stages, $1::jsonb) as s
       )
       delete from app_public.pipeline_stages as t
       where not exists (
         select from wanted as s
         where s.pipeline = t.pipeline and s.stage = t.stage and (${of('s')}) is not distinct from (${of('t')})
       )`,
      [JSON.stringify(stageRows())],
    )
    await client.query(
      `insert into app_public.pipeline_stages
       select s.* from jsonb_populate_recordset(null::app_public.pipeline_stages, $1::jsonb) as s
       on conflict (pipeline, stage) do nothing`,
      [JSON.stringify(stageRows())],
    )
  },
}
