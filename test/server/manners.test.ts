import '../../server/graphile-env.ts'
import { request } from 'node:http'
import pino from 'pino'
import t from 'tap'
import { startServer } from '../../server/main.ts'
import { requestId } from '../../server/web/manners.ts'
import { database } from '../lib/database.ts'
import { serve } from './lib/serve.ts'

// Building a schema is what takes time: one server of each kind answers all.
const db = await database(t)
const { url } = await serve(t, db)
const production = await startServer({
  config: { host: '127.0.0.1', port: 0, nodeEnv: 'production' },
  log: pino({ level: 'silent' }),
  db: { serverUrl: db.serverUrl },
})
let closing: Promise<void> | undefined
const closeProduction = () => {
  closing ??= production.close()
  return closing
}
t.teardown(closeProduction)

t.test('an answer carries the identifier of its request, given or made', async (t) => {
  const given = await fetch(`${url}/healthz`, { headers: { 'x-request-id': 'mine-1' } })
  t.equal(given.headers.get('x-request-id'), 'mine-1')
  const made = await fetch(`${url}/healthz`)
  t.match(made.headers.get('x-request-id'), /^[0-9a-f-]{36}$/)
  t.not(requestId('two\nlines'), 'two\nlines')
})

t.test('what is not there and what is not JSON is said shortly', async (t) => {
  const missing = await fetch(`${url}/nothing`)
  t.equal(missing.status, 404)
  const broken = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  })
  t.equal(broken.status, 400)
  t.notMatch(await broken.text(), /at .*\.js/)
})

t.test('GraphiQL is there outside production only', async (t) => {
  const graphiql = await fetch(`${url}/graphiql`)
  t.equal(graphiql.status, 200)
  t.match(await graphiql.text(), /ruru/i)
  t.equal((await fetch(`${production.url}/graphiql`)).status, 404)
  t.match(await (await fetch(url)).text(), /href="\/graphiql"/)
  t.notMatch(await (await fetch(production.url)).text(), /graphiql/i, 'and no page leads to it')
})

t.test('a taken port is a failure that says what to do', async (t) => {
  const start = startServer({
    config: { host: '127.0.0.1', port: Number(new URL(url).port), nodeEnv: 'test' },
    log: pino({ level: 'silent' }),
    db: { serverUrl: db.serverUrl },
  })
  await t.rejects(start, { name: 'Failure', message: /in use/, hint: /PORT/ })
})

t.test('closing lets a running request finish', async (t) => {
  await db.query('begin; lock table app_public.regions in access exclusive mode')
  const answer = new Promise<string>((resolve, reject) => {
    const asked = request(`${production.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    })
    asked.on('response', (response) => {
      response.setEncoding('utf8')
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve(text))
    })
    asked.on('error', reject)
    asked.end('{"query":"{ regions(first: 1) { nodes { code } } }"}')
  })
  // The request waits for the table before the server is told to close.
  for (;;) {
    const [waiting] = await db.pool
      .query<{ count: number }>('select count(*)::integer as count from pg_locks where not granted')
      .then(({ rows }) => rows)
    if (waiting?.count === 1) break
  }
  const closed = closeProduction()
  await db.query('commit')
  t.strictSame(JSON.parse(await answer), { data: { regions: { nodes: [{ code: '01' }] } } })
  await closed
})
