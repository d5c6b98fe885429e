import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Running } from './cluster.ts'
import type { Home } from './place.ts'
import { socketFolder } from './port.ts'
import type { Secrets } from './secrets.ts'

/** The address of a database of the embedded server: over its socket where that is possible. */
export function addressOf(
  home: Home,
  running: Pick<Running, 'port'>,
  login: { user: string; password: string; database: string },
): string {
  const host = encodeURIComponent(socketFolder(home) ?? '127.0.0.1')
  return `postgresql://${login.user}:${encodeURIComponent(login.password)}@${host}:${running.port}/${login.database}`
}

/**
 * Sees to it that the embedded server has the owner and the database, as its superuser; what is there stays.
 * The owner may make roles and databases and see what others run, to name who blocks a deploy; it is not a
 * superuser, so that a deploy that works here works on a hosted server.
 */
export async function prepareDatabase(home: Home, running: Running, secrets: Secrets): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await prepareOnce(home, running, secrets)
      return
    } catch (error) {
      // The statement of a command that was killed meanwhile is still under way in the server.
      const isRace = ['23505', '42P04', '42710', '55006'].includes((error as { code?: string }).code ?? '')
      if (!isRace || attempt === 100) throw error
      await sleep(50)
    }
  }
}

async function prepareOnce(home: Home, running: Running, secrets: Secrets): Promise<void> {
  const client = new pg.Client({
    connectionString: addressOf(home, running, {
      user: 'postgres',
      password: secrets.postgres,
      database: 'postgres',
    }),
    application_name: 'parcelle house',
  })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query<{ has_role: boolean; has_database: boolean }>(
      `select exists (select from pg_catalog.pg_roles as r where r.rolname = 'parcelle_owner') as has_role,
              exists (select from pg_catalog.pg_database as d where d.datname = 'parcelle') as has_database`,
    )
    if (!rows[0]?.has_role) {
      await client.query(
        `begin;
         create role parcelle_owner login createrole createdb password ${client.escapeLiteral(secrets.owner)};
         grant pg_read_all_stats to parcelle_owner;
         commit`,
      )
    }
    if (!rows[0]?.has_database) await client.query('create database parcelle owner parcelle_owner')
  } finally {
    await client.end()
  }
}
