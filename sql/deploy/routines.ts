import { basename } from 'node:path'
import type pg from 'pg'
import { DeployError, sqlState } from './error.ts'
import type { Definition } from './files.ts'
import { definitionSchemas } from './lock.ts'
import { runFile } from './statements.ts'

/** Something that stays in place through a deploy, with the file that says what it is now. */
export type Kept = { oid: number; path: string; name: string; signature: string }

/** What stays in place: routines, which their files then replace, and composite types, which nothing touches. */
export type KeptInPlace = { routines: Kept[]; types: Kept[] }

/**
 * Which routines and composite types can stay in place.
 *
 * A client that waits for a table while it is inside a function looks the function up again afterwards, and fails when
 * it was dropped, even if the same one was made anew. So a routine stays when exactly one has the name its file gives
 * it, and a composite type when its file has not changed; but not what rests on something that must go.
 */
export async function keptInPlace(
  client: pg.ClientBase,
  definitions: Definition[],
  recorded: Map<string, string>,
  keptMatviews: string[],
): Promise<KeptInPlace> {
  const files = new Map(definitions.map((definition) => [definition.path, definition]))
  const unchanged = definitions.filter(({ path, hash }) => recorded.get(path) === hash)
  const types = unchanged.filter(({ kind }) => kind === 'types').map(({ path }) => nameIn(path))
  const { rows } = await client.query<{ oid: number; name: string; signature: string; isType: boolean }>(
    staysQuery,
    [definitionSchemas, types, keptMatviews],
  )
  const triggers = new Map(
    definitions.filter(({ kind }) => kind === 'triggers').map(({ path }) => [triggerFunction(path), path]),
  )
  const kept: KeptInPlace = { routines: [], types: [] }
  for (const { oid, name, signature, isType } of rows) {
    const folder = isType ? 'types' : 'functions'
    const path = triggers.get(name) ?? `sql/${folder}/${name.replace('.', '/')}.sql`
    if (files.has(path)) (isType ? kept.types : kept.routines).push({ oid, path, name, signature })
  }
  return kept
}

/**
 * Runs a file whose routine is in place: it is replaced. Where PostgreSQL refuses to (another result, other names of
 * parameters), or where the file now makes one with other parameters, the old one is dropped.
 */
export async function replaceRoutine(client: pg.ClientBase, file: Definition, kept: Kept): Promise<void> {
  const version = async () => {
    const { rows } = await client.query<{ version: string }>(
      'select p.xmin::text as version from pg_catalog.pg_proc as p where p.oid = $1',
      [kept.oid],
    )
    return rows[0]?.version
  }
  const before = await version()
  await client.query('savepoint routine')
  try {
    await runFile(client, file.path, file.text, (sql) =>
      sql.replace(/^create\s+(?=function\s|procedure\s|aggregate\s)/i, 'create or replace '),
    )
  } catch (error) {
    if (!['42P13', '42809'].includes(sqlState(error) ?? '')) throw error
    await client.query('rollback to savepoint routine')
    await client.query(`drop routine ${kept.signature}`)
    await runFile(client, file.path, file.text)
  }
  await client.query('release savepoint routine')
  if ((await version()) === before) await client.query(`drop routine ${kept.signature}`)
  const { rows } = await client.query(
    `select from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where n.nspname || '.' || p.proname = $1`,
    [kept.name],
  )
  if (rows.length === 0) {
    throw new DeployError(`the file does not create ${kept.name}`, {
      code: 'PC422',
      file: file.path,
      hint: 'A definition file creates the object that its path names.',
    })
  }
}

function nameIn(path: string): string {
  return path
    .split('/')
    .slice(2)
    .join('.')
    .replace(/\.sql$/, '')
}

function triggerFunction(path: string): string {
  const [, , table, file = ''] = path.split('/')
  return `app_private.tg_${table}__${basename(file, '.sql').replace(/^\d+_/, '')}`
}

// From what is about to go (views, other materialized views, changed types, routines whose name is shared) follow what
// rests on it: row types and their arrays in parameters and results, functions in defaults.
const staysQuery = `
with recursive
managed as (
  select n.oid, n.nspname from pg_catalog.pg_namespace as n where n.nspname = any ($1)
),
relations as (
  select c.oid, c.reltype, s.nspname || '.' || c.relname as name, c.relkind
  from pg_catalog.pg_class as c
  join managed as s on s.oid = c.relnamespace
  where c.relkind in ('v', 'm', 'c')
),
routines as (
  select p.oid, s.nspname || '.' || p.proname as name, count(*) over (partition by s.nspname, p.proname) as same_name,
    format('%I.%I(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as signature
  from pg_catalog.pg_proc as p
  join managed as s on s.oid = p.pronamespace
),
going (class, oid) as (
  select 'pg_catalog.pg_type'::regclass::oid, t.oid
  from relations as r
  join pg_catalog.pg_type as t on t.oid = r.reltype or t.typelem = r.reltype and t.typcategory = 'A'
  where r.relkind = 'v' or r.relkind = 'm' and r.name <> all ($3) or r.relkind = 'c' and r.name <> all ($2)
  union
  select 'pg_catalog.pg_proc'::regclass::oid, r.oid
  from routines as r
  where r.same_name > 1
  union
  select o.class, o.oid
  from going as g
  join pg_catalog.pg_depend as d on d.refclassid = g.class and d.refobjid = g.oid and d.deptype = 'n'
  cross join lateral (
    select d.classid as class, d.objid as oid
    where d.classid = 'pg_catalog.pg_proc'::regclass
    union all
    select 'pg_catalog.pg_type'::regclass::oid, t.oid
    from relations as r
    join pg_catalog.pg_type as t on t.oid = r.reltype or t.typelem = r.reltype and t.typcategory = 'A'
    where d.classid = 'pg_catalog.pg_class'::regclass and r.oid = d.objid and r.relkind = 'c'
  ) as o
)
select r.oid, r.name, r.signature, false as "isType"
from routines as r
where not exists (select from going as g where g.class = 'pg_catalog.pg_proc'::regclass and g.oid = r.oid)
union all
select r.oid, r.name, r.name, true
from relations as r
where r.relkind = 'c'
  and not exists (select from going as g where g.class = 'pg_catalog.pg_type'::regclass and g.oid = r.reltype)
order by 2`
