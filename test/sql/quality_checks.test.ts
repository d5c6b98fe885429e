import t from 'tap'
import { database } from '../lib/database.ts'
import { asRole } from '../lib/role.ts'
import { homes, makeSource, report } from '../lib/sessions.ts'

type Check = { source: string; metric: string; value: string | null; outcome: string }

t.test('what reaches a limit keeps it, what passes it does not', async (t) => {
  const db = await database(t)
  const rows = await db.query<{ outcome: string }>(
    `select app_private.metric_outcome(value, is_upper, warn, fail) as outcome
     from (values
       (0.02, true, 0.02, 0.10), (0.021, true, 0.02, 0.10), (0.10, true, 0.02, 0.10), (0.11, true, 0.02, 0.10),
       (0.9, false, 0.9, 0.5), (0.7, false, 0.9, 0.5), (0.49, false, 0.9, 0.5), (null, true, 0.02, 0.10)
     ) as v (value, is_upper, warn, fail)`,
  )
  t.same(
    rows.map(({ outcome }) => outcome),
    ['passed', 'warned', 'warned', 'failed', 'passed', 'warned', 'failed', 'not_applicable'],
  )
})

t.test('every applied session leaves measures, every check appends more', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  const { session_id } = await report(db, source, homes(1, 60))
  const count = async () => {
    const [row] = await db.query<{ n: number }>(
      `select count(*)::integer as n from app_public.data_quality_metrics
       where session_id = $1 and metric = 'error_rate'`,
      [session_id],
    )
    return row?.n
  }
  t.equal(await count(), 1)
  const checks = await db.query<Check>('select * from app_public.run_quality_checks($1)', [session_id])
  t.equal(checks.length, 7)
  t.match(
    checks.find(({ metric }) => metric === 'error_rate'),
    { source: 'portal', value: '0.000000', outcome: 'passed' },
  )
  t.equal(await count(), 2)
  const fields = await db.query<{ value: string }>(
    `select value from app_public.data_quality_metrics
     where session_id = $1 and metric = 'field_completeness' and field_name = 'price' order by id limit 1`,
    [session_id],
  )
  t.same(fields, [{ value: '1.000000' }])
})

t.test('without a session the last completed one of every source is measured', async (t) => {
  const db = await database(t)
  await makeSource(db, 'one')
  await makeSource(db, 'two')
  await makeSource(db, 'never')
  await report(db, 'one', homes(1, 30))
  await report(db, 'two', homes(1, 30))
  await db.query(
    `update app_public.scrape_sessions as s set finished_at = now() - interval '9 days'
     from app_public.sources as o where o.id = s.source_id and o.code = 'two'`,
  )
  const late = await db.query<Check>(
    `select source, outcome from app_public.run_quality_checks() where metric = 'freshness_hours' order by source`,
  )
  t.same(late, [
    { source: 'one', outcome: 'passed' },
    { source: 'two', outcome: 'failed' },
  ])
})

t.test('a session of few rows is not judged by shares of them', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  const { session_id } = await report(db, source, homes(1, 5))
  const checks = await db.query<Check>('select * from app_public.run_quality_checks($1)', [session_id])
  const outcome = (metric: string) => checks.find((check) => check.metric === metric)?.outcome
  t.equal(outcome('unreadable_rate'), 'not_applicable')
  t.equal(outcome('error_rate'), 'passed')
})

t.test("an owner's thresholds stay and are used", async (t) => {
  const db = await database(t)
  await db.query(
    `update app_public.quality_thresholds set warn_at = 0.99, fail_at = 0.98 where metric = 'completeness_rate'`,
  )
  const { session_id } = await report(db, await makeSource(db), homes(1, 60))
  const [check] = await db.query<Check>(
    `select outcome from app_public.run_quality_checks($1) where metric = 'completeness_rate'`,
    [session_id],
  )
  t.equal(check?.outcome, 'failed')
  const [metric] = await db.query(
    `select threshold::float8 as threshold, is_passed from app_public.data_quality_metrics
     where session_id = $1 and metric = 'completeness_rate' order by id desc limit 1`,
    [session_id],
  )
  t.same(metric, { threshold: 0.98, is_passed: false })
})

t.test('an analyst may check, a visitor may read what came of it', async (t) => {
  const db = await database(t)
  await report(db, await makeSource(db), homes(1, 60))
  await asRole(db, 'app_analyst', {}, async (client) => {
    t.equal((await client.query('select * from app_public.run_quality_checks()')).rows.length, 7)
  })
  await asRole(db, 'app_visitor', {}, async (client) => {
    t.ok((await client.query('select from app_public.data_quality_metrics')).rows.length > 7)
    await t.rejects(client.query('select app_public.run_quality_checks()'), { code: '42501' })
  })
})

t.test('an unknown session is refused', async (t) => {
  const db = await database(t)
  const unknown = '00000000-0000-4000-8000-000000000000'
  await t.rejects(db.query('select app_public.run_quality_checks($1)', [unknown]), { code: 'PC404' })
  await t.rejects(db.query('select app_private.record_quality_metrics($1)', [unknown]), { code: 'PC404' })
})
