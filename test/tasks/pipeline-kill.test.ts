import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { between, randomFrom } from '../../seeds/world/random.ts'
import { startPortal } from '../../seeds/world/sites/portal.ts'
import { portalSettings } from '../../seeds/world/sites/settings.ts'
import { long } from '../lib/long.ts'
import { kill, withKillHouse } from './kill-lib.ts'
import { type Asking, addLocalSource, until } from './sites-lib.ts'

// A worker and PostgreSQL are killed at random moments of two runs at once: one that scrapes, syncs and measures, and
// one that fans out over many homes. Both must go on within half a minute and end as undisturbed ones do.

const kills = long ? 15 : 1
const random = randomFrom('pipeline-kill')
const packets = 100

type Run = { id: number }

async function trigger(db: Asking, pipeline: string, params: Record<string, unknown>): Promise<number> {
  const [run] = await db.query<Run>('select id from app_public.trigger_pipeline($1, $2)', [
    pipeline,
    JSON.stringify(params),
  ])
  return (run as Run).id
}

/** When a run last ended a task. */
async function lastEnd(db: Asking, runs: readonly number[]): Promise<number> {
  const [row] = await db.query<{ at: Date | null }>(
    'select max(t.finished_at) as at from app_public.pipeline_tasks as t where t.run_id = any ($1)',
    [runs],
  )
  return row?.at?.getTime() ?? 0
}

/** What stands in the way of runs: their open tasks and stages, every job with who holds it, who is alive. */
async function whatIsOpen(db: Asking, runs: readonly number[]): Promise<unknown> {
  return {
    now: await db.query('select now()'),
    stages: await db.query(
      `select * from app_public.pipeline_run_stages as s where s.run_id = any ($1) and s.status <> 'succeeded'`,
      [runs],
    ),
    tasks: await db.query(
      `select t.*, null as params from app_public.pipeline_tasks as t
       where t.run_id = any ($1) and t.status in ('waiting', 'running') limit 10`,
      [runs],
    ),
    jobs: await db.query(
      `select j.*, q.locked_by as queue_locked_by, q.locked_at as queue_locked_at
       from graphile_worker._private_jobs as j
       left join graphile_worker._private_job_queues as q on q.id = j.job_queue_id order by j.id limit 10`,
    ),
    beats: await db.query('select * from app_private.worker_heartbeats'),
  }
}

/** What runs left behind: everything but ids, instants and what failed on the way. */
async function remains(db: Asking, code: string, runs: readonly number[]): Promise<Record<string, unknown>> {
  return {
    runs: await db.query(
      `select r.pipeline, r.status, r.error from app_public.pipeline_runs as r where r.id = any ($1) order by r.id`,
      [runs],
    ),
    stages: await db.query(
      `select r.pipeline, s.stage, s.status, s.task_count, s.open_count, s.failed_count, s.item_count::int
       from app_public.pipeline_run_stages as s join app_public.pipeline_runs as r on r.id = s.run_id
       where s.run_id = any ($1) order by s.run_id, s.stage_no`,
      [runs],
    ),
    tasks: await db.query(
      `select t.stage_no, t.status, count(*)::int as tasks, count(distinct t.params)::int as items,
         count(*) filter (where t.result is null)::int as without_result
       from app_public.pipeline_tasks as t where t.run_id = any ($1)
       group by t.run_id, 1, 2 order by t.run_id, 1, 2`,
      [runs],
    ),
    staged: await db.query(
      `select count(*)::int as rows, count(distinct s.source_key)::int as homes,
         md5(string_agg((to_jsonb(s) - '{id,bucket,session_id,scraped_at}'::text[])::text, ' ' order by s.source_key)) as digest
       from app_public.property_scrapes_staging as s
       join app_public.scrape_sessions as n on n.id = s.session_id
       join app_public.sources as o on o.id = n.source_id where o.code = $1`,
      [code],
    ),
    sessions: await db.query(
      `select n.status, n.is_complete, n.staged_count from app_public.scrape_sessions as n
       join app_public.sources as o on o.id = n.source_id where o.code = $1`,
      [code],
    ),
    live: await db.query(
      `select l.source_key, l.status, l.address, l.insee_code, l.price_eur, l.surface_m2
       from app_public.properties_live as l join app_public.sources as s on s.id = l.source_id
       where s.code = $1 order by l.source_key`,
      [code],
    ),
  }
}

t.test(
  'runs killed at any moment go on and end as if nothing had been',
  { timeout: 3_600_000 },
  async (t) => {
    const portal = await startPortal({ seed: 'runs', homes: 200 })
    t.teardown(() => portal.close())
    const city = portal.truth().cities[0]?.inseeCode
    await withKillHouse(t, {}, async ({ db, man, workers, killPostgres }) => {
      const openRuns = async (runs: readonly number[]): Promise<number> => {
        const open = await db.query(
          `select from app_public.pipeline_runs as r where r.id = any ($1) and r.status in ('queued', 'running')`,
          [runs],
        )
        return open.length
      }
      let trials = 0
      const trial = async (strike?: () => boolean, after = 0) => {
        await man()
        const code = `portal-${++trials}`
        const config = portalSettings({ requests_per_second: 50 })
        await addLocalSource(db, { code, kind: 'portal', url: portal.url, config })
        const homes = await db.query<{ id: string }>(
          'select l.id from app_public.properties_live as l order by l.id limit $1',
          [packets],
        )
        portal.forgetRequests()
        const runs = [
          await trigger(db, 'scrape_listings', { source: code, insee_code: city }),
          await trigger(db, 'docgen_packet', { property_ids: homes.map(({ id }) => Number(id)) }),
        ]
        let killedAt: number | null = null
        if (strike !== undefined) {
          await until('requests to disturb', 60, () => (portal.requests().length >= after ? true : undefined))
          await sleep(between(random, 0, 150))
          killedAt = Date.now()
          if (!strike()) t.fail('there was nobody to kill')
        }
        const resumed = killedAt === null ? null : await resumption(runs, killedAt)
        await until('the end of both runs', 120, async () =>
          (await openRuns(runs)) === 0 ? true : undefined,
        )
        return { left: await remains(db, code, runs), resumed, requests: portal.requests().length }
      }
      // A run goes on when the site is asked again, or another task has ended; there may have been nothing left to do.
      const resumption = (runs: readonly number[], killedAt: number): Promise<number> =>
        until('the runs go on', 60, async () => {
          const asked = portal.requests().find(({ at }) => at > killedAt + 300)?.at
          const ended = await lastEnd(db, runs)
          const at = asked ?? (ended > killedAt + 300 ? ended : undefined)
          if (at !== undefined) return at - killedAt
          return (await openRuns(runs)) === 0 ? 0 : undefined
        }).catch(async (error: unknown) => {
          t.comment(JSON.stringify(await whatIsOpen(db, runs)))
          for (const worker of workers())
            t.comment(
              worker.child.pid,
              worker.child.exitCode,
              worker.child.signalCode,
              worker.said().slice(-4000),
            )
          throw error
        })

      // The first one also makes the homes of which packets are gathered.
      const [, undisturbed] = [await trial(), await trial()]
      t.match(undisturbed.left.runs, [{ status: 'succeeded' }, { status: 'succeeded' }])
      const victims = [
        ['a worker', () => kill(workers()[between(random, 0, 1)]?.child.pid ?? 0)],
        ['PostgreSQL', killPostgres],
      ] as const
      for (const [victim, strike] of victims) {
        for (let n = 1; n <= kills; n++) {
          const after = between(random, 2, undisturbed.requests)
          const { left, resumed } = await trial(strike, after)
          t.same(
            left,
            undisturbed.left,
            `kill ${n} of ${victim} after ${after} of ${undisturbed.requests} requests`,
          )
          t.ok(resumed !== null && resumed < 30_000, `it went on after ${resumed} ms`)
        }
      }
    })
  },
)
