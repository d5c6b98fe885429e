import type { Command } from '@commander-js/extra-typings'
import type { QueryResultRow } from 'pg'
import { Failure } from '../../failure.ts'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatTable } from '../lib/output.ts'
import { withClient } from '../lib/query.ts'
import { readRuns } from './shape.ts'
import { describeRun, describeRuns, formatAge } from './text.ts'
import { watchRuns } from './watch.ts'

type Overview = {
  name: string
  description: string
  is_enabled: boolean
  paused_at: Date | null
  running_count: number
  queued_count: number
  succeeded_count: number
  failed_count: number
  last_run_id: number | null
  last_status: string | null
  median_seconds: string | null
}

type Stage = {
  stage: string
  description: string
  does: string
  depends_on: string[]
  tries_at_most: number
  timeout: string
  concurrency_group: string | null
}

type Entry = {
  task: number
  stage: string
  item: string
  attempt: string
  outcome: string
  started_at: Date | null
  seconds: number | null
  error: string | null
  result: unknown
}

const logsQuery = `
select t.id::integer as task, s.stage, t.item_key as item, a.outcome::text, a.started_at, a.error, null::jsonb as result,
  extract(epoch from a.finished_at - a.started_at)::float as seconds, a.finished_at, a.token
from app_public.pipeline_attempts as a
join app_public.pipeline_tasks as t on t.id = a.task_id
join app_public.pipeline_run_stages as s on s.run_id = t.run_id and s.stage_no = t.stage_no
where a.run_id = $1 and (t.token <> a.token or t.status in ('waiting', 'failed', 'cancelled'))
union all
select t.id::integer, s.stage, t.item_key, t.status::text, t.started_at,
  null, t.result, extract(epoch from coalesce(t.finished_at, now()) - t.started_at)::float, t.finished_at, t.token
from app_public.pipeline_tasks as t
join app_public.pipeline_run_stages as s on s.run_id = t.run_id and s.stage_no = t.stage_no
where t.run_id = $1 and t.status in ('running', 'succeeded')
order by started_at, task, token
limit $2`

/** Adds `parcelle pipeline list`, `show`, `status` and `logs`. */
export function registerLook(pipeline: Command, house: CliHouse): void {
  const ask = async <Row extends QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await withClient(house, (client) => client.query<Row>(text, values))).rows

  const list = pipeline
    .command('list')
    .description('every pipeline: what it does, what is at work, how it went in the last 30 days')
    .action(async () => {
      const rows = await ask<Overview>('select * from app_public.pipelines_overview order by name')
      house.out.result(rows, () =>
        formatTable(
          ['pipeline', 'last run', 'state', 'at work', 'succeeded', 'failed', 'usually', 'what it does'],
          rows.map((row) => [
            ...[row.name, row.last_run_id, lastState(row), row.running_count + row.queued_count],
            ...[row.succeeded_count, row.failed_count],
            ...[row.median_seconds === null ? '' : formatAge(Number(row.median_seconds)), row.description],
          ]),
        ),
      )
    })
  addExamples(list, [['parcelle pipeline list', 'what there is']])

  const show = pipeline
    .command('show')
    .description('the stages of a pipeline')
    .argument('<name>', 'the pipeline')
    .action(async (name) => {
      const rows = await ask<Stage>(
        `select stage, description, coalesce(sql_function, task) as does, depends_on, tries_at_most, timeout::text,
           concurrency_group
         from app_public.pipeline_stages where pipeline = $1 order by stage_no`,
        [name],
      )
      if (rows.length === 0) {
        const hint = 'List them with: parcelle pipeline list'
        throw new Failure(`pipeline ${name} does not exist`, { hint })
      }
      house.out.result(rows, () =>
        formatTable(
          ['stage', 'after', 'done by', 'tries', 'within', 'group', 'what it does'],
          rows.map((row) => [
            ...[row.stage, row.depends_on.join(', '), row.does, row.tries_at_most, row.timeout],
            ...[row.concurrency_group, row.description],
          ]),
        ),
      )
    })
  addExamples(show, [['parcelle pipeline show dvf_update', 'its stages']])

  const status = pipeline
    .command('status')
    .description('runs: the newest, those of a pipeline, or one with its stages')
    .argument('[target]', 'a run by its number, or a pipeline')
    .option('--watch', 'show it live: until the run has ended, or until ctrl-C', false)
    .action(async (target, options) => {
      await withClient(house, async (client) => {
        const runs = options.watch ? await watchRuns(house, client, target) : await readRuns(client, target)
        const [first] = runs
        house.out.result(runs, () =>
          first !== undefined && /^\d+$/.test(target ?? '') ? describeRun(first) : describeRuns(runs),
        )
      })
    })
  addExamples(status, [
    ['parcelle pipeline status', 'the newest runs'],
    ['parcelle pipeline status --watch', 'what is at work, live'],
    ['parcelle pipeline status 12 --watch', 'one run until its end'],
  ])

  const logs = pipeline
    .command('logs')
    .description('every attempt of a run: when, how long, how it ended, what it said')
    .argument('<run>', 'the number of the run')
    .option('--limit <n>', 'at most so many', '1000')
    .action(async (run, options) => {
      const rows = await withClient(house, async (client) => {
        const [state] = await readRuns(client, run)
        return (await client.query<Entry>(logsQuery, [state?.id, Number(options.limit)])).rows
      })
      house.out.result(rows, () =>
        rows.length === 0 ? 'nothing was begun' : rows.map(describeEntry).join('\n'),
      )
    })
  addExamples(logs, [['parcelle pipeline logs 12', 'why it failed']])
}

function lastState(row: Overview): string {
  if (!row.is_enabled) return 'disabled'
  if (row.paused_at !== null) return 'paused'
  return row.last_status ?? 'never run'
}

function describeEntry(entry: Entry): string {
  const at = entry.started_at?.toISOString().slice(0, 19).replace('T', ' ') ?? 'not begun'
  const name = entry.item === '' ? entry.stage : `${entry.stage} ${entry.item}`
  const said = entry.error ?? (entry.result === null ? '' : JSON.stringify(entry.result).slice(0, 200))
  return `${at}  ${name}: ${entry.outcome}, ${formatAge(entry.seconds)}${said === '' ? '' : `: ${said}`}`
}
