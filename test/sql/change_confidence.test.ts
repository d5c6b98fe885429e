import t from 'tap'
import { database, type TestDatabase } from '../lib/database.ts'
import { asRole } from '../lib/role.ts'
import { home, homes, makeSource, report } from '../lib/sessions.ts'

type Change = { batch_id: string; ordinal: number; confidence: number; confidence_cell: number }

/** Thirty homes of forty whose price falls by about five per cent, and the records of that. */
async function fallenPrices(db: TestDatabase): Promise<Change[]> {
  const source = await makeSource(db, 'portal', { changed_share_max: 1 })
  await report(db, source, homes(1, 40))
  return nextPrices(db, source, 0.95)
}

async function nextPrices(db: TestDatabase, source: string, factor: number): Promise<Change[]> {
  const rows = homes(1, 40).map((row, i) =>
    i < 30 ? home(i + 1, { price: String(Math.round(Number(row.price) * factor)) }) : row,
  )
  const next = await report(db, source, rows)
  t.equal(next.status, 'completed')
  return db.query<Change>(
    `select batch_id, ordinal, confidence, confidence_cell from app_public.property_changes
     where session_id = $1 and field_name = 'price_eur' order by ordinal`,
    [next.session_id],
  )
}

async function tell(
  db: TestDatabase,
  changes: readonly Change[],
  isTrue: (index: number) => boolean,
): Promise<void> {
  for (const [i, { batch_id, ordinal }] of changes.entries()) {
    await db.query('select app_public.tell_change_outcome($1, $2, $3)', [batch_id, ordinal, isTrue(i)])
  }
}

async function cell(
  db: TestDatabase,
  number: number,
): Promise<{ prior: number; confidence: number; outcome_count: number }> {
  const [found] = await db.query<{ prior: number; confidence: number; outcome_count: number }>(
    'select prior, confidence, outcome_count from app_public.change_confidence_cells where cell = $1',
    [number],
  )
  return found as { prior: number; confidence: number; outcome_count: number }
}

t.test('every change that can be is of a sort there is, with its kind and field', async (t) => {
  const db = await database(t)
  const [counted] = await db.query<{ asked: number; sorts: number; wrong: string[] | null }>(
    `with asked as (
       select k.kind, f.field_name, app_private.change_confidence_cell(k.kind, f.field_name, m.step, q.score, r.share) as cell
       from unnest(enum_range(null::app_base.property_change_kind)) as k (kind)
       cross join (
         select a.attname::text from pg_attribute as a
         where a.attrelid = 'app_public.properties_live'::regclass and a.attnum > 0 union all select null
       ) as f (field_name)
       cross join unnest('{null,0,0.01,0.03,0.07,0.15,0.3,0.5,0.7,1,2.3,3,100,400,2000,20000,1e6,NaN}'::real[]) as m (step)
       cross join unnest('{null,0,0.8,0.9,0.96,1}'::real[]) as q (score)
       cross join unnest('{null,0,0.92,0.98,0.992,0.996,0.9985,1}'::real[]) as r (share)
     )
     select count(*)::integer as asked, count(distinct a.cell)::integer as sorts,
       array_agg(format('%s %s', a.kind, a.field_name)) filter (
         where v.cell is null or v.kind <> a.kind
           or v.field_name is distinct from case when a.kind = 'updated' then nullif(a.field_name, x.other) end
       ) as wrong
     from asked as a
     left join app_public.change_confidence_cells as v on v.cell = a.cell
     cross join lateral (
       -- Columns that make no change records have no sorts of their own.
       select case when v.field_name is null then a.field_name end as other
     ) as x`,
  )
  t.ok((counted?.asked ?? 0) > 100_000)
  t.same(counted?.wrong, null)
  const [held] = await db.query<{ cells: number }>(
    `select count(*)::integer as cells from app_public.change_confidence_cells as v
     where v.label is null or v.prior not between 0.005 and 0.995 or v.confidence <> v.prior`,
  )
  t.equal(held?.cells, 0, 'and says its prior at first')
  t.equal(
    (
      await db.query<{ cells: number }>(
        'select count(*)::integer as cells from app_public.change_confidence_cells',
      )
    )[0]?.cells,
    counted?.sorts,
    'no sort stands that nothing is of',
  )
})

t.test('every field that makes change records has sorts of its own', async (t) => {
  const db = await database(t)
  const missing = await db.query<{ column_name: string }>(
    `select f.column_name from app_public.rule_fields as f
     where f.staged_column is not null and f.column_name <> 'source_key'
       and not exists (
         select from app_public.change_confidence_cells as v where v.field_name = f.column_name
       )`,
  )
  t.same(missing, [])
})

t.test('a price ten times what it was is believed less than one a twentieth lower', async (t) => {
  const db = await database(t)
  const said = async (step: number): Promise<number> => {
    const [row] = await db.query<{ confidence: number }>(
      `select v.confidence from app_public.change_confidence_cells as v
       where v.cell = app_private.change_confidence_cell('updated', 'price_eur', $1::real, 1, 0.98)`,
      [step],
    )
    return row?.confidence ?? Number.NaN
  }
  t.ok((await said(0.05)) > 0.8)
  t.ok((await said(Math.log(10))) < 0.2)
  t.same(
    await db.query(
      `select app_private.change_confidence_cell('updated', 'price_eur', 0.06, 1, 0.96) as cell`,
    ),
    [{ cell: 210342 }],
  )
})

t.test('what was told moves what is said of later changes, not of earlier ones', async (t) => {
  const db = await database(t)
  const changes = await fallenPrices(db)
  t.equal(changes.length, 30)
  const sort = changes[0]?.confidence_cell ?? 0
  const { prior } = await cell(db, sort)
  for (const change of changes) t.equal(change.confidence, prior, 'a change is given what its sort says')

  await tell(db, changes, (i) => i < 15)
  await tell(db, changes.slice(0, 21), () => true)
  const [fit] = await db.query<{ outcome_count: number; brier_before: string; brier_after: string }>(
    'select * from app_public.fit_change_confidence()',
  )
  t.equal(fit?.outcome_count, 30, 'told twice is told once')
  t.ok(Number(fit?.brier_after) < Number(fit?.brier_before))
  t.same(
    await db.query(`select action, details -> 'outcome_count' as outcomes from app_public.admin_actions`),
    [{ action: 'fit_change_confidence', outcomes: 30 }],
    'and stands among the actions of operators',
  )

  const lean = (trust: number): number => (21 + 10 * trust) / 40
  const anyRow = lean(prior)
  t.ok(Math.abs((await cell(db, sort)).confidence - lean(lean(anyRow))) < 1e-5, 'leaning on those like it')
  const otherSource = sort - (sort % 10) + (((sort % 10) + 1) % 8)
  const other = await cell(db, otherSource)
  t.equal(other.outcome_count, 0)
  t.ok(
    Math.abs(other.confidence - (21 + 10 * ((21 + 10 * other.prior) / 40)) / 40) < 1e-5,
    'which move with it',
  )
  const far = await cell(db, 100_000 + (sort % 100))
  t.equal(far.confidence, far.prior, 'another kind stays')

  const kept = await db.query<{ n: number }>(
    `select count(*)::integer as n from app_public.property_changes
     where batch_id = $1 and field_name = 'price_eur' and confidence = $2::real`,
    [changes[0]?.batch_id, prior],
  )
  t.same(kept, [{ n: 30 }], 'what was said stays said')
  const before = await db.query('select * from app_public.change_confidence_cells order by cell')
  await db.query('select app_public.fit_change_confidence()')
  t.same(
    await db.query('select * from app_public.change_confidence_cells order by cell'),
    before,
    'told the same, it fits the same',
  )

  const next = await nextPrices(db, 'portal', 0.9)
  const moved = await cell(db, next[0]?.confidence_cell ?? 0)
  t.not(moved.confidence, moved.prior)
  t.equal(next[0]?.confidence, moved.confidence)

  await db.query('delete from app_public.change_outcomes')
  await db.query('select app_public.fit_change_confidence()')
  const back = await cell(db, sort)
  t.equal(back.confidence, prior, 'without outcomes it is the prior again')
})

t.test('the report sets what was said beside what came true', async (t) => {
  const db = await database(t)
  t.same(await db.query('select * from app_public.change_confidence_report()'), [], 'nothing was told')
  const changes = await fallenPrices(db)
  const said = changes[0]?.confidence ?? 0
  await tell(db, changes, (i) => i < 24)
  const bins = await db.query<Record<string, unknown>>('select * from app_public.change_confidence_report()')
  t.equal(bins.length, 2)
  const bin = Math.floor(said * 10) + 1
  t.match(bins[0], { bin_no: bin, change_count: 30, true_share: '0.8000' })
  t.match(bins[1], { bin_no: null, change_count: 30, true_share: '0.8000' })
  const brier = 0.8 * (1 - said) ** 2 + 0.2 * said ** 2
  t.ok(Math.abs(Number(bins[0]?.brier) - brier) < 1e-4)
  t.ok(Math.abs(Number(bins[0]?.difference) - (said - 0.8)) < 1e-3)
  t.same(await db.query('select * from app_public.change_confidence_report(now())'), [], 'nothing since now')
  t.equal((await db.query(`select * from app_public.change_confidence_report(source => 'portal')`)).length, 2)
  t.equal((await db.query(`select * from app_public.change_confidence_report(source => 'csv')`)).length, 0)
})

t.test('only what a session reported can be told of, by an analyst', async (t) => {
  const db = await database(t)
  const changes = await fallenPrices(db)
  const [first] = changes
  await t.rejects(db.query('select app_public.tell_change_outcome(-1, 1, true)'), { code: 'PC404' })
  await t.rejects(
    db.query('select app_public.tell_change_outcome($1, $2, null)', [first?.batch_id, first?.ordinal]),
    { code: 'PC400' },
  )
  await db.query(`update app_public.properties_live set price_eur = 1234 where source_key = 'home-3'`)
  const [manual] = await db.query<Change>(
    `select batch_id, ordinal from app_public.property_changes where session_id is null and field_name = 'price_eur'`,
  )
  await t.rejects(
    db.query('select app_public.tell_change_outcome($1, $2, true)', [manual?.batch_id, manual?.ordinal]),
    { code: 'PC422' },
  )
  const told = await asRole(db, 'app_analyst', {}, async (client) => {
    const { rows } = await client.query('select told_by from app_public.tell_change_outcome($1, $2, true)', [
      first?.batch_id,
      first?.ordinal,
    ])
    await client.query('select app_public.fit_change_confidence()')
    await client.query('select * from app_public.change_confidence_report()')
    return rows
  })
  t.equal(told.length, 1)
  for (const call of [
    'tell_change_outcome(1, 1, true)',
    'fit_change_confidence()',
    'change_confidence_report()',
  ]) {
    await t.rejects(
      asRole(db, 'app_visitor', {}, (client) => client.query(`select app_public.${call}`)),
      { code: '42501' },
      call,
    )
  }
})
