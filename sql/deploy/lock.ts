import type pg from 'pg'
import { DeployError, sqlState } from './error.ts'

/** Every deploy of a database holds this advisory lock alone; long work that must not meet one holds it shared. */
export const deployLockKey = 7_203_114_018

/** The schemas whose tables a deploy locks and whose definitions it tears down. */
export const definitionSchemas = ['app_public', 'app_private']

/**
 * Keeps deploys away while long work (an import) runs over several transactions on this connection.
 *
 * Held until the connection ends or `release` is called; waits while a deploy is running.
 */
export async function holdOffDeploys(client: pg.ClientBase): Promise<() => Promise<void>> {
  await client.query('select pg_advisory_lock_shared($1)', [deployLockKey])
  return async () => {
    await client.query('select pg_advisory_unlock_shared($1)', [deployLockKey])
  }
}

/**
 * Locks every managed table and view at once, inside the open transaction.
 *
 * Views come first: a client that reads one holds it while it waits for its tables, and would otherwise deadlock with
 * the drop of the view. Waits at most 300 ms for each, so that clients never queue long behind a deploy that cannot go
 * on; `patient` waits long enough for PostgreSQL to cancel an autovacuum that stands in the way.
 */
export async function lockManaged(client: pg.ClientBase, patient: boolean): Promise<void> {
  await client.query(`set local lock_timeout = '${patient ? 1500 : 300}ms'`)
  const { rows: locked } = await client.query<{ free: boolean }>(
    'select pg_try_advisory_xact_lock($1) as free',
    [deployLockKey],
  )
  if (locked[0]?.free !== true) {
    throw new DeployError('a deploy or an import is running', { code: '55P03' })
  }
  const { rows } = await client.query<{ command: string | null }>(
    `select 'lock table ' || string_agg(format('%I.%I', n.nspname, c.relname), ', '
        order by c.relkind <> 'v', n.nspname, c.relname) || ' in access exclusive mode' as command
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = any ($1) and c.relkind in ('r', 'p', 'v') and not c.relispartition`,
    [definitionSchemas],
  )
  const command = rows[0]?.command
  if (typeof command === 'string') await client.query(command)
}

/** Tells whether a refusal means "somebody is in the way, try again". */
export function isBlocked(error: unknown): boolean {
  return ['55P03', '40P01'].includes(sqlState(error) ?? '')
}

/** Somebody who holds what a deploy needs. Ages in seconds. */
export type Blocker = {
  pid: number
  application: string
  user: string | null
  kind: string | null
  age: number | null
  query: string | null
}

/**
 * Who holds managed tables or the deploy lock right now, longest first. Another role's query and age are only known
 * where this role may see them.
 */
export async function blockers(client: pg.ClientBase): Promise<Blocker[]> {
  const { rows } = await client.query<Blocker>(
    `select distinct on (age, a.pid)
      a.pid, coalesce(a.application_name, '') as application, a.usename as "user", a.backend_type as kind,
      extract(epoch from clock_timestamp() - coalesce(a.xact_start, a.query_start))::float8 as age, a.query
    from pg_catalog.pg_locks as l
    join pg_catalog.pg_stat_activity as a on a.pid = l.pid
    where l.granted and l.pid <> pg_backend_pid()
      and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = current_database())
      and (
        l.locktype = 'advisory' and (l.classid::bigint << 32 | l.objid::bigint) = $2
        or l.locktype = 'relation' and l.relation in (
          select c.oid
          from pg_catalog.pg_class as c
          join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
          where n.nspname = any ($1)
        )
      )
    order by age desc nulls last, a.pid`,
    [definitionSchemas, deployLockKey],
  )
  return rows
}

/** An autovacuum has no user; PostgreSQL hides its kind from whoever may not read all statistics. */
export function isAutovacuum(blocker: Blocker): boolean {
  return blocker.user === null && (blocker.kind === null || blocker.kind === 'autovacuum worker')
}

/** One line about a blocker: `pid 4711 (parcelle import, 312 s): select …`. */
export function describeBlocker(blocker: Blocker): string {
  const name = blocker.application || blocker.kind || 'no application name'
  const age = blocker.age === null ? 'age unknown' : `${Math.round(blocker.age)} s`
  const query = (blocker.query ?? '').replace(/\s+/g, ' ').slice(0, 120)
  return `pid ${blocker.pid} (${name}, ${age})${query === '' ? '' : `: ${query}`}`
}
