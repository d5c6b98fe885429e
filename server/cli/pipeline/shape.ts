import type pg from 'pg'
import { Failure } from '../../failure.ts'

/** A stage of a run, with its tasks at work (at most ten, the oldest first). */
export type StageState = {
  stage: string
  status: string
  task_count: number
  done_count: number
  failed_count: number
  item_count: number
  failed_item_count: number
  seconds: number | null
  running: { task: number; item: string; seconds: number; attempt: number; worker: string | null }[]
}

/** A run with its stages, as the commands show it. */
export type RunState = {
  id: number
  pipeline: string
  status: string
  params: Record<string, unknown>
  run_key: string | null
  error: string | null
  paused_at: string | null
  cancel_requested_at: string | null
  queued_at: string
  started_at: string | null
  finished_at: string | null
  seconds: number | null
  stages: StageState[]
}

const runsQuery = `
select r.id, r.pipeline, r.status, r.params, r.run_key, r.error, r.paused_at, r.cancel_requested_at, r.queued_at,
  r.started_at, r.finished_at,
  round(extract(epoch from coalesce(r.finished_at, now()) - r.started_at)::numeric, 1)::float as seconds,
  (
    select coalesce(jsonb_agg(jsonb_build_object(
      'stage', s.stage, 'status', s.status, 'task_count', s.task_count, 'done_count', s.task_count - s.open_count,
      'failed_count', s.failed_count, 'item_count', s.item_count, 'failed_item_count', s.failed_item_count,
      'seconds', round(extract(epoch from coalesce(s.finished_at, now()) - s.started_at)::numeric, 1),
      'running', case when s.status <> 'running' then '[]' else (
        select coalesce(jsonb_agg(jsonb_build_object('task', t.id, 'item', t.item_key, 'attempt', t.attempt_count,
          'worker', t.worker_id, 'seconds', round(extract(epoch from now() - t.started_at)::numeric, 1))
          order by t.started_at), '[]')
        from (
          select t.* from app_public.pipeline_tasks as t
          where t.run_id = s.run_id and t.stage_no = s.stage_no and t.status = 'running'
          order by t.started_at
          limit 10
        ) as t
      ) end
    ) order by s.stage_no), '[]')
    from app_public.pipeline_run_stages as s
    where s.run_id = r.id
  ) as stages
from app_public.pipeline_runs as r`

/** The runs that a question means: a run's number, a pipeline's newest runs, or those at work and the last that ended. */
export async function readRuns(client: pg.ClientBase, target?: string, limit = 10): Promise<RunState[]> {
  if (target === undefined) {
    const { rows } = await client.query<RunState>(
      `${runsQuery} where r.status in ('queued', 'running') or r.id in (
         select n.id from app_public.pipeline_runs as n order by n.id desc limit $1
       ) order by r.id desc`,
      [limit],
    )
    return rows
  }
  if (/^\d{1,9}$/.test(target)) {
    const { rows } = await client.query<RunState>(`${runsQuery} where r.id = $1`, [Number(target)])
    if (rows.length === 0) {
      throw new Failure(`run ${target} does not exist`, {
        hint: 'List the runs with: parcelle pipeline status',
      })
    }
    return rows
  }
  const known = await client.query('select from app_public.pipelines as p where p.name = $1', [target])
  if (known.rowCount === 0) {
    throw new Failure(`pipeline ${target} does not exist`, { hint: 'List them with: parcelle pipeline list' })
  }
  const { rows } = await client.query<RunState>(
    `${runsQuery} where r.pipeline = $1 order by r.id desc limit $2`,
    [target, limit],
  )
  return rows
}

/** Whether a run has ended. */
export const isOver = ({ status }: Pick<RunState, 'status'>): boolean =>
  ['succeeded', 'failed', 'cancelled'].includes(status)
