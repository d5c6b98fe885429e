import '../../../server/graphile-env.ts'
import pino from 'pino'
import t from 'tap'
import { z } from 'zod'
import { firstQuery } from '../../../server/first-query.ts'
import { startServer } from '../../../server/main.ts'
import { database } from '../../lib/database.ts'
import { serve } from '../lib/serve.ts'

// The page's script runs in browsers as it is, so it has no types.
const page: string = '../../../server/web/queries.js'
const queries = z.record(z.string(), z.string()).parse({ ...(await import(page)) })
const variables: Record<string, Record<string, unknown>> = {
  ranking: { type: 'flat', year: 2024, order: ['NATION_RANK_ASC', 'INSEE_CODE_ASC'] },
  names: { codes: ['44109'] },
  communeByCode: { code: '44109' },
  communeByName: { name: 'Nantes' },
  commune: { code: '44109' },
}

for (const host of ['127.0.0.1', '0.0.0.0']) {
  t.test(`every query of the page has an answer on ${host}`, async (t) => {
    const server = await serve(t, await database(t), host)
    for (const [name, query] of Object.entries({ ...queries, firstQuery })) {
      const { data, errors } = await server.ask(query, variables[name])
      t.equal(errors, undefined, name)
      t.ok(data, name)
    }
  })
}

t.test('the page and its files are there, and run nothing from elsewhere', async (t) => {
  const { url } = await serve(t, await database(t))
  const answer = await fetch(url)
  const html = await answer.text()
  t.match(answer.headers.get('content-security-policy'), /script-src 'self'/)
  t.notMatch(html, /(?:src|href)="https?:/)
  t.match(html, /href="\/graphiql"/)
  const script = await (await fetch(`${url}/dashboard.js`)).text()
  const files = [...`${html}${script}`.matchAll(/(?:src="|href="|from '\.)(\/[^"']+)["']/g)]
  t.ok(files.length >= 5)
  for (const [, path = ''] of files) t.equal((await fetch(`${url}${path}`)).status === 404, false, path)
})

t.test('search engines are kept from everything', async (t) => {
  const { url } = await serve(t, await database(t))
  for (const path of ['/', '/graphql', '/graphiql', '/healthz', '/readyz', '/nothing', '/robots.txt']) {
    const answer = await fetch(`${url}${path}`)
    t.equal(answer.headers.get('x-robots-tag'), 'noindex, nofollow', path)
  }
  t.match(await (await fetch(`${url}/robots.txt`)).text(), 'Disallow: /\n')
})

t.test('in production the page does not lead to GraphiQL', async (t) => {
  const db = await database(t)
  const server = await startServer({
    config: { host: '127.0.0.1', port: 0, nodeEnv: 'production' },
    log: pino({ level: 'silent' }),
    db: { serverUrl: db.serverUrl },
  })
  t.teardown(() => server.close())
  t.notMatch(await (await fetch(server.url)).text(), /graphiql/i)
})
