import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Logger } from 'pino'
import { withDatabase } from '../../server/postgres/house.ts'
import { deploy } from './deploy.ts'
import { sqlState } from './error.ts'

/** A freshly deployed database that is thrown away afterwards; addresses as the owner and as `parcelle_server`. */
export type Scratch = { url: string; serverUrl: string; deployMilliseconds: number }

/** The address of another database on the same server. */
export function withDatabaseName(url: string, name: string): string {
  const address = new URL(url)
  address.pathname = `/${name}`
  return address.href
}

/**
 * Drops a database and whoever is still in it. A plain drop comes first: it ends an autovacuum, which the forced one,
 * asked for by a role that is no superuser, refuses to do.
 */
export async function dropDatabase(admin: pg.ClientBase, name: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const force = tries % 2 === 0 ? ' with (force)' : ''
    try {
      await admin.query(`drop database if exists ${name}${force}`)
      return
    } catch (error) {
      if (tries === 6 || !['55006', '42501'].includes(sqlState(error) ?? '')) throw error
    }
  }
}

/**
 * Deploys into a new database and runs something with it: on the server given, whose role must have `createdb` (and
 * whose `parcelle_server` gets a new password), or on an embedded server of its own in a temporary folder. Both are
 * gone afterwards.
 */
export async function withScratchDatabase<T>(
  options: { log: Logger; serverUrl?: string | undefined; name: string },
  run: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  const id = randomBytes(4).toString('hex')
  const config = {
    databaseUrl: options.serverUrl,
    databaseReadUrl: undefined,
    serverPassword: options.serverUrl === undefined ? undefined : randomBytes(12).toString('hex'),
    dataDir: join(tmpdir(), `parcelle-${options.name}-${process.pid}-${id}`),
  }
  try {
    return await withDatabase(config, options.log, (db) =>
      inNewDatabase(db.ownerUrl, `parcelle_${options.name}_${id}`, db.serverPassword ?? '', run),
    )
  } finally {
    await rm(config.dataDir, { recursive: true, force: true })
  }
}

async function inNewDatabase<T>(
  ownerUrl: string,
  name: string,
  serverPassword: string,
  run: (scratch: Scratch) => Promise<T>,
): Promise<T> {
  const admin = new pg.Client({ connectionString: withDatabaseName(ownerUrl, 'postgres') })
  admin.on('error', () => {})
  await admin.connect()
  try {
    await admin.query(`create database ${name}`)
    const url = withDatabaseName(ownerUrl, name)
    const { milliseconds } = await deploy({ url, serverPassword })
    const server = new URL(url)
    server.username = 'parcelle_server'
    server.password = encodeURIComponent(serverPassword)
    return await run({ url, serverUrl: server.href, deployMilliseconds: milliseconds })
  } finally {
    await dropDatabase(admin, name).catch(() => {})
    await admin.end().catch(() => {})
  }
}
