import t from 'tap'
import { database, type TestDatabase } from '../lib/database.ts'

type Report = Record<string, unknown> & { mapped: Record<string, string>; samples?: unknown[] }

async function ask(db: TestDatabase, call: string): Promise<Report> {
  const [row] = await db.query<{ answer: Report }>(`select ${call} as answer`)
  return row?.answer as Report
}

const migrate = (db: TestDatabase) => ask(db, 'migrate_pulled_properties_to_live()')
const compare = (db: TestDatabase) => ask(db, 'compare_legacy()')

const homes = (db: TestDatabase) =>
  db.query(
    `select source, source_key, city, price_eur::integer as price, surface_m2::float as surface, room_count as rooms,
       property_type as type, payload
     from properties_current order by source_key`,
  )

/** A table as an older tool left it: French names, a home pulled twice, columns of its own. */
async function pulledTable(db: TestDatabase): Promise<void> {
  await db.query(`
    create table public.pulled_properties (
      "ID" serial primary key,
      "Lien" text,
      prix numeric,
      price_eur text,
      surface_m2 integer,
      ville text,
      "Code Postal" text,
      pieces smallint,
      type text,
      adresse text,
      date_mutation date,
      tags text[],
      raw jsonb,
      agent text,
      pulled_at timestamp
    );
    insert into public.pulled_properties
      ("Lien", prix, price_eur, surface_m2, ville, "Code Postal", pieces, type, adresse, tags, agent, pulled_at)
    values
      ('https://example.org/1', 260000, '1', 80, 'Nantes', '44000', 4, 'maison', '12 rue de la Paix', '{a,b}', 'X', '2024-03-01'),
      ('https://example.org/1?utm_source=mail', 250000, '2', 80, 'Nantes', '44000', 4, 'maison', '12 rue de la Paix', null, 'X', '2024-02-01'),
      ('https://example.org/2', 99000, null, 40, 'Nantes', '44000', 2, 'appartement', '3 avenue Foch', null, null, null),
      (null, 150000, null, 50, 'Nantes', '44000', 3, 'appartement', '5 rue Haute', null, null, '2024-01-01')`)
}

t.test('without an older table readers see the live homes', async (t) => {
  const db = await database(t)
  t.match(await ask(db, 'legacy_status()'), { table_rows: null, columns: null, reads_from: 'live' })
  t.strictSame(await homes(db), [])
  for (const call of [
    ...['migrate_pulled_properties_to_live()', 'compare_legacy()', 'switch_legacy()'],
    ...['rollback_legacy()', 'retire_legacy()'],
  ]) {
    await t.rejects(ask(db, call), { code: 'PC404' }, call)
  }
})

t.test('columns are recognised by their names', async (t) => {
  const db = await database(t)
  await pulledTable(db)
  const status = await ask(db, 'legacy_status()')
  t.match(status, { table_rows: 4, reads_from: 'pulled', decided_at: null, last_migration: null })
  t.strictSame(status.columns, {
    ...{ ID: 'row_number', Lien: 'property_url', prix: 'price', price_eur: 'payload', surface_m2: 'surface' },
    ...{
      ville: 'city',
      'Code Postal': 'postal_code',
      pieces: 'rooms',
      type: 'property_type',
      adresse: 'address',
    },
    ...{
      date_mutation: 'sale_date',
      tags: 'payload',
      raw: 'payload',
      agent: 'payload',
      pulled_at: 'scraped_at',
    },
  })
})

t.test('a table is migrated through staging, once and again', async (t) => {
  const db = await database(t)
  await pulledTable(db)
  const before = await db.query(`select * from public.pulled_properties order by "ID"`)
  t.match(await homes(db), [
    {
      source: 'legacy',
      source_key: 'https://example.org/1',
      price: 260000,
      rooms: 4,
      payload: { agent: 'X' },
    },
    { source_key: 'https://example.org/2', city: 'Nantes', price: 99000 },
    { source_key: 'row:4', surface: 50, type: 'flat' },
  ])
  t.match(await compare(db), { homes: 3, duplicates: 1, missing: 3, same: 0, is_clean: false })

  const first = await migrate(db)
  t.match(first, {
    ...{ status: 'completed', table_rows: 4, staged: 4, new: 3, duplicates: 1, updated: 0, quarantined: 0 },
    mapped: { prix: 'price', ville: 'city', pulled_at: 'scraped_at' },
    payload: ['ID', 'price_eur', 'tags', 'raw', 'agent'],
  })
  t.match(await db.query(`select payload from property_scrapes_staging where price = '260000'`), [
    { payload: { ID: 1, price_eur: '1', tags: ['a', 'b'], agent: 'X' } },
  ])
  t.match(await compare(db), { same: 3, missing: 0, differing: 0, extra: 0, is_clean: true, samples: [] })

  const again = await migrate(db)
  t.match(again, { status: 'completed', new: 0, updated: 0, unchanged: 3, removed: 0 })
  t.strictSame(
    await db.query('select kind::text, count(*)::integer as n from property_changes group by kind'),
    [{ kind: 'new', n: 3 }],
    'nothing changed',
  )
  t.strictSame(
    await db.query(`select * from public.pulled_properties order by "ID"`),
    before,
    'the table is untouched',
  )

  await db.query(`update public.pulled_properties set prix = 120000 where "ID" = 4`)
  await db.query(`delete from public.pulled_properties where "ID" = 3`)
  t.match(await compare(db), {
    ...{ same: 1, differing: 1, extra: 1, is_clean: false },
    samples: [
      { finding: 'differing', source_key: 'row:4', fields: ['price'] },
      { finding: 'extra', source_key: 'https://example.org/2' },
    ],
  })
  t.match(await migrate(db), { updated: 1, removed: 1 })
  t.match(await compare(db), { is_clean: true })
})

t.test('a key is unique in the source that gave it', async (t) => {
  const db = await database(t)
  await db.query(`
    create table public.pulled_properties (portal text, reference text, price text, city text, zip text, kind text);
    insert into public.pulled_properties values
      ('a', '1', '100 000 €', 'Nantes', '44000', 'maison'), ('b', '1', '200 000 €', 'Nantes', '44000', 'maison'),
      (null, '1', '300 000 €', 'Nantes', '44000', 'maison'), ('a', '', '400 000 €', 'Nantes', '44000', 'maison')`)
  const keys = (await homes(db)).map((home) => home.source_key as string)
  t.match(keys, ['1', 'a:1', 'b:1', /^digest:[0-9a-f]{32}$/])
  t.match(await migrate(db), { new: 4, duplicates: 0 })
  t.match(await compare(db), { same: 4, is_clean: true })
})

t.test('what fails a rule waits in quarantine and is not missing', async (t) => {
  const db = await database(t)
  await pulledTable(db)
  await db.query(
    `insert into validation_rules (rule_name, field_name, rule_type, rule_config, severity)
     values ('dear', 'price', 'range', '{"max": 200000}', 'error')`,
  )
  t.match(await migrate(db), { new: 2, quarantined: 1 })
  t.match(await compare(db), { same: 2, quarantined: 1, missing: 0, is_clean: true })
})

t.test('readers are switched, rolled back, and the table is retired', async (t) => {
  const db = await database(t)
  await pulledTable(db)
  await t.rejects(ask(db, 'switch_legacy()'), { code: 'PC409', hint: /migrate/ })
  await t.rejects(ask(db, 'retire_legacy()'), { code: 'PC409', hint: /switch/ })
  await migrate(db)
  t.match(
    await homes(db),
    [{ payload: { agent: 'X' } }, {}, {}],
    'until somebody switches the table is shown',
  )
  t.match(await ask(db, 'switch_legacy()'), { reads_from: 'live', live_homes: 3 })
  t.match(await homes(db), [{ source: 'legacy', payload: null, price: 260000 }, {}, {}])

  t.match(await ask(db, `rollback_legacy('prices look wrong')`), {
    reads_from: 'pulled',
    paused_sources: ['csv', 'dvf', 'immodata', 'legacy'],
  })
  t.match(await homes(db), [{ payload: { agent: 'X' } }, {}, {}])
  t.match(await db.query('select count(*)::integer as n from property_changes'), [{ n: 3 }], 'history stays')
  t.match(await db.query('select count(*)::integer as n from property_scrapes_staging'), [{ n: 4 }])
  await t.rejects(migrate(db), { code: 'PC409', hint: /resume legacy/ })

  await db.query(`select resume_source(code) from sources`)
  await ask(db, 'switch_legacy()')
  await ask(db, 'switch_legacy()')
  await db.query(`update public.pulled_properties set prix = 1000 where "ID" = 4`)
  await t.rejects(ask(db, 'retire_legacy()'), { code: 'PC409', message: /1 differing/ })
  await db.query(`update public.pulled_properties set prix = 150000 where "ID" = 4`)
  t.match(await ask(db, 'retire_legacy()'), { retired_at: /^\d{4}/, reads_from: 'live' })
  await db.query('drop table public.pulled_properties')
  t.match(await homes(db), [{ payload: null }, {}, {}])
  t.match(await ask(db, 'legacy_status()'), { table_rows: null, reads_from: 'live' })
  await db.query('create table public.pulled_properties (price text)')
  for (const call of ['switch_legacy()', 'rollback_legacy()', 'migrate_pulled_properties_to_live()']) {
    await t.rejects(ask(db, call), { code: 'PC409', message: /retired/ }, call)
  }
  t.strictSame(
    (await db.query(`select action from admin_actions where action like '%legacy' order by acted_at`)).map(
      ({ action }) => action as string,
    ),
    ['switch_legacy', 'rollback_legacy', 'switch_legacy', 'retire_legacy'],
  )
})

t.test('a large table gets a partition of its own', async (t) => {
  const db = await database(t)
  await db.query(`
    create table public.pulled_properties as
    select n % 200 as id, 100000 + n % 200 as price, 'Nantes' as city, '44000' as zip, 'maison' as type,
      n % 200 || ' rue Haute' as address, timestamptz '2024-01-01' + n * interval '1 minute' as pulled_at
    from generate_series(1, 50000) as n`)
  t.match(await migrate(db), { new: 200, duplicates: 49_800 })
  t.match(await db.query('select distinct bucket < 0 as is_own from property_scrapes_staging'), [
    { is_own: true },
  ])
  t.match(await compare(db), { homes: 200, same: 200, duplicates: 49_800, is_clean: true })
})
