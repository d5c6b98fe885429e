import pg from 'pg'
import t from 'tap'
import { expectedMigrations, readiness } from '../../server/health.ts'
import { isLoopback, servedRole } from '../../server/session.ts'
import { database } from '../lib/database.ts'
import { serve } from './lib/serve.ts'

const db = await database(t)
const server = await serve(t, db)

t.test('only addresses of this machine itself are answered as analyst', async (t) => {
  for (const host of ['127.0.0.1', '127.1.2.3', '::1', '[::1]', 'localhost', 'LOCALHOST']) {
    t.equal(servedRole(host), 'app_analyst', host)
  }
  for (const host of [
    '0.0.0.0',
    '::',
    '192.168.1.4',
    'example.org',
    '127.0.0.1.example.org',
    'localhost.example.org',
  ]) {
    t.notOk(isLoopback(host), host)
    t.equal(servedRole(host), 'app_visitor', host)
  }
})

t.test('/healthz says who is answered and /readyz that the database is deployed', async (t) => {
  const live = await fetch(`${server.url}/healthz`)
  t.equal(live.status, 200)
  t.match(await live.json(), { status: 'live', answersAs: 'app_analyst' })
  const ready = await fetch(`${server.url}/readyz`)
  t.equal(ready.status, 200)
  const expected = await expectedMigrations()
  t.match(await ready.json(), {
    ready: true,
    database: { ok: true },
    migrations: { ok: true, applied: expected, expected },
    worker: { ok: false, seenAt: null },
  })
  t.match(server.log, [{ role: 'app_analyst', msg: 'answering as app_analyst' }])
})

t.test('a database behind the files, and a worker that runs, are seen', async (t) => {
  await db.query("select app_private.record_worker_heartbeat(array['w1'], 'here', 1)")
  await db.query('delete from app_deploy.migrations where id = (select max(id) from app_deploy.migrations)')
  const ready = await fetch(`${server.url}/readyz`)
  t.equal(ready.status, 503)
  t.match(await ready.json(), { ready: false, migrations: { ok: false }, worker: { ok: true } })
})

t.test('a database that does not answer is said without its address', async (t) => {
  const pool = new pg.Pool({ connectionString: 'postgresql://nobody@127.0.0.1:1/none' })
  t.teardown(() => pool.end())
  const answer = await readiness(pool, 7)
  t.strictSame(answer.database, { ok: false, milliseconds: null, error: 'ECONNREFUSED' })
  t.notOk(answer.ready)
})

t.test('a server that cannot reach its database does not start', async (t) => {
  await t.rejects(serve(t, { ...db, serverUrl: 'postgresql://nobody@127.0.0.1:1/none' }))
})
