import type { Command } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'
import type pg from 'pg'
import { Failure } from '../../failure.ts'
import type { Database } from '../../postgres/house.ts'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { withClient } from '../lib/query.ts'
import { type RunState, readRuns } from './shape.ts'
import { describeRun } from './text.ts'
import { watchRuns } from './watch.ts'

type Params = Record<string, unknown>

function readValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function param(text: string, before: Params): Params {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Give it as name=value.')
  return { ...before, [text.slice(0, at)]: readValue(text.slice(at + 1)) }
}

function each(text: string, before: Record<string, unknown[]>): Record<string, unknown[]> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Give it as name=value,value.')
  return {
    ...before,
    [text.slice(0, at)]: text
      .slice(at + 1)
      .split(',')
      .map(readValue),
  }
}

/** Every combination of the values, each with what is the same for all. */
export function combine(same: Params, varying: Record<string, unknown[]>): Params[] {
  return Object.entries(varying).reduce<Params[]>(
    (all, [name, values]) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [same],
  )
}

/**
 * Waits for runs, showing them live; works off the queue meanwhile where nobody else does. Throws a Failure when one did
 * not succeed, after telling how they ended.
 */
export async function waitForRun(
  house: CliHouse,
  db: Database,
  client: pg.ClientBase,
  run: number,
): Promise<RunState> {
  const { rows } = await client.query(
    `select from app_private.worker_heartbeats as h where h.seen_at > now() - interval '1 minute' limit 1`,
  )
  const { startWorker } = await import('../../../tasks/worker.ts')
  const worker = rows.length > 0 ? null : await startWorker({ config: house.config, log: house.log, db })
  try {
    const [state] = await watchRuns(house, client, String(run))
    if (state === undefined) throw new Failure(`run ${run} is gone`)
    return state
  } finally {
    await worker?.close()
  }
}

/** Tells how a run ended; one that did not succeed ends the command with 1. */
export function tellRun(house: CliHouse, run: RunState): void {
  house.out.result(run, () => describeRun(run))
  if (run.status === 'failed' || run.status === 'cancelled') process.exitCode = 1
}

/** Adds `parcelle pipeline run` and `backfill`. */
export function registerRun(pipeline: Command, house: CliHouse): void {
  const run = pipeline
    .command('run')
    .description('begin a run; workers do it (parcelle work, or any parcelle serve)')
    .argument('<name>', 'the pipeline')
    .option('--param <name=value>', 'a parameter, as JSON or text; as often as needed', param, {} as Params)
    .option('--from-stage <stage>', 'begin with this stage')
    .option('--to-stage <stage>', 'end with this stage')
    .option('--wait', 'show it live until it has ended; where no worker runs, this process works', false)
    .action(async (name, options) => {
      await withClient(house, async (client) => {
        const { rows } = await client.query<{ id: number }>(
          'select id from app_public.trigger_pipeline($1, $2, $3, $4)',
          [name, JSON.stringify(options.param), options.fromStage ?? null, options.toStage ?? null],
        )
        const id = rows[0]?.id as number
        if (options.wait) {
          tellRun(house, await house.database((db) => waitForRun(house, db, client, id), { deployed: false }))
          return
        }
        const [state] = await readRuns(client, String(id))
        house.out.result(
          state,
          () => `run ${id} has begun; follow it with: parcelle pipeline status ${id} --watch`,
        )
      })
    })
  addExamples(run, [
    ['parcelle pipeline run daily_sync --wait', 'sync what waits, and see it done'],
    ['parcelle pipeline run scrape_listings --param source=my-portal --param city=Nantes', 'scrape a city'],
    ['parcelle pipeline run dvf_update --from-stage statistics', 'only the last stages'],
  ])

  const backfill = pipeline
    .command('backfill')
    .description('begin a run for every combination of values; runs of one key follow each other')
    .argument('<name>', 'the pipeline')
    .requiredOption(
      '--each <name=value,value>',
      'a parameter and its values',
      each,
      {} as Record<string, unknown[]>,
    )
    .option('--param <name=value>', 'a parameter of all runs', param, {} as Params)
    .action(async (name, options) => {
      const list = combine(options.param, options.each).map((params) => JSON.stringify(params))
      await withClient(house, async (client) => {
        const { rows } = await client.query<{ id: number; status: string; params: Params }>(
          'select id, status, params from app_public.backfill_pipeline($1, $2::jsonb[])',
          [name, list],
        )
        house.out.result(rows, () =>
          rows.map((row) => `run ${row.id}: ${row.status} ${JSON.stringify(row.params)}`).join('\n'),
        )
      })
    })
  addExamples(backfill, [
    ['parcelle pipeline backfill docgen_packet --each property_id=81,82,83', 'three runs side by side'],
    ['parcelle pipeline backfill city_refresh --each department=44,35', 'one after the other'],
  ])
}
