import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type pino from 'pino'
import { isLoopback, type ServedRole } from '../session.ts'

/** The identifier of a request: what the caller sent as `x-request-id` when it looks like one, else a new one. */
export function requestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID()
}

/** What holds for every answer: an identifier that the log repeats, and errors that keep their details to the log. */
export function addManners(app: FastifyInstance, log: pino.Logger): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
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
    reply.code(404).send({ error: 'there is nothing here', try: ['/', '/graphql', '/healthz', '/readyz'] }),
  )
}

/**
 * Refuses GraphQL to whoever reached a loopback address under another machine's name: a page of the web whose name was
 * made to point here, or a proxy that forwards strangers. Only there are single sales shown and operations done.
 */
export function refuseStrangers(app: FastifyInstance, role: ServedRole): void {
  if (role === 'app_visitor') return
  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/graphql') || isLoopback(request.hostname)) return
    const message = `this address is not called ${request.hostname}`
    const hint = 'Ask it as 127.0.0.1 or localhost; to serve others set HOST to an address they can reach.'
    return reply.code(403).send({ errors: [{ message, extensions: { code: 'PC403', hint } }] })
  })
}

/**
 * Refuses WebSockets to pages of other sites: browsers let any page open one to any address, this machine's included,
 * and only say whose page it is.
 */
export function refuseForeignPages(app: FastifyInstance): void {
  app.addHook('onRequest', async (request, reply) => {
    const { upgrade, origin, host } = request.headers
    if (upgrade === undefined || origin === undefined) return
    if (URL.canParse(origin) && new URL(origin).host === host) return
    const message = `pages of ${origin} may not subscribe here`
    const hint = 'Subscribe from a page that this server gives, or from a program, which sends no origin.'
    // A connection that asked to be upgraded is nobody's to close any more.
    reply.raw.once('finish', () => request.raw.socket.destroySoon())
    return reply.code(403).send({ errors: [{ message, extensions: { code: 'PC403', hint } }] })
  })
}
