import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { between, randomFrom } from '../../seeds/world/random.ts'
import { parseConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { withDatabase } from '../../server/postgres/house.ts'
import { long } from '../lib/long.ts'
import { killIfThere, postmaster } from '../server/postgres/lib.ts'
import { contentDigest, smallWorld, temporaryFolder } from './import-lib.ts'

// The importing process, and then PostgreSQL itself, are killed at random moments of a release; the next run must end
// where an undisturbed one ends. On a server of its own, which may be killed.

const kills = long ? 10 : 2
const main = path.resolve('server/cli/main.ts')

function start(env: NodeJS.ProcessEnv, ...args: string[]) {
  return spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env }, stdio: 'ignore' })
}

async function run(env: NodeJS.ProcessEnv, ...args: string[]): Promise<number> {
  const [code] = await once(start(env, ...args), 'exit')
  return code as number
}

t.test('an import killed at any moment is made good by the next', { timeout: 1_800_000 }, async (t) => {
  const dataDir = path.join(temporaryFolder(t), 'data')
  chmodSync(path.dirname(dataDir), 0o755)
  const env = { PARCELLE_DATA_DIR: dataDir, DATABASE_URL: undefined, LOG_LEVEL: 'silent' }
  t.teardown(() => {
    const pid = postmaster(dataDir)
    if (pid !== undefined) killIfThere(pid)
  })
  const world = await smallWorld(t, 20_000, 'kill')
  const random = randomFrom('kill')
  const config = parseConfig({ PARCELLE_DATA_DIR: dataDir, LOG_LEVEL: 'silent' })
  const log = createLog({ logLevel: 'silent', serverPassword: undefined })
  const ask = <T>(use: (query: (text: string) => Promise<Record<string, unknown>[]>) => Promise<T>) =>
    withDatabase(config, log, async (db) => {
      const client = new pg.Client({ connectionString: db.ownerUrl })
      await client.connect()
      try {
        return await use(async (text) => (await client.query(text)).rows)
      } finally {
        await client.end()
      }
    })
  const digest = () => ask((query) => contentDigest({ query } as never))
  /** Until the backend of a killed process has noticed: it may be in the middle of a statement. */
  const isLeft = () =>
    ask(async (query) => {
      while ((await query(`select from pg_locks where locktype = 'advisory' and granted`)).length > 0)
        await sleep(50)
    })
  let undisturbed = 0
  let expected = ''

  const trial = async (victim: 'the importing process' | 'PostgreSQL'): Promise<void> => {
    for (let kill = 0; kill < kills; kill++) {
      await run(env, 'dvf', 'undo', 'B')
      const child = start(env, 'dvf', 'import', world.b, '--release', 'B')
      const ended = once(child, 'exit')
      await sleep(between(random, Math.round(undisturbed * 0.1), Math.round(undisturbed * 0.95)))
      if (victim === 'PostgreSQL') {
        const pid = postmaster(dataDir)
        if (pid !== undefined) killIfThere(pid)
      } else child.kill('SIGKILL')
      await ended
      if (victim !== 'PostgreSQL') await isLeft()
      t.equal(
        await run(env, 'dvf', 'import', world.b, '--release', 'B'),
        0,
        `after kill ${kill + 1} of ${victim}`,
      )
      t.equal(await digest(), expected, `kill ${kill + 1} of ${victim} left no trace`)
    }
  }

  // The server stays up where its own end is not the subject.
  await withDatabase(config, log, async () => {
    t.equal(await run(env, 'dvf', 'import', world.a, '--release', 'A'), 0)
    const begun = performance.now()
    t.equal(await run(env, 'dvf', 'import', world.b, '--release', 'B'), 0)
    undisturbed = performance.now() - begun
    expected = await digest()
    await trial('the importing process')
  })
  await trial('PostgreSQL')
})
