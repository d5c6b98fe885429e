import { randomBytes } from 'node:crypto'
import pg from 'pg'
import type { Test } from 'tap'
import { setDatabaseDefaults } from '../../sql/deploy/bootstrap.ts'
import { dropDatabase, withDatabaseName } from '../../sql/deploy/scratch.ts'

/** A database of one test's own. */
export type TestDatabase = {
  /** As the owner, who deploys and works. */
  url: string
  /** As `parcelle_server`, who owns nothing and can only become the application roles. */
  serverUrl: string
  /** A connection as the owner. */
  client: pg.Client
  /** More of them, at most 10. */
  pool: pg.Pool
  /** The rows of a query on `client`. */
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
}

/** Where the runner left what tests need; see run.ts. */
function setting(name: string): string {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run this test with "npm test -- FILE"`)
  return value
}

/**
 * A copy of the deployed template database: real commits, real triggers, nobody else in it. Connections are closed and
 * the copy is dropped when the test ends.
 */
export async function database(t: Test): Promise<TestDatabase> {
  return open(t, new URL(setting('PARCELLE_TEST_TEMPLATE_URL')).pathname.slice(1))
}

/** A database into which nothing has been deployed yet. */
export async function emptyDatabase(t: Test): Promise<TestDatabase> {
  return open(t, 'template0')
}

/** A copy of another test's database, to which nobody may be connected. */
export async function copyOf(t: Test, db: TestDatabase): Promise<TestDatabase> {
  return open(t, new URL(db.url).pathname.slice(1))
}

async function open(t: Test, template: string): Promise<TestDatabase> {
  const templateUrl = setting('PARCELLE_TEST_TEMPLATE_URL')
  const name = `parcelle_test_${randomBytes(6).toString('hex')}`
  const url = withDatabaseName(templateUrl, name)
  await administer(templateUrl, (admin) => admin.query(`create database ${name} template ${template}`))
  const client = new pg.Client({ connectionString: url, application_name: t.fullname.slice(0, 60) })
  const pool = new pg.Pool({ connectionString: url, application_name: t.fullname.slice(0, 60), max: 10 })
  // The copy is dropped with force: a connection a test forgot is told so, which is no failure.
  client.on('error', () => {})
  pool.on('error', () => {})
  t.teardown(async () => {
    await pool.end().catch(() => {})
    await client.end().catch(() => {})
    await administer(templateUrl, (admin) => dropDatabase(admin, name))
  })
  await client.connect()
  if (template !== 'template0') {
    await setDatabaseDefaults(client)
    await client.query('set search_path = app_public, public, extensions')
  }
  return {
    url,
    serverUrl: withDatabaseName(setting('PARCELLE_TEST_SERVER_URL'), name),
    client,
    pool,
    query: async (text, values) => (await client.query(text, values)).rows,
  }
}

/** Runs something on the server's maintenance database. */
async function administer(url: string, run: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: withDatabaseName(url, 'postgres') })
  await admin.connect()
  try {
    await run(admin)
  } finally {
    await admin.end()
  }
}
