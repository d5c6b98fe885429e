import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** A body ready to be sent, with what a client needs to ask for it again only when it has changed. */
export interface CachedBody {
  body: Buffer
  type: string
  etag: string
  /** As HTTP writes a date. */
  lastModified: string
}

/** Prepares a body; `changedOn` is the day it last changed, `2024-03-12`. */
export function cachedBody(body: string | Buffer, type: string, changedOn: string): CachedBody {
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const digest = createHash('sha1').update(bytes).digest('base64url').slice(0, 20)
  return {
    body: bytes,
    type,
    etag: `"${digest}"`,
    lastModified: new Date(`${changedOn}T00:00:00Z`).toUTCString(),
  }
}

function isFresh(request: FastifyRequest, { etag, lastModified }: CachedBody): boolean {
  const { 'if-none-match': known, 'if-modified-since': since } = request.headers
  if (known !== undefined) return known.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
  return since !== undefined && Date.parse(since) >= Date.parse(lastModified)
}

/** Sends a body, or 304 to a client that has it already. */
export function sendCached(request: FastifyRequest, reply: FastifyReply, cached: CachedBody): FastifyReply {
  reply
    .header('etag', cached.etag)
    .header('last-modified', cached.lastModified)
    .header('cache-control', 'no-cache')
  if (isFresh(request, cached)) return reply.code(304).send()
  return reply.type(cached.type).send(cached.body)
}
