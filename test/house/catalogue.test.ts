import t from 'tap'
import { database } from '../lib/database.ts'
import { finds } from './lib/none.ts'

// Partitions are data; members of extensions are not ours; app_deploy is made by the deploy itself.
const head = `
  with schemas as (
    select n.oid, n.nspname as name
    from pg_catalog.pg_namespace as n
    where n.nspname in ('app_base', 'app_public', 'app_private', 'app_deploy')
  ),
  relations as (
    select c.*, s.name as schema, s.name || '.' || c.relname as name,
      format('sql/policies/%s/%s.sql', s.name, c.relname) as policies_file
    from pg_catalog.pg_class as c
    join schemas as s on s.oid = c.relnamespace
    where not c.relispartition and c.relkind in ('r', 'p', 'v', 'm')
  ),
  functions as (
    select p.*, s.name as schema, format('%s.%s(%s)', s.name, p.proname, pg_get_function_identity_arguments(p.oid)) as name
    from pg_catalog.pg_proc as p
    join schemas as s on s.oid = p.pronamespace
    where not exists (
      select from pg_catalog.pg_depend as d
      where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i')
    )
  )`

t.test('the schema', async (t) => {
  const db = await database(t)

  await t.test('every table, view and materialized view says what it means', (t) =>
    finds(
      t,
      db,
      `${head} select format('%s has no comment: add it to %s', r.name, r.policies_file) as offender
      from relations as r
      where obj_description(r.oid, 'pg_class') is null`,
    ),
  )

  await t.test('every column of a table says what it means', (t) =>
    finds(
      t,
      db,
      `${head} select format('%s: no comment on %s: add to %s', r.name,
          string_agg(a.attname, ', ' order by a.attnum), r.policies_file) as offender
      from relations as r
      join pg_catalog.pg_attribute as a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
      where r.relkind in ('r', 'p') and col_description(r.oid, a.attnum) is null
      group by r.name, r.policies_file`,
    ),
  )

  await t.test('every function says what it gives', (t) =>
    finds(
      t,
      db,
      `${head} select format('%s has no comment', f.name) as offender
      from functions as f
      where obj_description(f.oid, 'pg_proc') is null`,
    ),
  )

  await t.test('every enum, domain and composite type says what it is', (t) =>
    finds(
      t,
      db,
      `${head} select format('type %s.%s has no comment', s.name, y.typname) as offender
      from pg_catalog.pg_type as y
      join schemas as s on s.oid = y.typnamespace
      left join pg_catalog.pg_class as c on c.oid = y.typrelid
      where (y.typtype in ('e', 'd') or c.relkind = 'c') and obj_description(y.oid, 'pg_type') is null`,
    ),
  )

  await t.test('row level security is on for every table', (t) =>
    finds(
      t,
      db,
      `${head} select format('%s: alter table … enable row level security, in its migration', r.name) as offender
      from relations as r
      where r.relkind in ('r', 'p') and not r.relrowsecurity`,
    ),
  )

  await t.test('nothing is given to public', (t) =>
    finds(
      t,
      db,
      `${head} select format('public may %s %s', lower(a.privilege_type), f.name) as offender
      from functions as f
      cross join lateral aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) as a
      where a.grantee = 0
      union all
      select format('public may %s %s', lower(a.privilege_type), r.name)
      from relations as r
      cross join lateral aclexplode(r.relacl) as a
      where a.grantee = 0
      union all
      select format('public may %s %s', lower(a.privilege_type), s.name)
      from schemas as s
      join pg_catalog.pg_namespace as n on n.oid = s.oid
      cross join lateral aclexplode(n.nspacl) as a
      where a.grantee = 0`,
    ),
  )

  await t.test('grants to insert and update list their columns', (t) =>
    finds(
      t,
      db,
      `${head} select format('%s may %s any column of %s', pg_get_userbyid(a.grantee), lower(a.privilege_type), r.name) as offender
      from relations as r
      cross join lateral aclexplode(r.relacl) as a
      where a.grantee <> r.relowner and a.privilege_type in ('INSERT', 'UPDATE')`,
    ),
  )

  await t.test('the visitor reaches nothing in app_private and no single sale', (t) =>
    finds(
      t,
      db,
      `${head} select format('app_visitor may %s %s', p.privilege, r.name) as offender
      from relations as r
      cross join unnest('{select,insert,update,delete}'::text[]) as p (privilege)
      where (r.schema in ('app_private', 'app_deploy') or r.relname ~ '^transaction')
        and has_table_privilege('app_visitor', r.oid, p.privilege)`,
    ),
  )

  await t.test(
    'the login role of the server owns nothing, inherits nothing and may do nothing by itself',
    (t) =>
      finds(
        t,
        db,
        `${head} select format('parcelle_server may read %s', r.name) as offender
      from relations as r
      where has_table_privilege('parcelle_server', r.oid, 'select')
      union all
      select format('parcelle_server may execute %s', f.name)
      from functions as f
      where has_function_privilege('parcelle_server', f.oid, 'execute')
      union all
      select 'parcelle_server inherits' from pg_catalog.pg_roles where rolname = 'parcelle_server' and rolinherit`,
      ),
  )

  await t.test('every foreign key has an index to find its rows by', (t) =>
    finds(
      t,
      db,
      `${head} select format('%s: no index begins with (%s), the columns of %s', r.name,
          (select string_agg(a.attname, ', ') from pg_catalog.pg_attribute as a
           where a.attrelid = r.oid and a.attnum = any (k.conkey)), k.conname) as offender
      from relations as r
      join pg_catalog.pg_constraint as k on k.conrelid = r.oid and k.contype = 'f' and k.conparentid = 0
      where not exists (
        select from pg_catalog.pg_index as i
        where i.indrelid = r.oid
          and (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey
          and (i.indpred is null or pg_get_expr(i.indpred, r.oid) ~ 'IS NOT NULL')
      )`,
    ),
  )

  await t.test('a security definer function pins its search path', (t) =>
    finds(
      t,
      db,
      `${head} select f.name as offender
      from functions as f
      where f.prosecdef and not exists (select from unnest(f.proconfig) as s where s ~ '^search_path=')`,
    ),
  )

  await t.test('a PL/pgSQL function pins its search path', (t) =>
    finds(
      t,
      db,
      `${head} select f.name as offender
      from functions as f
      join pg_catalog.pg_language as l on l.oid = f.prolang
      where l.lanname = 'plpgsql' and not exists (select from unnest(f.proconfig) as s where s ~ '^search_path=')`,
    ),
  )

  await t.test('a view has the rights of whoever reads it', (t) =>
    finds(
      t,
      db,
      `${head} select format('%s: create view … with (security_invoker)', r.name) as offender
      from relations as r
      where r.relkind = 'v' and not coalesce(r.reloptions && '{security_invoker=true,security_invoker=on}', false)`,
    ),
  )

  await t.test('a materialized view has a unique index, so that it can be refreshed under its readers', (t) =>
    finds(
      t,
      db,
      `${head} select r.name as offender
      from relations as r
      where r.relkind = 'm' and not exists (
        select from pg_catalog.pg_index as i where i.indrelid = r.oid and i.indisunique and i.indpred is null
      )`,
    ),
  )
})
