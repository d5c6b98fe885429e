import t from 'tap'
import { defaultRules, validationRules } from '../../seeds/reference/default-rules.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { asRole } from '../lib/role.ts'

async function digest(db: TestDatabase): Promise<string> {
  const [row] = await db.query<{ digest: string }>(
    `select app_private.rules_digest(1::smallint)::text as digest`,
  )
  return (row as { digest: string }).digest
}

t.test('rules are written as anybody would write them', async (t) => {
  const db = await database(t)
  await db.query(`
    insert into validation_rules (rule_name, field_name, rule_type, rule_config, severity) values
      ('custom_price_range', 'price', 'range', '{"min": 50000, "max": 10000000}', 'warning'),
      ('required_location', 'city', 'required', '{}', 'error')`)
  t.same(
    await db.query(
      `select rule_name, version, is_enabled, is_default, owner = session_user as "isMine" from validation_rules
       where rule_name in ('custom_price_range', 'required_location') order by 1`,
    ),
    ['custom_price_range', 'required_location'].map((rule_name) => ({
      rule_name,
      version: 1,
      is_enabled: true,
      is_default: false,
      isMine: true,
    })),
  )
  const named = await db.query<{ field_name: string }>(
    `insert into validation_rules (rule_name, field_name, rule_type)
     values ('a', 'price_eur', 'required'), ('b', 'type', 'required'), ('c', 'url', 'required')
     returning field_name`,
  )
  t.same(
    named.map(({ field_name }) => field_name),
    ['price', 'property_type', 'property_url'],
    'columns and everyday names mean fields too',
  )
  const analyst = await asRole(db, 'app_analyst', {}, async (client) => {
    await client.query(
      `insert into app_public.validation_rules (rule_name, rule_type, rule_config)
       values ('mine', 'expression', '{"expression": "price > 1"}')`,
    )
    await t.rejects(client.query(`savepoint a; update app_public.validation_rules set is_default = true`), {
      code: '42501',
    })
    await client.query('rollback to savepoint a')
    await client.query(`update app_public.validation_rules set is_enabled = false where rule_name = 'rooms'`)
    return (await client.query(`select from app_public.validation_rules where not is_enabled`)).rowCount
  })
  t.equal(analyst, 1, 'analysts write and switch rules; what is default is not theirs to say')
})

const wrong: [is: string, type: string, config: unknown, message: RegExp, field?: string | null][] = [
  ['an unknown key', 'range', { minimum: 1 }, /does not know the key minimum/],
  ['a text for a number', 'zscore', { max: 'much' }, /max must be a number, not "much"/],
  ['a missing key', 'regex', {}, /lacks the key pattern/],
  ['none of the keys of which one is needed', 'range', {}, /needs min or max/],
  ['a bad expression', 'regex', { pattern: '(' }, /pattern must be a regular expression/, 'title'],
  ['an empty list', 'enum', { values: [] }, /values must be a list/],
  ['a share above 1', 'confidence_min', { min: 1.5 }, /min must be a number from 0 to 1/],
  ['an unknown preset', 'format', { preset: 'vat' }, /preset must be one of insee_code/],
  ['an unknown field', 'cross_field', { left: 'price', op: '<', right: 'prix' }, /right must be a field/],
  ['an unknown operator', 'cross_field', { left: 'price', op: '~', right: 'price' }, /op must be one of/],
  ['an unknown field in a list', 'compound_unique', { fields: ['price', 'prix'] }, /prix is none/],
  [
    'a table that is no reference',
    'enum_ref',
    { ref: 'sources.code' },
    /ref must be a column of a reference table/,
  ],
  ['a column that is none', 'enum_ref', { ref: 'cities.nom' }, /ref must be a column/],
  ['a box that is inside out', 'geo_within', { box: [3, 48, 2, 49] }, /box must be four numbers/],
  ['a negative count', 'row_count', { min: -1 }, /min must be a whole number from 0 on/],
  ['a text for a flag', 'regex', { pattern: 'a', ignore_case: 'yes' }, /ignore_case must be true or false/],
  ['weights of nothing', 'completeness', { min: 0.5, weights: { price: 0 } }, /weights must be an object/],
  ['a bound that is no day', 'range', { max: 'tomorrow' }, /max must be a number, a day/, 'listed_on'],
  ['a day for a number', 'range', { max: '2024-01-01' }, /cannot be run/],
  ['a type that is none', 'enum', { values: ['castle'] }, /cannot be run/, 'property_type'],
  ['columns that are none', 'reference', { table: 'cities', columns: { city: 'nom' } }, /cannot be run/],
  ['a list in place of columns', 'reference', { table: 'cities', columns: [] }, /columns must be an object/],
  ['no field where one is needed', 'range', { min: 1 }, /needs field_name/, null],
  ['a field that is none', 'range', { min: 1 }, /field prix does not exist/, 'prix'],
]

t.test('a config is checked against its type when it is written', async (t) => {
  const db = await database(t)
  for (const [is, type, config, message, field] of wrong) {
    await t.rejects(
      db.query(
        `insert into validation_rules (rule_name, field_name, rule_type, rule_config) values ('wrong', $1, $2, $3)`,
        [field === undefined ? 'price' : field, type, JSON.stringify(config)],
      ),
      { code: 'PC400', message, hint: /.+/ },
      is,
    )
  }
  for (const { rule_type, example, needs_field } of await db.query<{
    rule_type: string
    example: unknown
    needs_field: boolean
  }>('select rule_type, example, needs_field from rule_types')) {
    const field = ['regex', 'not_regex', 'length', 'enum'].includes(rule_type) ? 'dpe_class' : 'price'
    const named = { enum_ref: 'department', freshness: 'listed_on', not_in: 'title', format: 'insee_code' }[
      rule_type
    ]
    await t.resolves(
      db.query(
        `insert into validation_rules (rule_name, field_name, rule_type, rule_config) values ($1, $2, $3, $4)`,
        [`example ${rule_type}`, needs_field ? (named ?? field) : named, rule_type, JSON.stringify(example)],
      ),
      `the example of ${rule_type} is as it must be`,
    )
  }
})

t.test('changing a rule counts its version and changes the digest; so does switching it', async (t) => {
  const db = await database(t)
  await db.query(`insert into validation_rules (rule_name, field_name, rule_type, rule_config)
    values ('r', 'price', 'range', '{"min": 1}')`)
  const version = async () =>
    (await db.query<{ version: number }>(`select version from validation_rules where rule_name = 'r'`))[0]
      ?.version
  const first = await digest(db)
  await db.query(`update validation_rules set description = 'why', owner = 'me' where rule_name = 'r'`)
  t.equal(await version(), 1, 'words about it do not count')
  t.equal(await digest(db), first)
  await db.query(`update validation_rules set rule_config = '{"min": 2}' where rule_name = 'r'`)
  t.equal(await version(), 2)
  const second = await digest(db)
  t.not(second, first)
  await db.query(`update validation_rules set is_enabled = false where rule_name = 'r'`)
  t.equal(await version(), 2)
  const third = await digest(db)
  t.not(third, second)
  await db.query(`update validation_rules set is_enabled = true where rule_name = 'r'`)
  t.equal(await digest(db), second, 'what is judged by is the same again')
  await db.query(`update rule_fields set weight = 9 where field_name = 'price'`)
  t.not(await digest(db), second, 'weights of fields count too')
  await t.rejects(
    db.query(`update validation_rules set rule_config = '{"max": "x"}' where rule_name = 'r'`),
    {
      code: 'PC400',
    },
  )
  await db.query(`delete from validation_rules where rule_name = 'r'`)
  t.same(
    await db.query(`select action, target from admin_actions where target = 'r' order by batch_id, ordinal`),
    ['add_rule', 'change_rule', 'change_rule', 'disable_rule', 'enable_rule', 'delete_rule'].map(
      (action) => ({
        action,
        target: 'r',
      }),
    ),
    'everything somebody did to it is recorded',
  )
})

t.test('an expression that changes takes its function along', async (t) => {
  const db = await database(t)
  const [rule] = await db.query<{
    id: number
  }>(`insert into validation_rules (rule_name, rule_type, rule_config, scope_where)
    values ('e', 'expression', '{"expression": "price > 1"}', 'rooms > 1') returning id`)
  const functions = async () =>
    (
      await db.query<{ signature: string }>(
        `select p.oid::regprocedure::text as signature from pg_proc as p
         where p.pronamespace = 'app_rules'::regnamespace and p.proname in ('rule_' || $1::text, 'scope_' || $1::text)
         order by 1`,
        [rule?.id],
      )
    ).map(({ signature }) => signature.replace(/\d+/, 'N'))
  t.same(await functions(), ['app_rules.rule_N(numeric)', 'app_rules.scope_N(smallint)'])
  await db.query(
    `update validation_rules set rule_config = '{"expression": "price > surface and city is not null"}', scope_where = null
     where rule_name = 'e'`,
  )
  t.same(await functions(), ['app_rules.rule_N(text,numeric,numeric)'])
  await db.query(`delete from validation_rules where rule_name = 'e'`)
  t.same(await functions(), [])
})

t.test('default rules are merged without undoing what an operator decided', async (t) => {
  const db = await database(t)
  const count = async () => (await db.query('select from validation_rules where is_default')).length
  t.equal(await count(), defaultRules.length)
  await db.query(`update validation_rules set is_enabled = false where rule_name = 'rooms'`)
  await db.query(`update validation_rules set rule_config = '{"max": 99}' where rule_name = 'floor'`)
  await t.rejects(db.query(`delete from validation_rules where rule_name = 'rooms'`), {
    code: 'PC409',
    hint: /is_enabled = false/,
  })
  await db.query(
    `begin; select set_config('parcelle.merges_defaults', 'on', true);
     update validation_rules set rule_config = '{"min": 5}' where rule_name in ('rooms', 'house_surface');
     insert into validation_rules (rule_name, field_name, rule_type) values ('former default', 'title', 'required');
     commit`,
  )
  const before = await db.query(
    `select rule_name, xmin::text from validation_rules where rule_name = 'flat_price'`,
  )
  await db.query('begin')
  await validationRules.merge(db.client)
  await db.query('commit')
  t.same(
    await db.query(
      `select rule_name, is_enabled, is_default, rule_config ->> 'max' as max from validation_rules
       where rule_name in ('rooms', 'floor', 'house_surface', 'former default') order by 1`,
    ),
    [
      { rule_name: 'floor', is_enabled: true, is_default: false, max: '99' },
      { rule_name: 'house_surface', is_enabled: true, is_default: true, max: '1200' },
      { rule_name: 'rooms', is_enabled: false, is_default: true, max: '30' },
    ],
    'what was edited stays, what was switched off stays off, what is no longer a default goes',
  )
  t.same(
    await db.query(`select rule_name, xmin::text from validation_rules where rule_name = 'flat_price'`),
    before,
    'what stands is not written again',
  )
})

t.test(
  'the functions of rules are made anew by a deploy, also where one can no longer be made',
  async (t) => {
    const db = await database(t)
    await db.query(`insert into validation_rules (rule_name, rule_type, rule_config)
    values ('good', 'expression', '{"expression": "price > 1"}'), ('stale', 'expression', '{"expression": "price > 2"}')`)
    await db.query(`
    alter table validation_rules disable trigger user;
    update validation_rules set rule_config = '{"expression": "gone > 2"}' where rule_name = 'stale';
    alter table validation_rules enable trigger user`)
    const [made] = await db.query<{ made: number; all: number }>(
      `select app_private.make_rule_functions() as made, (select count(*)::integer from validation_rules) as all`,
    )
    t.equal(made?.made, (made?.all ?? 0) - 1)
    t.same(
      await db.query(
        `select r.rule_name from validation_rules as r join pg_proc as p on p.proname = 'rule_' || r.id
       where r.rule_name in ('good', 'stale')`,
      ),
      [{ rule_name: 'good' }],
    )
  },
)
