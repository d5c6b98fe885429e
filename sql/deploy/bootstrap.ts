import type pg from 'pg'
import { DeployError, sqlState } from './error.ts'

/** The application roles and the server's login role; they belong to the cluster, not to one database. */
export const roles = {
  visitor: 'app_visitor',
  analyst: 'app_analyst',
  operator: 'app_operator',
  server: 'parcelle_server',
  rule: 'app_rule',
} as const

const searchPath = 'app_public, public, extensions'

/**
 * Checks that this server and this connection can carry Parcelle: PostgreSQL 18 or newer, the database's owner, the
 * right to create roles (or roles that are already as they should be).
 *
 * Throws DeployError PC422 naming what is missing.
 */
export async function checkServer(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{
    version: number
    versionText: string
    database: string
    me: string
    isOwner: boolean
    canCreateRoles: boolean
    isRecovering: boolean
  }>(`
    select
      current_setting('server_version_num')::integer as version,
      current_setting('server_version') as "versionText",
      d.datname as database,
      r.rolname as me,
      r.rolsuper or pg_has_role(r.oid, d.datdba, 'usage') as "isOwner",
      r.rolsuper or r.rolcreaterole as "canCreateRoles",
      pg_is_in_recovery() as "isRecovering"
    from pg_catalog.pg_database as d, pg_catalog.pg_roles as r
    where d.datname = current_database() and r.rolname = current_user
  `)
  const server = rows[0]
  if (server === undefined) throw new DeployError('the server does not know this database', { code: 'PC500' })
  const refuse = (message: string, hint: string) => new DeployError(message, { code: 'PC422', hint })
  if (server.version < 180000) {
    throw refuse(
      `PostgreSQL ${server.versionText} is too old, 18 or newer is needed`,
      'Point DATABASE_URL at a PostgreSQL 18 server, or leave it out to use the embedded one.',
    )
  }
  if (server.isRecovering) {
    throw refuse('this server is a standby', 'Point DATABASE_URL at the primary server.')
  }
  if (!server.isOwner) {
    throw refuse(
      `role ${server.me} does not own database ${server.database}`,
      `Run: alter database ${server.database} owner to ${server.me}`,
    )
  }
  if (!server.canCreateRoles && !(await areRolesReady(client))) {
    throw refuse(
      `role ${server.me} may not create the roles ${Object.values(roles).join(', ')}`,
      `Run: alter role ${server.me} createrole`,
    )
  }
}

/**
 * Makes what a deploy stands on: the five roles, the bookkeeping schema and its tables, the database's search path.
 *
 * Idempotent; where everything is there already it only reads. `serverPassword`, when given, becomes the password of
 * `parcelle_server`.
 */
export async function bootstrap(client: pg.ClientBase, serverPassword?: string): Promise<void> {
  if (!(await areRolesReady(client))) await retryRace(() => createRoles(client))
  if (serverPassword !== undefined) await retryRace(() => setPassword(client, serverPassword))
  await retryRace(() => createBookkeeping(client))
  await setDatabaseDefaults(client)
}

/** Sets what belongs to the database itself and is not copied from a template: its search path. */
export async function setDatabaseDefaults(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ command: string }>(
    `select format('alter database %I set search_path = %s', d.datname, $1::text) as command
    from pg_catalog.pg_database as d
    where d.datname = current_database()
      and not exists (
        select from pg_catalog.pg_db_role_setting as s
        where s.setdatabase = d.oid and s.setrole = 0 and 'search_path=' || $1 = any (s.setconfig)
      )`,
    [searchPath],
  )
  const command = rows[0]?.command
  if (command !== undefined) await retryRace(() => client.query(command))
}

async function areRolesReady(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ ready: boolean }>(
    `select
      (select count(*) = 5 from pg_catalog.pg_roles where rolname in ($1, $2, $3, $4, $5))
      and (
        select count(distinct (g.rolname, m.rolname)) = 6
        from pg_catalog.pg_auth_members as a
        join pg_catalog.pg_roles as g on g.oid = a.roleid
        join pg_catalog.pg_roles as m on m.oid = a.member
        where a.set_option and g.rolname in ($1, $2, $5) and m.rolname in ($3, current_user)
      )
      and exists (
        select from pg_catalog.pg_auth_members as a
        join pg_catalog.pg_roles as m on m.oid = a.member
        where a.roleid = (select r.oid from pg_catalog.pg_roles as r where r.rolname = $2)
          and m.rolname = $5 and a.inherit_option
      )
      and exists (
        select from pg_catalog.pg_auth_members as a
        where a.roleid = (select r.oid from pg_catalog.pg_roles as r where r.rolname = $4)
          and a.member = (select r.oid from pg_catalog.pg_roles as r where r.rolname = current_user)
          and a.set_option and a.inherit_option
      ) as ready`,
    [roles.visitor, roles.analyst, roles.server, roles.rule, roles.operator],
  )
  return rows[0]?.ready === true
}

async function createRoles(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>('select rolname from pg_catalog.pg_roles')
  const existing = new Set(rows.map((row) => row.rolname))
  if (!existing.has(roles.visitor)) await client.query(`create role ${roles.visitor} nologin`)
  if (!existing.has(roles.analyst)) await client.query(`create role ${roles.analyst} nologin`)
  if (!existing.has(roles.operator)) await client.query(`create role ${roles.operator} nologin`)
  if (!existing.has(roles.server)) await client.query(`create role ${roles.server} login noinherit`)
  if (!existing.has(roles.rule)) await client.query(`create role ${roles.rule} nologin`)
  // The owner makes, calls and drops the functions of rules, which belong to that role; it has less rights than the owner.
  await client.query(`grant ${roles.rule} to current_user with inherit true, set true`)
  const members = `${roles.visitor}, ${roles.analyst}, ${roles.operator}`
  await client.query(`grant ${members} to ${roles.server} with inherit false, set true`)
  await client.query(`grant ${roles.analyst} to ${roles.operator} with inherit true, set false`)
  // The owner steps into these roles to test and to generate the API's schema, but never has their rights unasked.
  await client.query(`grant ${members} to current_user with inherit false, set true`)
}

async function setPassword(client: pg.ClientBase, password: string): Promise<void> {
  const { rows } = await client.query<{ command: string }>(
    `select format('alter role ${roles.server} password %L', $1::text) as command`,
    [password],
  )
  if (rows[0] !== undefined) await client.query(rows[0].command)
}

async function createBookkeeping(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ ready: boolean }>(
    `select to_regclass('app_deploy.definitions') is not null as ready`,
  )
  if (rows[0]?.ready === true) return
  await client.query(`
    create schema if not exists app_deploy;
    comment on schema app_deploy is 'What the deploy remembers: migrations run, definitions built.';

    create table if not exists app_deploy.migrations (
      id integer primary key,
      name varchar(100) unique not null,
      hash varchar(40) not null,
      executed_at timestamp default current_timestamp
    );
    alter table app_deploy.migrations enable row level security;
    comment on table app_deploy.migrations is 'Migrations that have run, in the form postgres-migrations gives them.';
    comment on column app_deploy.migrations.id is 'The number its file name begins with.';
    comment on column app_deploy.migrations.name is 'The rest of its file name.';
    comment on column app_deploy.migrations.hash is 'SHA-1 of file name and contents, as it was when it ran.';
    comment on column app_deploy.migrations.executed_at is 'When it ran.';

    create table if not exists app_deploy.definitions (
      path text primary key,
      hash text not null
    );
    alter table app_deploy.definitions enable row level security;
    comment on table app_deploy.definitions is 'Definition files and reference seeds as the last deploy built them.';
    comment on column app_deploy.definitions.path is 'Path from the project''s root.';
    comment on column app_deploy.definitions.hash is 'SHA-256 of the contents.';
  `)
}

/** Two deploys on one cluster may make the same role or schema at the same moment: the loser looks again. */
async function retryRace(attempt: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await attempt()
      return
    } catch (error) {
      const isRace = ['23505', '42710', '42P06', '42P07', 'XX000'].includes(sqlState(error) ?? '')
      if (!isRace || tries === 10) throw error
      await new Promise((resolve) => setTimeout(resolve, 20 * tries + Math.random() * 50))
    }
  }
}
