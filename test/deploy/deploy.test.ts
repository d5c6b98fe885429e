import t from 'tap'
import { snapshot } from '../../sql/deploy/snapshot.ts'
import { project } from './project.ts'

const migration = 'sql/migrations/0003_add-size.sql'
const addSize = 'alter table app_public.things add column size_m numeric;\n'

t.test('a fresh, a repeated and an upgraded deploy give the same schema', async (t) => {
  const fresh = await project(t, { isFresh: true })
  await fresh.write(migration, addSize)
  const first = await fresh.deploy()
  t.strictSame(first.migrations, ['0001_create-schemas.sql', '0002_create-things.sql', '0003_add-size.sql'])
  const schema = await snapshot(fresh.db.url)
  t.match(
    schema,
    'create policy things_analyst_read on app_public.things for select to app_analyst using (true);',
  )
  t.match(schema, 'grant insert (name), select (id, name, kind) on table app_public.things to app_analyst;')

  const repeated = await fresh.deploy({ force: true })
  t.equal(repeated.changed, true)
  t.equal(await snapshot(fresh.db.url), schema)

  const upgraded = await project(t, { isFresh: true })
  await upgraded.write(
    'sql/functions/app_public/old.sql',
    `create function app_public.old() returns integer
    language sql as $$ select 1 $$;`,
  )
  await upgraded.write(
    'sql/views/app_public/older.sql',
    `create view app_public.older as select app_public.old(), id from app_public.things;`,
  )
  const view = await upgraded.read('sql/views/app_public/named_things.sql')
  await upgraded.write('sql/views/app_public/named_things.sql', view.replace('t.id, ', ''))
  await upgraded.deploy()
  t.not(await snapshot(upgraded.db.url), schema)
  await upgraded.remove('sql/functions/app_public/old.sql')
  await upgraded.remove('sql/views/app_public/older.sql')
  await upgraded.write('sql/views/app_public/named_things.sql', view)
  await upgraded.write(migration, addSize)
  const report = await upgraded.deploy()
  t.strictSame(report.migrations, ['0003_add-size.sql'])
  t.equal(await snapshot(upgraded.db.url), schema)
})

t.test('a migration may retype a column that views read', async (t) => {
  const p = await project(t)
  await p.deploy()
  await p.write(migration, 'alter table app_public.things alter column id type bigint;\n')
  const report = await p.deploy()
  t.strictSame(report.migrations, ['0003_add-size.sql'])
  t.match(await snapshot(p.db.url), 'id bigint generated always as identity not null')
})

t.test('what was made by hand and what lost its file vanishes', async (t) => {
  const p = await project(t)
  await p.deploy()
  const schema = await snapshot(p.db.url)
  await p.db.query(`
    create function app_public.stray(a integer) returns integer language sql as $$ select 1 $$;
    create function app_public.summarise(a text) returns integer language sql as $$ select app_public.stray(1) $$;
    create procedure app_private.stray() language sql as $$ select 1 $$;
    create aggregate app_public.stray_sum(integer) (sfunc = int4_sum, stype = bigint);
    create type app_public.stray_type as (a integer);
    create view app_public.a_stray_view as select app_public.stray(1), null::app_public.stray_type;
    create view app_public.b_stray_view as select * from app_public.a_stray_view;
    create materialized view app_private.stray_matview as select * from app_public.b_stray_view;
    create policy stray on app_public.things for delete using (app_public.stray(1) = 1);
    create trigger stray before delete on app_public.things for each row execute function app_private.tg_things__see();
    grant delete, update (name) on app_public.things to app_visitor with grant option;
    grant usage on sequence app_public.things_id_seq to public;
    comment on column app_public.things.kind is 'stray';
    comment on table app_private.parts is 'stray';
  `)
  t.not(await snapshot(p.db.url), schema)
  await p.deploy({ force: true })
  t.equal(await snapshot(p.db.url), schema)

  await p.remove('sql/views/app_public/named_things.sql')
  await p.remove('sql/functions/app_public/first_name.sql')
  await p.deploy()
  t.notMatch(await snapshot(p.db.url), 'first_name()')
})

t.test('an unchanged deploy takes no lock and writes nothing', async (t) => {
  const p = await project(t)
  await p.deploy()
  const [before] = await p.db.query<{ wal: string }>(`select pg_current_xact_id()::text as wal`)
  await p.db.query('begin; lock table app_public.things, app_deploy.definitions in share row exclusive mode')
  await p.db.query('lock table app_public.things in access exclusive mode')
  const report = await p.deploy({ wait: 0 })
  await p.db.query('rollback')
  t.match(report, { changed: false, migrations: [], attempts: 0 })
  const rows = await p.db.query(
    `select from app_deploy.definitions where xmin::text::bigint > $1::bigint
    union all select from pg_class where xmin::text::bigint > $1::bigint and relnamespace <> 'pg_toast'::regnamespace`,
    [before?.wal],
  )
  t.equal(rows.length, 0)
})

t.test('partitions made at run time, and what is granted on them, are data', async (t) => {
  const p = await project(t)
  await p.deploy()
  const schema = await snapshot(p.db.url)
  await p.db.query(`
    create table app_private.parts_1 partition of app_private.parts for values in (1);
    grant select on app_private.parts_1 to app_analyst;
    create view app_private.parts_read as select 1;
    insert into app_private.parts values (1, 1);
  `)
  await p.deploy({ force: true })
  t.equal(await snapshot(p.db.url), schema)
  t.strictSame(
    await p.db.query(`select thing_id, has_table_privilege('app_analyst', 'app_private.parts_1', 'select') as ok
    from app_private.parts`),
    [{ thing_id: 1, ok: true }],
  )
})

t.test('a materialized view stays while its files and the history do not change', async (t) => {
  const p = await project(t)
  await p.deploy()
  const oid = async () => (await p.db.query(`select 'app_public.thing_counts'::regclass::oid as oid`))[0]?.oid
  const schema = await snapshot(p.db.url)
  const first = await oid()

  const view = await p.read('sql/views/app_public/named_things.sql')
  await p.write('sql/views/app_public/named_things.sql', `${view}-- changed\n`)
  t.strictSame((await p.deploy()).keptMatviews, ['app_public.thing_counts'])
  t.equal(await oid(), first)
  t.equal(await snapshot(p.db.url), schema)

  const policies = await p.read('sql/policies/app_public/thing_counts.sql')
  await p.write('sql/policies/app_public/thing_counts.sql', policies.replace('app_visitor', 'app_analyst'))
  t.strictSame((await p.deploy()).keptMatviews, [])
  t.not(await oid(), first)
  t.match(await snapshot(p.db.url), 'grant select on table app_public.thing_counts to app_analyst;')

  const second = await oid()
  await p.write(migration, addSize)
  await p.deploy()
  t.not(await oid(), second)

  await p.write('sql/views/app_public/named_things.sql', view)
  await p.db.query('drop materialized view app_public.thing_counts')
  await p.deploy()
  t.ok(await oid())
})

t.test('reference rows are merged when they or the history change', async (t) => {
  const p = await project(t)
  let merges = 0
  const seed = (text: string) => [
    {
      name: 'things',
      hash: () => text,
      merge: async (client: { query(text: string): Promise<unknown> }) => {
        merges++
        await client.query(`insert into app_public.things (name) values ('${text}')`)
      },
    },
  ]
  t.strictSame((await p.deploy({ reference: seed('a') })).seeds, ['things'])
  t.equal((await p.deploy({ reference: seed('a') })).changed, false)
  t.equal(merges, 1)
  t.strictSame((await p.deploy({ reference: seed('b') })).seeds, ['things'])
  t.strictSame(await p.db.query('select name from app_public.things order by id'), [
    { name: 'a' },
    { name: 'b' },
  ])
  await p.write('sql/views/app_public/named_things.sql', '-- gone\n')
  t.strictSame((await p.deploy({ reference: seed('b') })).seeds, [])
})

t.test('required files are built first, whatever their names', async (t) => {
  const p = await project(t)
  await p.write(
    'sql/functions/app_public/a.sql',
    `-- requires: sql/views/app_public/z.sql
create function app_public.a() returns setof app_public.z language sql as $$ select * from app_public.z $$;`,
  )
  await p.write('sql/views/app_public/z.sql', `create view app_public.z as select 1 as one;`)
  await p.deploy()
  t.strictSame(await p.db.query('select * from app_public.a()'), [{ one: 1 }])

  await p.write(
    'sql/views/app_public/z.sql',
    `-- requires: sql/functions/app_public/a.sql\ncreate view app_public.z as select 1 as one;`,
  )
  await t.rejects(p.deploy(), { code: 'PC422', message: /require each other/ })
  await p.write(
    'sql/views/app_public/z.sql',
    `-- requires: sql/functions/app_public/none.sql\ncreate view app_public.z as select 1 as one;`,
  )
  await t.rejects(p.deploy(), { code: 'PC422', file: 'sql/views/app_public/z.sql' })
})
