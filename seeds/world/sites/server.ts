import { appendFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type FaultKind, type FaultPlan, type FaultRule, isRobots, newFaults } from './faults.ts'
import { challengePage, loginPage, rebuiltMarkup } from './html.ts'

/** A request as the site's own log has it. */
export interface SiteRequest {
  /** When it arrived, in milliseconds since 1970, with fractions. */
  at: number
  method: string
  /** With its query. */
  path: string
  userAgent: string
  /** Of the answer; 0 where the connection was broken off, or before it was answered. */
  status: number
  fault: FaultKind | null
  /** What Retry-After said, where the answer had one. */
  retryAfter?: string
}

/** What robots.txt says: its text, null where there is none (404), or the status with which it fails. */
export type Robots = string | null | { status: number }

/** A site to be started. */
export interface SiteOptions {
  name: string
  /** Faults are drawn from it. */
  seed: string | number
  /** Any free one unless told. */
  port?: number
  faults?: FaultPlan
  /** Everything is allowed unless told. */
  robots?: Robots
  /** Requests that the site stands in any second; beyond it answers 429 with Retry-After 1. No limit unless told. */
  rate?: number
  /** A file to which each request is added as a line of JSON when it has been answered. */
  logFile?: string
  /** Leaves the log empty: for measuring. */
  isUnlogged?: boolean
  routes: (app: FastifyInstance) => void | Promise<void>
}

/** A running site. */
export interface Site {
  name: string
  /** `http://127.0.0.1:PORT`, without a final slash. */
  url: string
  /** Requests so far, in their order. */
  requests: () => readonly SiteRequest[]
  /** Forgets the requests so far. */
  forgetRequests: () => void
  /** What goes wrong from now on; numbers of requests are counted from 1 again. */
  setFaults: (plan: FaultPlan) => void
  setRobots: (robots: Robots) => void
  close: () => Promise<void>
}

const states = new WeakMap<FastifyRequest, { entry: SiteRequest; rule: FaultRule | null }>()

/** What is to go wrong with the answer to a request: for routes that spoil their answers in their own manner. */
export function faultOf(request: FastifyRequest): FaultRule | null {
  return states.get(request)?.rule ?? null
}

function retry(reply: FastifyReply, after: number | string | undefined): FastifyReply {
  return after === undefined ? reply : reply.header('retry-after', String(after))
}

/** Answers at once where the fault leaves nothing of the page; gives whether it did. */
async function answerFault(rule: FaultRule, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const { kind, status, retryAfter } = rule
  if (kind === 'slow') await sleep(rule.milliseconds ?? 500)
  if (kind === 'slow' || kind === 'truncated' || kind === 'layout') return false
  if (kind === 'reset') {
    reply.hijack()
    request.raw.socket.destroy()
  } else if (kind === 'too_many') {
    retry(reply, retryAfter ?? 1)
      .code(429)
      .type('text/plain; charset=utf-8')
      .send('Too Many Requests\n')
  } else if (kind === 'error') {
    retry(reply, retryAfter)
      .code(status ?? 500)
      .type('text/html; charset=utf-8')
      .send('<h1>Erreur interne</h1>\n')
  } else if (kind === 'challenge') {
    reply
      .code(status ?? 403)
      .type('text/html; charset=utf-8')
      .send(challengePage())
  } else if (status === 302) reply.redirect('/connexion', 302)
  else
    reply
      .code(status ?? 200)
      .type('text/html; charset=utf-8')
      .send(loginPage())
  return true
}

/** Breaks the connection off after half of the answer, whose whole length was announced. */
function breakOff(reply: FastifyReply, body: Buffer): void {
  const headers = { ...reply.getHeaders(), 'content-length': body.length }
  reply.hijack()
  reply.raw.writeHead(reply.statusCode, headers as Record<string, string | number>)
  reply.raw.write(body.subarray(0, Math.floor(body.length / 2)), () => reply.raw.destroy())
}

function sendRobots(reply: FastifyReply, robots: Robots): FastifyReply {
  if (typeof robots === 'string') return reply.type('text/plain; charset=utf-8').send(robots)
  return reply
    .code(robots === null ? 404 : robots.status)
    .type('text/plain')
    .send('\n')
}

/**
 * Starts a site of the simulated world on 127.0.0.1. It answers what its routes answer, goes wrong as its faults say,
 * and writes down who asked what and when.
 */
export async function startSite(options: SiteOptions): Promise<Site> {
  const { name, logFile, rate } = options
  const faults = newFaults(`${options.seed}/${name}`, options.faults ?? [])
  let robots: Robots = options.robots === undefined ? 'User-agent: *\nAllow: /\n' : options.robots
  let log: SiteRequest[] = []
  const recent: number[] = []

  const isTooMany = (at: number): boolean => {
    if (rate === undefined) return false
    while (recent.length > 0 && at - (recent[0] ?? 0) >= 1000) recent.shift()
    if (recent.length >= rate) return true
    recent.push(at)
    return false
  }

  const app = fastify({
    logger: false,
    forceCloseConnections: true,
    return503OnClosing: false,
    exposeHeadRoutes: true,
  })
  app.addHook('onRequest', async (request, reply) => {
    const at = performance.timeOrigin + performance.now()
    const path = request.raw.url ?? '/'
    const rule = isTooMany(at) ? { kind: 'too_many' as const } : faults.next(path)
    const entry: SiteRequest = {
      at,
      method: request.method,
      path,
      userAgent: request.headers['user-agent'] ?? '',
      status: 0,
      fault: rule?.kind ?? null,
    }
    if (options.isUnlogged !== true) log.push(entry)
    states.set(request, { entry, rule })
    reply.raw.once('close', () => {
      if (reply.raw.writableFinished) entry.status = reply.raw.statusCode
      const after = reply.getHeader('retry-after')
      if (after !== undefined) entry.retryAfter = String(after)
      if (logFile !== undefined) appendFileSync(logFile, `${JSON.stringify(entry)}\n`)
    })
    if (rule !== null && (await answerFault(rule, request, reply))) return reply
    if (isRobots(path)) return sendRobots(reply, robots)
    return undefined
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const rule = faultOf(request)
    if (rule === null || (rule.kind !== 'truncated' && rule.kind !== 'layout')) return payload
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload
    if (rule.kind === 'layout') {
      const isHtml = String(reply.getHeader('content-type')).startsWith('text/html')
      if (!isHtml) return payload
      reply.removeHeader('content-length')
      return rebuiltMarkup(payload.toString())
    }
    const body = Buffer.from(payload)
    if (rule.isQuiet === true) {
      reply.removeHeader('content-length')
      return body.subarray(0, Math.floor(body.length / 2))
    }
    breakOff(reply, body)
    return payload
  })
  app.get('/connexion', (_, reply) => reply.type('text/html; charset=utf-8').send(loginPage()))
  await options.routes(app)
  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 })
  const { port } = app.server.address() as AddressInfo
  return {
    name,
    url: `http://127.0.0.1:${port}`,
    requests: () => log,
    forgetRequests() {
      log = []
    },
    setFaults: faults.setPlan,
    setRobots(next) {
      robots = next
    },
    close: () => app.close(),
  }
}
