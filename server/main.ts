import './graphile-env.ts'
import type { AddressInfo } from 'node:net'
import websocket from '@fastify/websocket'
import Fastify from 'fastify'
import type pino from 'pino'
import { postgraphile } from 'postgraphile'
import { grafserv } from 'postgraphile/grafserv/fastify/v5'
import { createChangeFeed } from './change-feed.ts'
import type { Config } from './config.ts'
import { createErrorMask } from './errors.ts'
import { Failure } from './failure.ts'
import { createPreset } from './graphile.config.ts'
import { addHealth, expectedMigrations } from './health.ts'
import { createPool, servedRole } from './session.ts'
import { addManners, refuseForeignPages, refuseStrangers, requestId } from './web/manners.ts'
import { addPages } from './web/pages.ts'

/** The addresses of a database: the server logs in by `serverUrl`; `readUrl` is a replica for reads. */
export type ServerDatabase = { serverUrl: string; readUrl?: string | undefined }

/** A server that listens at `url` until it is closed. */
export type RunningServer = { url: string; role: string; close(): Promise<void> }

/**
 * Starts the server: a page at `/`, GraphQL at `/graphql`, GraphiQL at `/graphiql` outside production, `/healthz` and
 * `/readyz`.
 *
 * On a loopback address requests are answered as `app_analyst` (as `app_operator` where the configuration says so), on any
 * other as `app_visitor`. Throws when the database cannot be reached, and a Failure when the address is taken. `close`
 * finishes running requests first.
 */
export async function startServer(options: {
  config: Pick<Config, 'host' | 'port' | 'nodeEnv'> & Partial<Pick<Config, 'loopbackRole'>>
  log: pino.Logger
  db: ServerDatabase
}): Promise<RunningServer> {
  const { config, db } = options
  const log = options.log.child({ part: 'server' })
  const role = servedRole(config.host, config.loopbackRole)
  const onLost = (error: Error) => log.warn({ err: error }, 'a connection was lost')
  const pool = createPool(db.readUrl ?? db.serverUrl, role, onLost)
  // A visitor operates nothing, so there is nothing for a visitor to write with.
  const writePool = role === 'app_visitor' ? undefined : createPool(db.serverUrl, role, onLost, 'write')
  // A replica may not have yet what a notification announces.
  const feedPool = createPool(db.serverUrl, role, onLost)
  const feed = createChangeFeed(feedPool, db.serverUrl, onLost)
  const app = Fastify({
    logger: false,
    forceCloseConnections: 'idle',
    bodyLimit: 100_000,
    genReqId: ({ headers }) => requestId(headers['x-request-id']),
  })
  const graphiql = config.nodeEnv !== 'production'
  const preset = createPreset({ pool, writePool, feed, graphiql, maskError: createErrorMask(log) })
  const instance = postgraphile(preset)
  const close = async () => {
    await feed.close()
    await app.close()
    await instance.release()
    await pool.end()
    await feedPool.end()
    await writePool?.end()
  }
  try {
    await instance.getSchema()
    await addPages(app, { graphiql })
    addManners(app, log)
    refuseStrangers(app, role)
    refuseForeignPages(app)
    await app.register(websocket, { options: { maxPayload: 100_000 } })
    const serv = instance.createServ(grafserv)
    await serv.addTo(app)
    addHealth(app, { pool, role, expected: await expectedMigrations() })
    await app.listen({ host: config.host, port: config.port })
  } catch (error) {
    await close()
    throw explained(error, config)
  }
  const { port } = app.server.address() as AddressInfo
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  const url = `http://${host}:${port}`
  log.info({ url, role }, `answering as ${role}`)
  return { url, role, close }
}

function explained(error: unknown, { host, port }: Pick<Config, 'host' | 'port'>): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') {
    const hint = 'Stop what listens there, or set PORT to another (0: any free one).'
    return new Failure(`port ${port} of ${host} is in use`, { hint, cause: error })
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EACCES') {
    const hint = 'Set HOST to an address of this machine and PORT to one that is free to use.'
    return new Failure(`cannot listen on ${host}, port ${port}`, { hint, cause: error })
  }
  return error
}
