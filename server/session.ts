import { isIP } from 'node:net'
import pg from 'pg'

/** The application roles a request can be answered as. */
export const servedRoles = ['app_operator', 'app_analyst', 'app_visitor'] as const

/** `app_visitor` sees aggregates only, `app_analyst` single sales and homes too, `app_operator` leads besides. */
export type ServedRole = (typeof servedRoles)[number]

/** Whether only this machine can reach an address to bind to; a name other than localhost is taken as reachable. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  if (bare === 'localhost' || bare === '::1') return true
  return isIP(bare) === 4 && bare.startsWith('127.')
}

/**
 * The role a server on this address answers as. Without API keys nobody is known, so single sales (which the law
 * keeps from search engines) stay on the machine itself; whether whoever reaches it there is an operator, who sees
 * leads, is for whoever starts the server to say.
 */
export function servedRole(host: string, loopbackRole: 'analyst' | 'operator' = 'analyst'): ServedRole {
  return isLoopback(host) ? `app_${loopbackRole}` : 'app_visitor'
}

/** How long one statement of a query may take, milliseconds; a deploy it has to wait for counts too. */
export const statementTimeout = 20_000
/** How long one statement of a mutation may take, milliseconds: the sync of a whole market among them. */
export const writeTimeout = 900_000

/**
 * Connections for requests: as one application role, planned with the values of each request. Those for queries are
 * read-only and never wait long; those for mutations (`use` "write") may do what the role may.
 *
 * The role is part of the connection, so that no request can be answered without it and none pays a transaction for
 * it. Who logs in must be allowed to become it.
 *
 * A search's unused conditions are null parameters; only a plan made for the actual values can leave them out and
 * pick the index of the others.
 */
export function createPool(
  url: string,
  role: ServedRole,
  onError: (error: Error) => void,
  use: 'read' | 'write' = 'read',
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'parcelle server',
    max: use === 'read' ? 10 : 4,
    idleTimeoutMillis: 60_000,
    connectionTimeoutMillis: 20_000,
    options: [
      `-c role=${role}`,
      `-c default_transaction_read_only=${use === 'read' ? 'on' : 'off'}`,
      '-c plan_cache_mode=force_custom_plan',
      `-c statement_timeout=${use === 'read' ? statementTimeout : writeTimeout}`,
      '-c idle_in_transaction_session_timeout=30000',
      '-c jit=off',
    ].join(' '),
  })
  pool.on('error', onError)
  pool.on('connect', (client) => client.on('error', onError))
  return pool
}
