import t from 'tap'
import { z } from 'zod'
import { firstQuery } from '../../../server/first-query.ts'
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

const db = await database(t)
const loopback = await serve(t, db)
const { url } = loopback

for (const host of ['127.0.0.1', '0.0.0.0']) {
  t.test(`every query of the page has an answer on ${host}`, async (t) => {
    const server = host === '127.0.0.1' ? loopback : await serve(t, db, host)
    for (const [name, query] of Object.entries({ ...queries, firstQuery })) {
      const { data, errors } = await server.ask(query, variables[name])
      if (name === 'intake' && host === '0.0.0.0') {
        t.match(errors, [{ extensions: { code: 'PC403' } }], 'sources are not for visitors')
        continue
      }
      t.equal(errors, undefined, name)
      t.ok(data, name)
    }
  })
}

t.test('the page and its files are there, and run nothing from elsewhere', async (t) => {
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
  for (const path of ['/', '/graphql', '/graphiql', '/healthz', '/readyz', '/nothing', '/robots.txt']) {
    const answer = await fetch(`${url}${path}`)
    t.equal(answer.headers.get('x-robots-tag'), 'noindex, nofollow', path)
  }
  t.match(await (await fetch(`${url}/robots.txt`)).text(), 'Disallow: /\n')
})
