import t, { type Test } from 'tap'
import type { DeployOptions } from '../../sql/deploy/deploy.ts'
import { snapshot } from '../../sql/deploy/snapshot.ts'
import { type Project, project } from './project.ts'

/** Deploys once, breaks something, and holds that the deploy fails so and changes nothing. */
async function failing(
  t: Test,
  breakIt: (p: Project) => Promise<Partial<DeployOptions> | undefined>,
  expected: { code: string; file?: string; line?: number; message?: RegExp; hint?: RegExp },
): Promise<Project> {
  const p = await project(t)
  await p.deploy()
  const schema = await snapshot(p.db.url)
  const options = await breakIt(p)
  await t.rejects(p.deploy(options), expected)
  t.equal(await snapshot(p.db.url), schema, 'the schema is as it was')
  t.strictSame(await p.db.query('select id from app_deploy.migrations order by id'), [
    { id: 0 },
    { id: 1 },
    { id: 2 },
  ])
  return p
}

t.test('a failing migration leaves the database as it was and is named with its line', async (t) => {
  const p = await failing(
    t,
    async (p) => {
      await p.write('sql/migrations/0003_one.sql', 'create table app_public.one (a integer);\n')
      await p.write(
        'sql/migrations/0004_two.sql',
        'create table app_public.two (a integer);\n\nalter table app_public.none\n  add column b integer;\n',
      )
      return undefined
    },
    {
      file: 'sql/migrations/0004_two.sql',
      line: 3,
      code: '42P01',
      message: /"app_public.none" does not exist/,
    },
  )
  await p.write('sql/migrations/0004_two.sql', 'create table app_public.two (a integer);\n')
  t.strictSame((await p.deploy()).migrations, ['0003_one.sql', '0004_two.sql'])
})

t.test('a failing definition leaves the database as it was and is named with its line', async (t) => {
  const path = 'sql/views/app_public/broken.sql'
  await failing(
    t,
    async (p) => {
      await p.write(
        path,
        '-- é\ncreate view app_public.broken as\nselect t.id,\n  t.nothing\nfrom app_public.things as t;\n',
      )
      return undefined
    },
    { file: path, line: 4, code: '42703' },
  )
})

t.test('a broken body of a PL/pgSQL function is found before the commit', async (t) => {
  const path = 'sql/functions/app_private/broken.sql'
  await failing(
    t,
    async (p) => {
      await p.write(
        path,
        'create function app_private.broken() returns void language plpgsql\nas $$\nbegin\n  if true then\nend\n$$;\n',
      )
      return undefined
    },
    { file: path, line: 6, code: '42601' },
  )
})

t.test('a body of an SQL function that names nothing is found before the commit', async (t) => {
  const path = 'sql/functions/app_private/broken.sql'
  await failing(
    t,
    async (p) => {
      await p.write(
        path,
        'create function app_private.broken() returns integer language sql\nas $$\n  select 1\n  from app_public.none\n$$;\n',
      )
      return undefined
    },
    { file: path, line: 4, code: '42P01' },
  )
})

t.test('a failing seed leaves the database as it was', async (t) => {
  await failing(
    t,
    async () => ({
      reference: [
        {
          name: 'things',
          hash: () => 'x',
          merge: (client) => client.query(`insert into app_public.things (name) values ('UPPER')`),
        },
      ],
    }),
    { file: 'seeds/reference/things', code: '23514' },
  )
})

t.test('history that changed after it was run is refused with a hint', async (t) => {
  await failing(
    t,
    async (p) => {
      const path = 'sql/migrations/0002_create-things.sql'
      await p.write(path, `${await p.read(path)}-- one more thought\n`)
      return undefined
    },
    { code: 'PC409', file: 'sql/migrations/0002_create-things.sql', hint: /parcelle reset/ },
  )
})

t.test('a database newer than the files is refused', async (t) => {
  await failing(
    t,
    async (p) => {
      await p.remove('sql/migrations/0002_create-things.sql')
      return undefined
    },
    { code: 'PC409', message: /has run migration 2/ },
  )
})

t.test('a definition that something stored rests on stops the deploy with what it is', async (t) => {
  const p = await project(t)
  await p.deploy()
  await p.db.query(
    `alter table app_public.things add constraint stray check (app_public.first_name() is null) not valid`,
  )
  const schema = await snapshot(p.db.url)
  await t.rejects(p.deploy({ force: true }), {
    code: 'PC409',
    message: /first_name\(\) because other objects depend on it/,
    detail: /constraint stray on table app_public.things/,
    hint: /app_base/,
  })
  t.equal(await snapshot(p.db.url), schema)
})

t.test('a role that may not create roles or does not own the database is told what to do', async (t) => {
  const p = await project(t)
  await p.deploy()
  const name = `parcelle_poor_${process.pid}`
  await p.db.query(`create role ${name} login password 'poor'`)
  const url = new URL(p.db.url)
  url.username = name
  url.password = 'poor'
  t.teardown(async () => {
    await p.db.query(`drop owned by ${name}`).catch(() => {})
    await p.db.query(`drop role ${name}`).catch(() => {})
  })
  await t.rejects(p.deploy({ url: url.href }), { code: 'PC422', hint: /alter database .* owner to/ })
})
