import type pg from 'pg'
import type { KeptObjects } from './build.ts'
import { definitionSchemas } from './lock.ts'

/**
 * Takes every definition found in the catalogue away: triggers, policies, views, materialized views, routines,
 * composite types, and what was granted on or said about tables, columns and sequences.
 *
 * What is kept stays; kept routines only lose what was granted on and said about them. Members of extensions and partitions are left alone.
 * Nothing cascades: refused drops are tried again after the others; when a round drops nothing the deploy stops with
 * PC409 and PostgreSQL's own detail.
 */
export async function teardown(client: pg.ClientBase, kept: KeptObjects): Promise<void> {
  const { rows } = await client.query<{ command: string }>(commandsQuery, [
    definitionSchemas,
    [...kept.matviews, ...kept.types].map(({ name }) => name),
    kept.routines.map(({ oid }) => oid),
  ])
  const commands = JSON.stringify(rows.map((row) => row.command))
  await client.query(`select set_config('parcelle.teardown', $1, true)`, [commands])
  await client.query(dropInRounds)
  await client.query(`select set_config('parcelle.teardown', '', true)`)
}

const commandsQuery = `
with
managed as (
  select n.oid, n.nspname from pg_catalog.pg_namespace as n where n.nspname = any ($1)
),
relations as (
  select c.*, format('%I.%I', s.nspname, c.relname) as name,
    c.relkind in ('m', 'c') and s.nspname || '.' || c.relname = any ($2) as is_kept
  from pg_catalog.pg_class as c
  join managed as s on s.oid = c.relnamespace
  where not c.relispartition and not exists (
    select from pg_catalog.pg_depend as d
    where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'
  )
),
commands as (
  select 1 as rank, t.oid, format('drop trigger %I on %s', t.tgname, r.name) as command
  from pg_catalog.pg_trigger as t
  join relations as r on r.oid = t.tgrelid
  where not t.tgisinternal and t.tgparentid = 0
  union all
  select 2, p.oid, format('drop policy %I on %s', p.polname, r.name)
  from pg_catalog.pg_policy as p
  join relations as r on r.oid = p.polrelid
  union all
  select 3, r.oid, format('drop %s %s', case r.relkind when 'v' then 'view' else 'materialized view' end, r.name)
  from relations as r
  where r.relkind in ('v', 'm') and not r.is_kept
  union all
  select 4, p.oid, format('drop routine %I.%I(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
  from pg_catalog.pg_proc as p
  join managed as s on s.oid = p.pronamespace
  where p.oid <> all ($3) and not exists (
    select from pg_catalog.pg_depend as d
    where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype in ('e', 'i')
  )
  union all
  select 5, r.oid, format('drop type %s', r.name)
  from relations as r
  where r.relkind = 'c' and not r.is_kept
  union all
  select 6, r.oid, format('revoke all on %s %s from %s',
    case r.relkind when 'S' then 'sequence' else 'table' end, r.name,
    case g.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end)
  from relations as r
  cross join lateral (
    select a.grantee from aclexplode(r.relacl) as a
    union
    select a.grantee
    from pg_catalog.pg_attribute as c
    cross join lateral aclexplode(c.attacl) as a
    where c.attrelid = r.oid
  ) as g
  where r.relkind in ('r', 'p', 'S') and g.grantee <> r.relowner
  union all
  select 7, r.oid, case d.objsubid
    when 0 then format('comment on table %s is null', r.name)
    else format('comment on column %s.%I is null', r.name, c.attname)
  end
  from relations as r
  join pg_catalog.pg_description as d on d.classoid = 'pg_catalog.pg_class'::regclass and d.objoid = r.oid
  left join pg_catalog.pg_attribute as c on c.attrelid = r.oid and c.attnum = d.objsubid and d.objsubid > 0
  where r.relkind in ('r', 'p')
  union all
  select 6, p.oid, format('revoke all on routine %s from %s', p.oid::regprocedure,
    case a.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end)
  from pg_catalog.pg_proc as p
  cross join lateral aclexplode(p.proacl) as a
  where p.oid = any ($3) and a.grantee <> p.proowner
  union all
  select 7, p.oid, format('comment on routine %s is null', p.oid::regprocedure)
  from pg_catalog.pg_proc as p
  where p.oid = any ($3) and obj_description(p.oid, 'pg_proc') is not null
)
select command from commands order by rank, oid desc, command`

// Reversed order of creation, as the query gives it, lets most drops pass in the first round.
const dropInRounds = `
do $teardown$
declare
  waiting text[] := array(select json_array_elements_text(current_setting('parcelle.teardown')::json));
  refused text[];
  command text;
  first_message text;
  first_detail text;
begin
  while cardinality(waiting) > 0 loop
    refused := '{}';
    foreach command in array waiting loop
      begin
        execute command;
      exception when dependent_objects_still_exist then
        if refused = '{}' then
          get stacked diagnostics first_message = message_text, first_detail = pg_exception_detail;
        end if;
        refused := refused || command;
      end;
    end loop;
    if cardinality(refused) = cardinality(waiting) then
      raise exception using
        errcode = 'PC409',
        message = first_message,
        detail = first_detail,
        hint = 'Something stored rests on a definition. Drop it, or move the function to app_base by a migration.';
    end if;
    waiting := refused;
  end loop;
end
$teardown$`
