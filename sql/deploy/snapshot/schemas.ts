import type pg from 'pg'
import type { Facts } from './facts.ts'
import { ourSchemas } from './facts.ts'

/** Settings that belong to the database itself. */
export async function databaseSettings(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ setting: string }>(
    `select unnest(s.setconfig) as setting
    from pg_catalog.pg_db_role_setting as s
    join pg_catalog.pg_database as d on d.oid = s.setdatabase
    where d.datname = current_database() and s.setrole = 0
    order by 1`,
  )
  return rows.map(({ setting }) => `-- The database sets ${setting.replace('=', ' = ')}\n`)
}

/** The schemas with what is said about them and who may enter. */
export async function schemas(client: pg.ClientBase, facts: Facts): Promise<string[]> {
  const { rows } = await client.query<{ oid: number; name: string }>(
    `select n.oid, quote_ident(n.nspname) as name
    from pg_catalog.pg_namespace as n
    where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'public')
    order by coalesce(array_position($1, n.nspname::text), 99), n.nspname`,
    [ourSchemas],
  )
  return rows.map(({ oid, name }) =>
    [
      `create schema ${name};`,
      // The worker's own comments and grants change with its versions.
      ...(name === 'graphile_worker' ? [] : facts.comment('pg_namespace', oid, `schema ${name}`)),
      ...(name === 'graphile_worker' ? [] : facts.grants('pg_namespace', oid, `schema ${name}`)),
      '',
    ].join('\n'),
  )
}

/** The extensions, without their versions, which come with the server. */
export async function extensions(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select format('create extension %I with schema %I;', e.extname, n.nspname) as line
    from pg_catalog.pg_extension as e
    join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
    where e.extname <> 'plpgsql'
    order by e.extname`,
  )
  return rows.length === 0 ? [] : [`${rows.map(({ line }) => line).join('\n')}\n`]
}

/** What is granted on objects yet to be made. */
export async function defaultPrivileges(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(
    `select format('-- By default %s%s may: %s',
        case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
          when 'T' then 'types' when 'n' then 'schemas' else d.defaclobjtype::text end,
        ' in ' || quote_ident(n.nspname),
        coalesce((
          select string_agg(p.privilege, ', ' order by p.privilege)
          from (
            select case a.grantee when 0 then 'public' else pg_get_userbyid(a.grantee)::text end
              || ' ' || lower(a.privilege_type) as privilege
            from aclexplode(d.defaclacl) as a
            where a.grantee <> d.defaclrole
          ) as p
        ), 'only the owner')) as line
    from pg_catalog.pg_default_acl as d
    left join pg_catalog.pg_namespace as n on n.oid = d.defaclnamespace
    where n.nspname is null or n.nspname <> 'graphile_worker'
    order by 1`,
  )
  return rows.length === 0 ? [] : [`${rows.map(({ line }) => line).join('\n')}\n`]
}
