import { setTimeout as sleep } from 'node:timers/promises'
import { Logger, run } from 'graphile-worker'
import pg from 'pg'
import pino from 'pino'
import { z } from 'zod'
import { parseConfig } from '../../server/config.ts'
import { defineTask } from '../../tasks/lib/defineTask.ts'
import { batching, startWorker } from '../../tasks/worker.ts'
import { type BenchContext, withFreshDatabase } from './imports.ts'
import { type Finding, findingOf, median, rounded, seconds } from './measure.ts'

/** The benches of pipelines. */
export const jobBenches = ['jobs', 'fanout'] as const

const count = 10_000
const concurrency = 10
const rounds = 7
const silent = pino({ level: 'silent' })

const small = defineTask({
  name: 'small',
  payload: z.object({ n: z.int() }),
  run: async ({ n }) => ({ result: { n }, itemCount: 1 }),
})

/** Whether a fan-out was joined exactly once, and what the whole of it took beside the bare queue. */
export type FanoutFinding = {
  bench: 'fanout'
  case: string
  /** Items done exactly once of all items, in the worst round. */
  value: number
  bar: 1
  must_be: 'at least'
  rows: number
  ours_s: number
  floor_s: number
}

/**
 * What our wrapper costs: 10 000 small tasks, each with its row of history, against as many jobs of graphile-worker
 * bare, in turns, ten at a time on both sides and fetched and completed alike.
 *
 * `jobs` counts from the start of the worker, with everything in the queue, until the last job is done; `fanout` from the
 * trigger to the end of the run: ten thousand items made, done and joined. Throws where there is no whole answer.
 */
export async function benchJobs(
  wanted: ReadonlySet<string>,
  context: BenchContext,
): Promise<(Finding | FanoutFinding)[]> {
  return withFreshDatabase(context, 'bench_jobs', async (url) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    try {
      await makePipeline(client)
      const times = {
        ours: [] as number[],
        floor: [] as number[],
        whole: [] as number[],
        bareWhole: [] as number[],
      }
      const exact: number[] = []
      for (let round = 0; round < rounds; round++) {
        context.signal.throwIfAborted()
        const bare = await runBare(client, url)
        const ours = await runOurs(client, url, 'items')
        const joined = await runOurs(client, url, 'join')
        context.say(`jobs: round ${round + 1}: ours ${rounded(ours.drain)} s, bare ${rounded(bare.drain)} s`)
        exact.push(ours.exact, joined.exact)
        times.ours.push(ours.drain)
        times.floor.push(bare.drain)
        times.whole.push(joined.whole)
        times.bareWhole.push(bare.whole)
      }
      const findings: (Finding | FanoutFinding)[] = []
      if (wanted.has('jobs')) findings.push(findingOf('jobs', 1.67, count, times))
      if (wanted.has('fanout')) {
        findings.push({
          bench: 'fanout',
          case: 'items done and joined exactly once',
          value: Math.min(...exact),
          bar: 1,
          must_be: 'at least',
          rows: count,
          ours_s: rounded(median(times.whole)),
          floor_s: rounded(median(times.bareWhole)),
        })
      }
      return findings
    } finally {
      await client.end().catch(() => {})
    }
  })
}

async function makePipeline(client: pg.Client): Promise<void> {
  await client.query(`
    create function app_private.bench_items(run integer) returns setof app_private.stage_item language sql as $f$
      select n::text, jsonb_build_object('n', n), null::integer from generate_series(1, ${count}) as n
    $f$;
    create function app_private.bench_join(run integer, params jsonb) returns jsonb language plpgsql as $f$
      begin
        return (
          select jsonb_build_object('sum', sum((t.result ->> 'n')::integer)) from app_public.pipeline_tasks as t
          where t.run_id = run and t.stage_no = 1
        );
      end
    $f$;
    insert into app_public.pipelines (name, description) values ('bench', 'bench');
    insert into app_public.pipeline_stages (pipeline, stage, stage_no, description, task, sql_function, items_function,
      depends_on)
    values
      ('bench', 'items', 1, 'items', 'small', null, 'bench_items', '{}'),
      ('bench', 'join', 2, 'join', 'run_sql_stage', 'bench_join', null, '{items}')`)
}

/** Waits for something to hold, so closely that it hardly counts and so rarely that it hardly costs. */
async function poll(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20)
}

const quiet = 'vacuum analyze graphile_worker._private_jobs'

async function runBare(client: pg.Client, url: string): Promise<{ drain: number; whole: number }> {
  let drain = 0
  await client.query(quiet)
  const adding = await seconds(() =>
    client.query(
      `select from graphile_worker.add_jobs(array(
         select row('bare', json_build_object('n', n), null, null, null, null, null, null)::graphile_worker.job_spec
         from generate_series(1, ${count}) as n
       ))`,
    ),
  )
  const pool = new pg.Pool({ connectionString: url, max: concurrency + 5 })
  pool.on('error', () => {})
  pool.on('connect', (connected) => connected.on('error', () => {}))
  let done = 0
  drain = await seconds(async () => {
    const runner = await run({
      pgPool: pool,
      concurrency,
      noHandleSignals: true,
      logger: new Logger(() => () => {}),
      taskList: {
        bare: async () => {
          done++
        },
      },
      preset: { worker: batching(concurrency) },
    })
    await poll(async () => {
      if (done < count) return false
      const { rowCount } = await client.query('select from graphile_worker.jobs limit 1')
      return rowCount === 0
    })
    await runner.stop()
  })
  await pool.end()
  if (done !== count) throw new Error(`bare: ${done} jobs were done instead of ${count}`)
  return { drain, whole: adding + drain }
}

/** Runs the pipeline: its items alone, or with what joins them. */
async function runOurs(
  client: pg.Client,
  url: string,
  last: 'items' | 'join',
): Promise<{ drain: number; whole: number; exact: number }> {
  await client.query(quiet)
  let run = 0
  const adding = await seconds(async () => {
    const { rows } = await client.query<{ id: number }>(
      `select id from app_public.trigger_pipeline('bench', to_stage => $1)`,
      [last],
    )
    run = rows[0]?.id ?? 0
  })
  const config = { ...parseConfig({}), workerConcurrency: concurrency }
  const { default: sqlStage } = await import('../../tasks/run_sql_stage.ts')
  const drain = await seconds(async () => {
    const worker = await startWorker({
      config,
      log: silent,
      db: { ownerUrl: url },
      defined: [small, sqlStage],
    })
    await poll(async () => {
      const { rows } = await client.query(
        `select r.status, (select count(*) from graphile_worker.jobs) as jobs
         from app_public.pipeline_runs as r where r.id = $1 and r.status <> 'running'`,
        [run],
      )
      return rows[0]?.jobs === '0'
    })
    await worker.close()
  })
  const { rows } = await client.query<{ once: number; joined: number; sum: string }>(
    `select (count(*) filter (where t.stage_no = 1 and t.status = 'succeeded' and t.attempt_count = 1))::integer as once,
       (count(*) filter (where t.stage_no = 2))::integer as joined,
       max(t.result ->> 'sum') filter (where t.stage_no = 2) as sum
     from app_public.pipeline_tasks as t where t.run_id = $1`,
    [run],
  )
  const found = rows[0]
  if (found === undefined || (last === 'join' && Number(found.sum) !== (count * (count + 1)) / 2)) {
    throw new Error(`what was joined is not all: ${JSON.stringify(found)}`)
  }
  const joined = last === 'join' ? 1 : 0
  return { drain, whole: adding + drain, exact: found.joined === joined ? found.once / count : 0 }
}
