import t from 'tap'
import { database } from '../lib/database.ts'
import { home, homes, makeSource, report, stage } from '../lib/sessions.ts'

type Figures = { session_count: number; completed_count: number; held_count: number; success_rate: number }
type Dashboard = {
  totals: Figures & { staged_count: number; new_count: number }
  by_day: (Figures & { day: string })[]
  by_source: (Figures & { source: string; hours_since: number })[]
  held: { source: string; reasons: { reason: string }[] }[]
  failing: { source: string; metric: string }[]
}

t.test('the dashboard counts sessions by day, by source and by outcome', async (t) => {
  const db = await database(t)
  await makeSource(db, 'one')
  await makeSource(db, 'two')
  const early = await report(db, 'one', homes(1, 60))
  await db.query(
    `update app_public.scrape_sessions set applied_at = applied_at - interval '2 days',
       finished_at = finished_at - interval '2 days' where id = $1`,
    [early.session_id],
  )
  await report(db, 'one', homes(1, 61))
  t.equal((await report(db, 'one', homes(1, 20))).status, 'held')
  await report(db, 'two', homes(1, 30))
  await stage(db, 'two', [home(99)])
  const [row] = await db.query<{ data: Dashboard }>('select app_public.get_sync_dashboard_data(3) as data')
  const data = row?.data as Dashboard
  t.match(data.totals, {
    session_count: 5,
    completed_count: 3,
    held_count: 1,
    success_rate: 0.75,
    new_count: 91,
  })
  t.same(
    data.by_day.map(({ session_count }) => session_count),
    [1, 0, 4],
  )
  t.match(data.by_source, [
    { source: 'one', session_count: 3, completed_count: 2, success_rate: 0.6667 },
    { source: 'two', session_count: 2, completed_count: 1, success_rate: 1 },
  ])
  t.match(data.held, [{ source: 'one', reasons: [{ reason: 'many_gone' }] }])
})

t.test('a measure that failed last shows until it is measured well', async (t) => {
  const db = await database(t)
  await makeSource(db, 'one')
  const failing = async () => {
    const [row] = await db.query<{ data: Dashboard }>('select app_public.get_sync_dashboard_data(1) as data')
    return row?.data.failing.map(({ metric }) => metric)
  }
  await report(db, 'one', [...homes(1, 60), ...homes(1, 60)])
  t.same(await failing(), ['duplicate_rate'])
  await report(db, 'one', homes(1, 60))
  t.same(await failing(), [])
})

t.test('an empty dashboard is one, and days have limits', async (t) => {
  const db = await database(t)
  const [row] = await db.query<{ data: Dashboard }>('select app_public.get_sync_dashboard_data() as data')
  t.equal(row?.data.totals.session_count, 0)
  t.equal(row?.data.by_day.length, 7)
  for (const days of [0, 367, null]) {
    await t.rejects(db.query('select app_public.get_sync_dashboard_data($1)', [days]), { code: 'PC400' })
  }
})

t.test('the metrics of a sync are its counts and durations', async (t) => {
  const db = await database(t)
  await makeSource(db, 'one')
  const { session_id } = await report(db, 'one', homes(1, 60))
  const [metrics] = await db.query<{ durations_ms: Record<string, number>; total_ms: string }>(
    'select * from app_public.get_sync_metrics($1)',
    [session_id],
  )
  t.match(metrics, {
    source: 'one',
    status: 'completed',
    staged_count: 60,
    new_count: 60,
    unchanged_count: 0,
  })
  const sum = Object.values(metrics?.durations_ms ?? {}).reduce((a, b) => a + b, 0)
  t.ok(sum > 0 && Math.abs(sum - Number(metrics?.total_ms)) < 1)
  const waiting = await stage(db, 'one', [home(1)])
  const [none] = await db.query('select staged_count, status from app_public.get_sync_metrics($1)', [waiting])
  t.same(none, { staged_count: null, status: 'queued' })
  await t.rejects(db.query(`select app_public.get_sync_metrics('00000000-0000-4000-8000-000000000000')`), {
    code: 'PC404',
  })
})
