import t from 'tap'
import { database, type TestDatabase } from '../lib/database.ts'
import { makeSource, report, type StagedRow, stage, sync } from '../lib/sessions.ts'

function flat(key: string, changes: StagedRow = {}): StagedRow {
  return {
    source_key: key,
    property_type: 'Appartement',
    city: 'Rennes',
    postal_code: '35000',
    address: `${key.charCodeAt(0)} rue de la Paix`,
    price: '200000',
    surface: '50',
    rooms: '2',
    ...changes,
  }
}

const rows = Array.from({ length: 5 }, (_, n) => flat(`k${n}`, { floor: String(n) }))

async function rule(db: TestDatabase, name: string, type: string, config: unknown, more = {}): Promise<void> {
  const columns = { field_name: null, severity: 'warning', scope_where: null, weight: 1, ...more }
  await db.query(
    `insert into validation_rules (rule_name, rule_type, rule_config, ${Object.keys(columns).join(', ')})
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [name, type, JSON.stringify(config), ...Object.values(columns)],
  )
}

const results = (db: TestDatabase, session: string) =>
  db.query<{ rule_name: string; outcome: string; failed: number; message: string | null }>(
    `select v.rule_name, r.outcome, r.failed_count as failed, r.details ->> 'message' as message
     from validation_results as r join validation_rules as v on v.id = r.rule_id
     where r.session_id = $1 and not v.is_default order by 1`,
    [session],
  )

t.test('a rule that breaks is told so, breaks nothing else, and fails no row', async (t) => {
  const db = await database(t)
  await makeSource(db)
  await rule(db, 'divides', 'expression', { expression: 'price / (floor - 2) > 0' })
  await rule(db, 'casts', 'expression', { expression: 'address::integer > 0' })
  await rule(db, 'scoped', 'required', {}, { field_name: 'title', scope_where: '1 / (floor - 3) > -9' })
  await rule(db, 'asks', 'query', { query: 'select source_key from staged where 1 / (floor - 4) > 0' })
  await rule(db, 'sound', 'expression', { expression: 'floor < 4' })
  const session = await stage(db, 'portal', rows)
  const synced = await sync(db, session)
  t.match(synced, { status: 'completed', new_count: 5 })
  t.match(await results(db, session), [
    { rule_name: 'asks', outcome: 'broken', failed: 0, message: 'division by zero' },
    { rule_name: 'casts', outcome: 'broken', failed: 0, message: /invalid input syntax for type integer/ },
    { rule_name: 'divides', outcome: 'broken', failed: 0, message: 'division by zero' },
    { rule_name: 'scoped', outcome: 'broken', failed: 0, message: 'division by zero' },
    { rule_name: 'sound', outcome: 'warned', failed: 1, message: null },
  ])
  t.same(
    await db.query(
      `select f.source_key from validation_failures as f join validation_rules as v on v.id = f.rule_id
       where not v.is_default`,
    ),
    [{ source_key: 'k4' }],
  )
})

t.test('a rule that takes too long is broken off and told as broken', async (t) => {
  const db = await database(t)
  await makeSource(db)
  await rule(db, 'slow', 'expression', {
    expression: "length(repeat(repeat('é', 1000) || floor::text, 30000)) > 0 and floor >= 0",
  })
  await rule(db, 'quick', 'expression', { expression: 'floor < 4' })
  const session = await stage(db, 'portal', rows)
  await db.query('begin')
  await db.query(`set local parcelle.rule_seconds = '0.02'`)
  await db.query('select validate_staging_data($1)', [session])
  await db.query('commit')
  t.match(await results(db, session), [
    { rule_name: 'quick', outcome: 'warned', failed: 1 },
    { rule_name: 'slow', outcome: 'broken', message: /did not finish in time/ },
  ])
})

t.test(
  'when even that does not help, PostgreSQL ends the transaction, and nothing has happened',
  async (t) => {
    const db = await database(t)
    const client = await db.pool.connect()
    client.on('error', () => {})
    await client.query('begin')
    await client.query('select app_private.hold_rule_deadline(1)')
    await t.rejects(client.query('select pg_sleep(5)'), { code: '25P04' })
    client.release(true)
    await db.query('begin')
    await db.query('select app_private.hold_rule_deadline(1)')
    await db.query('select app_private.hold_rule_deadline(0)')
    await t.resolves(db.query('select pg_sleep(1.2)'), 'taken back, it ends nothing')
    await db.query('commit')
    await db.query(`begin; set local transaction_timeout = '1min'`)
    await db.query('select app_private.hold_rule_deadline(1)')
    t.same(
      await db.query('show transaction_timeout'),
      [{ transaction_timeout: '1min' }],
      'a timeout of the caller stays',
    )
    await db.query('rollback')
  },
)

t.test('a score can be explained down to rules and fields', async (t) => {
  const db = await database(t)
  await makeSource(db)
  const { session_id } = await report(db, 'portal', [
    flat('good'),
    flat('bad', { rooms: '45', title: '<b>T2</b>', contact_phone: '01 23' }),
    flat('out', { price: 'deux', listed_on: '2099-01-01' }),
  ])
  const scores = await db.query<{
    source_key: string
    quality: number
    completeness: number
    is_quarantined: boolean
    losses: Record<string, number>
  }>(
    `select s.source_key, s.quality_score as quality, s.completeness, s.is_quarantined,
       (select jsonb_object_agg(x.measure, x.loss) from (
         select e.measure, sum(e.loss) as loss from explain_quality($1, s.source_key) as e group by 1
       ) as x) as losses
     from staged_properties as s where s.session_id = $1 order by 1`,
    [session_id],
  )
  t.same(
    scores.map(({ source_key, is_quarantined }) => [source_key, is_quarantined]),
    [
      ['bad', false],
      ['good', false],
      ['out', true],
    ],
  )
  for (const { source_key, quality, completeness, losses } of scores) {
    t.ok(Math.abs(1 - (losses.quality ?? 0) - quality) < 0.002, `${source_key}: quality ${quality}`)
    t.ok(Math.abs(1 - (losses.completeness ?? 0) - completeness) < 0.002, `${source_key}: completeness`)
  }
  const why = await db.query<{ reason: string; value: string }>(
    `select reason, value from explain_quality($1, 'bad') where measure = 'quality' order by 1`,
    [session_id],
  )
  t.match(why, [
    { reason: 'fields_readable', value: /^contact_phone digest:[0-9a-f]{64}$/ },
    { reason: 'rooms', value: '45' },
    { reason: 'rooms_fit_surface', value: 'surface 50.00, rooms 45' },
    { reason: 'title_is_text', value: '<b>T2</b>' },
  ])
  const [live] = await db.query(
    `select quality_score = $1::real as same from properties_live where source_key = 'bad'`,
    [scores[0]?.quality],
  )
  t.same(live, { same: true }, 'the live home carries the score')
  await t.rejects(db.query(`select explain_quality($1, 'nobody')`, [session_id]), { code: 'PC404' })
  await t.rejects(db.query(`select explain_quality(gen_random_uuid(), 'bad')`), { code: 'PC404' })
})

t.test('a personal value never stands in a failure', async (t) => {
  const db = await database(t)
  await makeSource(db)
  await rule(db, 'mail', 'regex', { pattern: '@example[.]org$' }, { field_name: 'contact_email' })
  await rule(db, 'mails', 'compound_unique', { fields: ['contact_email', 'city'] })
  await rule(db, 'words', 'expression', { expression: "contact_phone <> '+33612345678' or price < 0" })
  await report(db, 'portal', [
    flat('a', { contact_email: 'jeanne@example.fr', contact_phone: '06 12 34 56 78' }),
    flat('b', { contact_email: 'jeanne@example.fr', contact_phone: '06 12 34 56 79', price: '1' }),
  ])
  const failures = await db.query<{ rule_name: string; value: string }>(
    `select v.rule_name, f.failed_value as value from validation_failures as f
     join validation_rules as v on v.id = f.rule_id where not v.is_default order by 1, f.source_key`,
  )
  t.equal(failures.length, 5)
  t.notMatch(JSON.stringify(failures), /jeanne|612345678/)
  t.match(
    failures.map(({ value }) => value),
    [
      /^digest:/,
      /^digest:/,
      /^contact_email digest:\w+, city Rennes$/,
      /contact_email digest/,
      /contact_phone digest/,
    ],
  )
})

t.test(
  'rows seen unchanged keep their verdict; when the rules change live homes are judged again',
  async (t) => {
    const db = await database(t)
    await makeSource(db)
    const shown = [
      flat('a', { rooms: '45' }),
      flat('b'),
      flat('c', { title: '<b>x</b>' }),
      flat('d', { rooms: '7' }),
    ]
    await report(db, 'portal', shown)
    const failures = (session: string) =>
      db.query<{ key: string; rule: string; inherited: boolean }>(
        `select f.source_key as key, v.rule_name as rule, f.is_inherited as inherited from validation_failures as f
       join validation_rules as v on v.id = f.rule_id
       where f.session_id = $1 and v.rule_name in ('rooms', 'title_is_text', 'few') order by 1, 2`,
        [session],
      )
    const second = await report(db, 'portal', [...shown.slice(0, 2), flat('c'), shown[3] as StagedRow])
    t.same(await failures(second.session_id), [{ key: 'a', rule: 'rooms', inherited: true }])

    const versions = async () =>
      await db.query<{ key: string; ids: number[] | null; at: string }>(
        `select source_key as key, failed_rule_ids as ids, xmin::text as at from properties_live order by 1`,
      )
    const before = await versions()
    await db.query(
      `update validation_rules set is_enabled = false where rule_name in ('rooms', 'rooms_fit_surface')`,
    )
    await rule(db, 'few', 'range', { max: 6 }, { field_name: 'rooms' })
    const [few] = await db.query<{ id: number }>(`select id from validation_rules where rule_name = 'few'`)
    const third = await report(db, 'portal', [...shown.slice(0, 2), flat('c'), shown[3] as StagedRow])
    t.match(third, { unchanged_count: 4 })
    const after = await versions()
    t.same(
      after.map(({ key, ids }) => [key, ids]),
      [
        ['a', [few?.id]],
        ['b', null],
        ['c', null],
        ['d', [few?.id]],
      ],
    )
    const digests = await db.query(
      `select judged_by = app_private.rules_digest(id) as current from sources where code = 'portal'`,
    )
    t.same(digests, [{ current: true }])
    const fourth = await report(db, 'portal', [...shown.slice(0, 2), flat('c'), shown[3] as StagedRow])
    t.same(await failures(fourth.session_id), [
      { key: 'a', rule: 'few', inherited: true },
      { key: 'd', rule: 'few', inherited: true },
    ])
    const later = await versions()
    t.same(later, after, 'judged once, homes are left alone')
    t.equal(before.length, 4)
  },
)

t.test('a draft is tried on past sessions and live homes, and nothing is written', async (t) => {
  const db = await database(t)
  await makeSource(db)
  await makeSource(db, 'other')
  await report(db, 'portal', [flat('a', { price: '10000' }), flat('b'), flat('c', { rooms: '45' })])
  await report(db, 'other', [flat('z', { price: '20000' })])
  const everything = () =>
    db.query(
      `select (select count(*) from validation_rules) as rules, (select count(*) from validation_failures) as failures,
         (select count(*) from pg_proc where pronamespace = 'app_rules'::regnamespace) as functions,
         (select count(*) from admin_actions) as actions, (select count(*) from validation_results) as results`,
    )
  const before = await everything()
  const trial = (draft: unknown, sessions = 5) =>
    db.query<Record<string, unknown>>(
      `select source, session_id is null as live, outcome, checked_count::integer as checked,
         failed_count::integer as failed, samples, details from try_rule($1, $2)`,
      [JSON.stringify(draft), sessions],
    )
  const range = { field_name: 'price', rule_type: 'range', rule_config: { min: 50000 } }
  t.match(await trial(range), [
    { source: 'other', live: false, failed: 1 },
    {
      source: 'portal',
      live: false,
      checked: 3,
      failed: 1,
      samples: [{ source_key: 'a', value: '10000.00' }],
    },
    { source: 'portal', live: true, failed: 1 },
    { source: 'other', live: true, checked: 1, failed: 1, samples: [{ source_key: 'z', value: '20000.00' }] },
  ])
  t.match(await trial({ ...range, source: 'portal' }, 0), [{ source: 'portal', live: true, failed: 1 }])
  t.match(
    await trial({
      rule_type: 'expression',
      rule_config: { expression: '1 / (rooms - 2) < 5' },
      source: 'portal',
    }),
    [{ outcome: 'broken', details: { message: 'division by zero' } }, { outcome: 'broken' }],
  )
  t.match(await trial({ rule_type: 'row_count', rule_config: { min: 3 }, source: 'portal' }), [
    { outcome: 'passed', details: { staged_count: 3 } },
  ])
  t.match(await trial({ field_name: 'source_key', rule_type: 'unique', source: 'portal' }), [
    { checked: 3, failed: 0 },
  ])
  t.match(await trial({ rule_name: 'rooms', source: 'portal' }), [
    { failed: 1, samples: [{ source_key: 'c', value: '45' }] },
    { live: true, failed: 1 },
  ])
  t.match(await trial({ rule_name: 'rooms', source: 'portal', rule_config: { max: 50 } }, 1), [
    { failed: 0, outcome: 'passed' },
    { live: true, failed: 0 },
  ])
  await t.rejects(trial({ rule_type: 'expression', rule_config: { expression: 'pg_sleep(9) is null' } }), {
    code: 'PC422',
  })
  await t.rejects(trial({ rule_type: 'castle' }), { code: 'PC400' })
  await t.rejects(trial({ rule_type: 'range', colour: 'red' }), {
    code: 'PC400',
    message: 'a rule has no colour',
  })
  await t.rejects(trial([]), { code: 'PC400' })
  await t.rejects(trial({ rule_name: 'nobody' }), { code: 'PC404' })
  await t.rejects(trial({ ...range, source: 'nobody' }), { code: 'PC404' })
  t.same(await everything(), before)
})
