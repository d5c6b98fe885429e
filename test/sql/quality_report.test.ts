import t from 'tap'
import { reportShape } from '../../server/cli/quality/shape.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { home, homes, makeSource, report, type StagedRow, stage } from '../lib/sessions.ts'

/** The quality report of a session, checked against its shape. */
async function reportOf(db: TestDatabase, session: string) {
  const [row] = await db.query<{ report: unknown }>(
    'select app_public.generate_quality_report($1) as report',
    [session],
  )
  return reportShape.parse(row?.report)
}

t.test('a sound session passes every threshold', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  const { session_id } = await report(db, source, homes(1, 60))
  const found = await reportOf(db, session_id)
  t.equal(found.counts.staged_count, 60)
  t.equal(found.counts.brought_count, 60)
  t.match(found.session, { source: 'portal', status: 'completed', held_reasons: null })
  t.same(
    found.thresholds.filter(({ metric }) => metric !== 'completeness_rate').map(({ outcome }) => outcome),
    Array(6).fill('passed'),
  )
  const price = found.fields.find(({ field }) => field === 'price')
  t.match(price, { said_share: 1, read_share: 1, unreadable_count: 0, earlier_share: null })
  t.match(found.geography, { commune_count: 3, department_count: 3, unresolved_count: 0 })
  t.equal(found.geography.departments.length, 3)
  t.match(found.duplicates, { repeated_key_count: 0, candidate_count: 0 })
  t.equal(found.trend.length, 1)
  t.equal(found.trend[0]?.measures?.error_rate, 0)
})

t.test('glued prices are found, with their cause and what to do', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 60))
  const rows = homes(1, 60).map((row, i) =>
    i % 3 === 0 ? { ...row, price: `${row.price} € / 8 129 € / m2 au lieu de ${row.price} €` } : row,
  )
  const session = await stage(db, source, rows)
  await db.query('select app_public.validate_staging_data($1)', [session])
  const found = await reportOf(db, session)
  const price = found.fields.find(({ field }) => field === 'price')
  t.equal(price?.unreadable_count, 20)
  t.equal(price?.earlier_share, 1)
  const about = found.recommendations.find(
    ({ field, finding }) => field === 'price' && /unreadable/.test(finding),
  )
  t.match(about, {
    priority: 1,
    finding: /^price unreadable in 100 % of the rows brought \(20\), all with two amounts, as “.* €”$/,
    likely_cause: /glues two amounts/,
    next_step: /take the first amount/,
  })
  t.equal(found.verdict, 'failed')
})

t.test('a field that has become empty is told from one that always was', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 60))
  const session = await stage(
    db,
    source,
    homes(1, 60).map((row): StagedRow => ({ ...row, surface: null })),
  )
  await db.query('select app_public.validate_staging_data($1)', [session])
  const found = await reportOf(db, session)
  const about = found.recommendations.filter(({ finding }) =>
    / in 0 % of the rows brought, in 100 % before/.test(finding),
  )
  t.same(
    about.map(({ field, priority }) => ({ field, priority })),
    [{ field: 'surface', priority: 1 }],
    'and no word about floors, which nobody ever said',
  )
})

t.test('a held session is reported on, with its reasons first', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 60))
  const held = await report(db, source, homes(1, 20))
  t.equal(held.status, 'held')
  const found = await reportOf(db, held.session_id)
  t.equal(found.session.status, 'held')
  t.equal(found.verdict, 'failed')
  t.match(found.recommendations[0], {
    priority: 1,
    finding: /^the session is held: 40 of 60 homes are missing/,
    next_step: /parcelle held accept/,
  })
  t.equal(found.trend.length, 2, 'the held one stands beside the one before')
})

t.test('places that cannot be told are named', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  const rows = homes(1, 60).map((row, i) =>
    i < 10 ? { ...row, city: 'Saint-Denis', postal_code: null, insee_code: null } : row,
  )
  const { session_id } = await report(db, source, rows)
  const { geography, recommendations } = await reportOf(db, session_id)
  t.equal(geography.unresolved_count, 10)
  t.same(geography.unresolved_names, [{ city: 'Saint-Denis', postal_code: null, row_count: 10 }])
  t.match(
    recommendations.find(({ field }) => field === 'city'),
    { finding: /most often “Saint-Denis”/, likely_cause: /several communes bear the name/ },
  )
})

t.test('prices a tenth of what is usual are said to be so', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  const rows = homes(1, 60).map((row, i) =>
    i % 6 === 0 ? { ...row, price: String(Math.round(Number(row.price) / 100)) } : row,
  )
  const session = await stage(db, source, rows)
  await db.query('select app_public.validate_staging_data($1)', [session])
  const found = await reportOf(db, session)
  const failed = found.rules.filter(({ field }) => field === 'price')
  t.ok(failed.length > 0, 'the default rules find them')
  t.ok(
    found.recommendations.some(({ likely_cause }) => /a hundredth of what is usual/.test(likely_cause)),
    JSON.stringify(found.recommendations),
  )
})

t.test('personal values appear nowhere', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  const rows = homes(1, 30).map((row) => ({
    ...row,
    contact_email: 'claire.martin at example',
    contact_phone: '99 88 77',
  }))
  const session = await stage(db, source, rows)
  await db.query('select app_public.validate_staging_data($1)', [session])
  const found = JSON.stringify(await reportOf(db, session))
  t.notMatch(found, /claire|99 88/)
  t.match(found, /contact_email/)
})

t.test('there is no report of an unknown session, nor of one that was not validated', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await t.rejects(
    db.query(`select app_public.generate_quality_report('00000000-0000-4000-8000-000000000000')`),
    { code: 'PC404' },
  )
  const session = await stage(db, source, [home(1)])
  await t.rejects(db.query('select app_public.generate_quality_report($1)', [session]), { code: 'PC409' })
})

t.test('what failing rows have in common is said where the others do not have it', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  const nantes = (row: StagedRow) => row.city === 'Nantes'
  const rows = homes(1, 90).map((row, i) => (nantes(row) && i % 2 === 0 ? { ...row, price: '12' } : row))
  const session = await stage(db, source, rows)
  await db.query('select app_public.validate_staging_data($1)', [session])
  const found = await reportOf(db, session)
  const about = found.recommendations.filter(({ finding }) => /nearly all in Nantes \(44109\)/.test(finding))
  t.ok(about.length > 0, JSON.stringify(found.recommendations))
  t.notOk(
    found.recommendations.some(({ finding }) => /nearly all of them flat/.test(finding)),
    'all of them are flats',
  )
})
