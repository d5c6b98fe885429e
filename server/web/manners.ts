import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type pino from 'pino'

/** The identifier of a request: what the caller sent as `x-request-id` when it looks like one, else a new one. */
export function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
}

/**
 * What holds for every answer: an identifier that the log repeats, no search engine (LPF R*112 A-3 keeps single sales
 * out of them), and errors that keep their details to the log. `/` leads to GraphiQL where there is one.
 */
export function addManners(app: FastifyInstance, options: { log: pino.Logger; home: string | null }): void {
  const { log, home } = options
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    reply.header('x-robots-tag', 'noindex, nofollow, noarchive')
    reply.header('x-content-type-options', 'nosniff')
  })
  app.addHook('onResponse', async (request, reply) => {
    const { id, method, url } = request
    log.debug(
      { request: id, method, url, status: reply.statusCode, milliseconds: Math.round(reply.elapsedTime) },
      'answered',
    )
  })
  app.setErrorHandler((error, request, reply) => {
    const told = error instanceof Error ? error : new Error(String(error))
    const status = 'statusCode' in told && typeof told.statusCode === 'number' ? told.statusCode : 500
    if (status < 500) return reply.code(status).send({ error: told.message })
    log.error({ err: told, request: request.id }, 'a request failed')
    return reply.code(status).send({ error: 'something went wrong here', request: request.id })
  })
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ error: 'there is nothing here', try: ['/graphql', '/healthz', '/readyz'] }),
  )
  app.get('/robots.txt', async (_request, reply) => {
    reply.type('text/plain; charset=utf-8')
    return 'User-agent: *\nDisallow: /\n'
  })
  if (home !== null) app.get('/', async (_request, reply) => reply.redirect(home))
}
