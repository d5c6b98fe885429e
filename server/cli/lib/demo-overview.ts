import type pg from 'pg'
import { formatNumber } from './numbers.ts'
import { formatTable } from './output.ts'

/** What has been scraped from one source. */
export type ScrapedRow = {
  source: string
  jobs: number
  success: number
  held: number
  failed: number
  items_scraped: number
  items_failed: number
}

/** How the runs of one pipeline ended. */
export type PipelineRow = {
  pipeline: string
  runs: number
  succeeded: number
  failed: number
  open: number
  tasks: number
  tasks_failed: number
}

/** What scrapes and pipelines came to: jobs by source, runs by pipeline, the queue by status, measurements of quality. */
export type WorkOverview = {
  scrapes: ScrapedRow[]
  pipelines: PipelineRow[]
  queue: Record<string, number>
  qualityMetrics: number
}

/** Reads what scrapes and pipelines came to; null where nothing has been scraped. */
export async function readWork(client: pg.ClientBase): Promise<WorkOverview | null> {
  const scrapes = await client.query<ScrapedRow>(
    `select j.source, count(*)::int as jobs,
       count(*) filter (where j.status = 'success')::int as success,
       count(*) filter (where j.status = 'held')::int as held,
       count(*) filter (where j.status = 'failed')::int as failed,
       coalesce(sum(j.items_scraped), 0)::int as items_scraped, coalesce(sum(j.items_failed), 0)::int as items_failed
     from app_public.scraping_jobs as j
     group by j.source order by j.source`,
  )
  const pipelines = await client.query<PipelineRow>(
    `select r.pipeline, count(*)::int as runs,
       count(*) filter (where r.status = 'succeeded')::int as succeeded,
       count(*) filter (where r.status = 'failed')::int as failed,
       count(*) filter (where r.status in ('queued', 'running'))::int as open,
       coalesce(sum(t.tasks), 0)::int as tasks, coalesce(sum(t.tasks_failed), 0)::int as tasks_failed
     from app_public.pipeline_runs as r
     left join lateral (
       select count(*) as tasks, count(*) filter (where t.status = 'failed') as tasks_failed
       from app_public.pipeline_tasks as t where t.run_id = r.id
     ) as t on true
     group by r.pipeline order by r.pipeline`,
  )
  if (pipelines.rows.length === 0) return null
  const queue = await client.query<{ status: string; count: number }>(
    `select q.status, count(*)::int as count from app_public.prospect_queue as q
     group by q.status order by array_position('{new,processing,enriched,scored,failed}', q.status)`,
  )
  const metrics = await client.query<{ count: number }>(
    'select count(*)::int as count from app_public.data_quality_metrics',
  )
  return {
    scrapes: scrapes.rows,
    pipelines: pipelines.rows,
    queue: Object.fromEntries(queue.rows.map(({ status, count }) => [status, count])),
    qualityMetrics: metrics.rows[0]?.count ?? 0,
  }
}

/** What scrapes and pipelines came to, as text. */
export function describeWork({ scrapes, pipelines, queue, qualityMetrics }: WorkOverview): string {
  const jobs = formatTable(
    ['scraped from', 'jobs', 'success', 'held', 'failed', 'homes', 'failed rows'],
    scrapes.map((row) => [
      row.source,
      ...[row.jobs, row.success, row.held, row.failed, row.items_scraped, row.items_failed].map(formatNumber),
    ]),
  )
  const runs = formatTable(
    ['pipeline', 'runs', 'succeeded', 'failed', 'tasks', 'failed tasks'],
    pipelines.map((row) => [
      row.pipeline,
      ...[row.runs, row.succeeded, row.failed, row.tasks, row.tasks_failed].map(formatNumber),
    ]),
  )
  const statuses = Object.entries(queue).map(([status, count]) => `${formatNumber(count)} ${status}`)
  return [
    jobs,
    runs,
    `staged homes: ${statuses.join(', ')}; ${formatNumber(qualityMetrics)} measurements of quality\n` +
      'more: npx parcelle pipeline status, npx parcelle sessions list',
  ].join('\n\n')
}
