import t, { type Test } from 'tap'
import { snapshot } from '../../sql/deploy/snapshot.ts'
import { type Project, project } from './project.ts'

const path = 'sql/functions/app_public/summarise.sql'

/** The identity of a function, or undefined when there is none or several. */
async function oid(p: Project, name: string): Promise<number | undefined> {
  const rows = await p.db.query<{ oid: number }>(
    `select p.oid from pg_proc as p where p.pronamespace::regnamespace || '.' || p.proname = $1`,
    [name],
  )
  return rows.length === 1 ? rows[0]?.oid : undefined
}

/** Deploys changed files, and holds that the schema is then that of a fresh deploy of the same files. */
async function changed(t: Test, p: Project): Promise<void> {
  await p.deploy()
  const schema = await snapshot(p.db.url)
  await p.deploy({ force: true })
  t.equal(schema, await snapshot(p.db.url))
}

t.test('a routine stays in place while its body, comment and grants change', async (t) => {
  const p = await project(t)
  await p.deploy()
  const before = await oid(p, 'app_public.summarise')
  const text = await p.read(path)
  await p.write(
    path,
    text
      .replace('min(t.name)', 'max(t.name)')
      .replace(/^comment.*\n/m, '')
      .replace(/^grant.*\n/m, ''),
  )
  await p.deploy()
  t.equal(await oid(p, 'app_public.summarise'), before)
  const schema = await snapshot(p.db.url)
  t.notMatch(schema, 'Things of one kind')
  t.notMatch(schema, 'grant execute on function app_public.summarise')
  await p.deploy({ force: true })
  t.equal(await snapshot(p.db.url), schema)
})

t.test('what was done to a routine by hand is put right, though it stays in place', async (t) => {
  const p = await project(t)
  await p.deploy()
  const schema = await snapshot(p.db.url)
  const before = await oid(p, 'app_public.first_name')
  await p.db.query(`
    create or replace function app_public.first_name() returns text language sql volatile cost 3 as $$ select 'x' $$;
    grant execute on function app_public.first_name() to public, app_visitor;
    comment on function app_public.first_name() is 'by hand';
  `)
  const view = 'sql/views/app_public/named_things.sql'
  await p.write(view, `${await p.read(view)}-- changed\n`)
  await p.deploy()
  t.equal(await snapshot(p.db.url), schema)
  t.equal(await oid(p, 'app_public.first_name'), before)
})

t.test('a routine may change its result, its parameters, their names, or its kind', async (t) => {
  const p = await project(t)
  const write = (rest: string) => p.write('sql/functions/app_public/f.sql', `create ${rest}\n`)
  await write(`function app_public.f(a integer default 1) returns integer language sql as $$ select 1 $$;`)
  await p.deploy()
  for (const next of [
    `function app_public.f(a integer default 1) returns text language sql as $$ select 'x' $$;`,
    `function app_public.f(a integer) returns text language sql as $$ select 'x' $$;`,
    `function app_public.f(b integer) returns text language sql as $$ select 'x' $$;`,
    `function app_public.f(b integer, c text) returns text language sql as $$ select 'x' $$;`,
    `function app_public.f() returns setof app_public.things language sql as $$ select * from app_public.things $$;`,
    `procedure app_public.f() language sql as $$ select 1 $$;`,
    `function app_public.f() returns integer language sql as $$ select 1 $$;`,
  ]) {
    await write(next)
    await changed(t, p)
    t.ok(await oid(p, 'app_public.f'), next)
  }
})

t.test('a routine goes with the view or the type it gives', async (t) => {
  const p = await project(t)
  await p.write('sql/views/app_public/v.sql', 'create view app_public.v as select 1 as one;')
  await p.write(
    'sql/functions/app_public/f.sql',
    `-- requires: sql/views/app_public/v.sql
create function app_public.f() returns setof app_public.v language sql as $$ select * from app_public.v $$;`,
  )
  await p.write(
    'sql/functions/app_private/one.sql',
    'create function app_private.one() returns integer language sql as $$ select 1 $$;',
  )
  await p.write(
    'sql/functions/app_public/g.sql',
    `-- requires: sql/functions/app_private/one.sql
create function app_public.g(a integer default app_private.one()) returns app_public.summary[]
language sql as $$ select null::app_public.summary[] $$;`,
  )
  await p.deploy()
  await p.write('sql/views/app_public/v.sql', 'create view app_public.v as select 1 as one, 2 as two;')
  await changed(t, p)
  t.strictSame(await p.db.query('select * from app_public.f()'), [{ one: 1, two: 2 }])

  const type = 'sql/types/app_public/summary.sql'
  await p.write(type, (await p.read(type)).replace('first_name text', 'first_name text, last_name text'))
  const body = await p.read(path)
  await p.write(path, body.replace('min(t.name) into', 'min(t.name), max(t.name) into'))
  await changed(t, p)
  t.match(await snapshot(p.db.url), 'last_name text')
})

t.test('a migration may change what kept routines are made of', async (t) => {
  const p = await project(t)
  await p.deploy()
  await p.write('sql/migrations/0003_rename.sql', 'alter type app_base.kind rename to shape;\n')
  await p.write(path, (await p.read(path)).replaceAll('app_base.kind', 'app_base.shape'))
  await changed(t, p)
  await p.write(
    'sql/migrations/0004_drop.sql',
    `
    alter table app_public.things alter column kind drop default;
    alter table app_public.things alter column kind type text;
    drop type app_base.shape;
  `,
  )
  await p.write(path, (await p.read(path)).replaceAll('app_base.shape', 'text'))
  await changed(t, p)
  t.match(await snapshot(p.db.url), 'app_public.summarise(kind text)')
})
