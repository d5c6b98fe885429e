import pg from 'pg'
import type { Logger } from 'pino'
import { type Config, parseConfig } from '../../config.ts'
import { Failure } from '../../failure.ts'
import { createLog } from '../../log.ts'
import { type Database, withDatabase } from '../../postgres/house.ts'
import type { Output } from './output.ts'

/** What every command has at hand. */
export type CliHouse = {
  /** The environment's configuration, read at first use; throws Failure when a variable is wrong. */
  readonly config: Config
  readonly log: Logger
  readonly out: Output
  /** Aborted by ctrl-C: pass it on, roll back and return. */
  readonly signal: AbortSignal
  /**
   * Runs something with the database, started and deployed first when it is the embedded one; a server given by
   * `DATABASE_URL` must have been deployed. `deployed: false` takes the database as it is.
   */
  database<T>(run: (db: Database) => Promise<T>, options?: { deployed?: boolean }): Promise<T>
}

async function checkDeployed(db: Database): Promise<void> {
  const client = new pg.Client({ connectionString: db.ownerUrl, application_name: 'parcelle house' })
  await client.connect()
  try {
    const { rows } = await client.query<{ deployed: boolean }>(
      `select pg_catalog.to_regclass('app_deploy.definitions') is not null as deployed`,
    )
    if (rows[0]?.deployed) return
  } finally {
    await client.end()
  }
  throw new Failure('nothing has been deployed to this database', { hint: 'Run: npm run deploy' })
}

/** Brings a database to what the files say; speaks of it only when there is something to do. */
export async function deployTo(house: CliHouse, db: Database): Promise<void> {
  const { deploy } = await import('../../../sql/deploy/deploy.ts')
  const { config, log, out, signal } = house
  const report = await deploy({
    url: db.ownerUrl,
    serverPassword: db.serverPassword,
    wait: config.deployWait,
    signal,
    log: (message) => (message === 'nothing has changed' ? log.debug(message) : out.note(message)),
  })
  if (report.changed) out.note(`deployed the database in ${(report.milliseconds / 1000).toFixed(1)} s`)
}

/** Makes the house of one command line. */
export function createHouse(env: NodeJS.ProcessEnv, out: Output, signal: AbortSignal): CliHouse {
  let config: Config | undefined
  let log: Logger | undefined
  const house: CliHouse = {
    get config() {
      config ??= parseConfig(env)
      return config
    },
    get log() {
      log ??= createLog(house.config)
      return log
    },
    out,
    signal,
    database(run, options) {
      const { config, log } = house
      return withDatabase(config, log, async (db) => {
        signal.throwIfAborted()
        if (options?.deployed !== false) {
          if (db.embedded) await deployTo(house, db)
          else await checkDeployed(db)
        }
        return run(db)
      })
    },
  }
  return house
}
