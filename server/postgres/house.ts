import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { type Binaries, findBinaries } from './binaries.ts'
import { checkServer } from './check.ts'
import { type Running, runningServer, startServer, stopServer } from './cluster.ts'
import { initialise } from './initialise.ts'
import { endLease, livingLeases, takeLease } from './leases.ts'
import { withLock } from './lock.ts'
import { type Home, openHome } from './place.ts'
import { addressOf, prepareDatabase } from './prepare.ts'
import { openSecrets, type Secrets } from './secrets.ts'
import { watchServer } from './watch.ts'

/** A database to work with. */
export type Database = {
  /** As the role that deploys, imports and works. */
  ownerUrl: string
  /** As the login role that owns nothing; as the owner when `DATABASE_URL` is given without its password. */
  serverUrl: string
  /** A replica for reads, when there is one. */
  readUrl: string | undefined
  /** The password that the deploy gives to the server's login role, when there is one. */
  serverPassword: string | undefined
  /** Whether it is the embedded server. */
  embedded: boolean
  /** The folder for what the project keeps beside the database, absolute. */
  dataDir: string
}

type HouseConfig = Pick<Config, 'databaseUrl' | 'databaseReadUrl' | 'serverPassword' | 'dataDir'>

function givenDatabase(config: HouseConfig, url: string): Database {
  let serverUrl = url
  if (config.serverPassword !== undefined) {
    const address = new URL(url)
    address.username = 'parcelle_server'
    address.password = encodeURIComponent(config.serverPassword)
    serverUrl = address.href
  }
  return {
    ownerUrl: url,
    serverUrl,
    readUrl: config.databaseReadUrl,
    serverPassword: config.serverPassword,
    embedded: false,
    dataDir: config.dataDir,
  }
}

/** Starts a server, or finds one, and prepares it; one that was found while it was being killed is started again. */
async function startPrepared(
  home: Home,
  binaries: Binaries,
  secrets: Secrets,
  log: Logger,
): Promise<Running> {
  for (let attempt = 1; ; attempt++) {
    const running = await startServer(home, binaries, log)
    try {
      await prepareDatabase(home, running, secrets)
      return running
    } catch (error) {
      // A killed process closes its sockets some moments before it is gone.
      await sleep(200)
      if (attempt === 3 || runningServer(home)?.pid === running.pid) throw error
      log.warn({ err: error }, 'the database went away while it was being looked at: starting it again')
    }
  }
}

type Entered = { db: Database; lease: string; binaries: Binaries }

async function enter(home: Home, config: HouseConfig, log: Logger): Promise<Entered> {
  return withLock(home.lock, { user: home.user }, async () => {
    const lease = takeLease(home.leases, home.user, process.argv.slice(2).join(' '))
    try {
      const secrets = openSecrets(home)
      const binaries = findBinaries(home.user, home.folder)
      initialise(home, binaries, secrets)
      const running = await startPrepared(home, binaries, secrets, log)
      const database = 'parcelle'
      const db: Database = {
        ownerUrl: addressOf(home, running, { user: 'parcelle_owner', password: secrets.owner, database }),
        serverUrl: addressOf(home, running, { user: 'parcelle_server', password: secrets.server, database }),
        readUrl: config.databaseReadUrl,
        serverPassword: secrets.server,
        embedded: true,
        dataDir: config.dataDir,
      }
      return { db, lease, binaries }
    } catch (error) {
      endLease(lease)
      if (livingLeases(home.leases).length === 0) await stopServer(home, log)
      throw error
    }
  })
}

async function leave(home: Home, lease: string, log: Logger): Promise<void> {
  await withLock(home.lock, { user: home.user }, async () => {
    endLease(lease)
    if (livingLeases(home.leases).length === 0) await stopServer(home, log)
  })
}

/**
 * Runs something with a database.
 *
 * With `DATABASE_URL` that is the server given, after a look at its version and rights. Otherwise it is the
 * embedded PostgreSQL in the data folder: started when no other command has it running, shared with the commands
 * that do, started again when it is killed meanwhile, and stopped by the last one to leave. A second run after a kill -9, of a command or of the server,
 * finds the database as its last commit left it.
 *
 * @throws Failure when there is no usable database; whatever `run` throws, after leaving.
 */
export async function withDatabase<T>(
  config: HouseConfig,
  log: Logger,
  run: (db: Database) => Promise<T>,
): Promise<T> {
  if (config.databaseUrl !== undefined) {
    await checkServer(config.databaseUrl)
    return run(givenDatabase(config, config.databaseUrl))
  }
  const home = openHome(config.dataDir)
  if (home.isElsewhere) {
    log.info(
      { folder: home.folder },
      "the server's account cannot enter the data folder: the database is elsewhere",
    )
  }
  const { db, lease, binaries } = await enter(home, config, log)
  const stopWatching = watchServer(home, binaries, log)
  try {
    return await run(db)
  } finally {
    await stopWatching()
    await leave(home, lease, log)
  }
}
