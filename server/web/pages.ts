import { readFile } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'

const files = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/dashboard.css': ['dashboard.css', 'text/css; charset=utf-8'],
  '/dashboard.js': ['dashboard.js', 'text/javascript; charset=utf-8'],
  '/queries.js': ['queries.js', 'text/javascript; charset=utf-8'],
} as const

const policy = [
  "default-src 'none'",
  "connect-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * Adds the page at `/` and its files, and keeps search engines away from everything the server says: LPF R*112 A-3
 * forbids that they index sales, so `/robots.txt` refuses crawlers and every answer carries `X-Robots-Tag`.
 *
 * @param options.graphiql whether the page links to GraphiQL, which production does not have.
 */
export async function addPages(app: FastifyInstance, options: { graphiql: boolean }): Promise<void> {
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('x-robots-tag', 'noindex, nofollow').header('x-content-type-options', 'nosniff')
  })
  for (const [path, [file, type]] of Object.entries(files)) {
    const text = await readFile(new URL(file, import.meta.url), 'utf8')
    const shown = options.graphiql ? text : text.replace(/^.*data-graphiql.*\n/m, '')
    app.get(path, async (_request, reply) =>
      reply
        .type(type)
        .header('content-security-policy', policy)
        .header('cache-control', 'no-cache')
        .send(shown),
    )
  }
  app.get('/robots.txt', async (_request, reply) =>
    reply.type('text/plain; charset=utf-8').send('User-agent: *\nDisallow: /\n'),
  )
}
