import pg from 'pg'
import { Failure } from '../failure.ts'
import { withoutPasswords } from '../log.ts'

/** The oldest server version that will do, as PostgreSQL numbers it. */
const oldest = 180000

/**
 * Checks the server behind `DATABASE_URL`: it answers, is PostgreSQL 18 or newer, and its role may make schemas
 * in the database, and roles in the cluster unless the deploy's are there.
 *
 * @throws Failure that names what is missing and how to give it.
 */
export async function checkServer(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'parcelle house' })
  try {
    await client.connect()
  } catch (cause) {
    throw new Failure(`no connection to ${withoutPasswords(url)}: ${(cause as Error).message}`, {
      hint: 'Check DATABASE_URL, or unset it to use the embedded database.',
      cause,
    })
  }
  try {
    const { rows } = await client.query<{
      version: number
      version_name: string
      role: string
      database: string
      may_make_schemas: boolean
      may_make_roles: boolean
    }>(
      `select pg_catalog.current_setting('server_version_num')::integer as version,
              pg_catalog.current_setting('server_version') as version_name,
              current_user as role,
              pg_catalog.current_database() as database,
              pg_catalog.has_database_privilege(pg_catalog.current_database(), 'create') as may_make_schemas,
              r.rolsuper or r.rolcreaterole or (
                select count(*) = 3 from pg_catalog.pg_roles as made
                where made.rolname in ('app_visitor', 'app_analyst', 'parcelle_server')
              ) as may_make_roles
       from pg_catalog.pg_roles as r
       where r.rolname = current_user`,
    )
    const found = rows[0]
    if (!found) throw new Failure('the server does not say who is connected')
    if (found.version < oldest) {
      throw new Failure(`the server is postgresql ${found.version_name}, 18 or newer is needed`, {
        hint: 'Upgrade the server, or unset DATABASE_URL to use the embedded database.',
      })
    }
    if (!found.may_make_schemas) {
      throw new Failure(`role ${found.role} may not make schemas in database ${found.database}`, {
        hint: `Run: grant create on database ${found.database} to ${found.role}`,
      })
    }
    if (!found.may_make_roles) {
      throw new Failure(`role ${found.role} may not make roles`, {
        hint: `Run: alter role ${found.role} createrole`,
      })
    }
  } finally {
    await client.end()
  }
}
