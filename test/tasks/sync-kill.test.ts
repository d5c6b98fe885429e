import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { writeStagedFile } from '../../seeds/world/listings/index.ts'
import { between, randomFrom } from '../../seeds/world/random.ts'
import { parseConfig } from '../../server/config.ts'
import { createLog } from '../../server/log.ts'
import { withDatabase } from '../../server/postgres/house.ts'
import { long } from '../lib/long.ts'
import { contentOf, makeSource } from '../lib/sessions.ts'
import { killIfThere, postmaster } from '../server/postgres/lib.ts'

// The syncing process, and then PostgreSQL itself, are killed at random moments of a second session; the session must
// either be applied whole or not at all, and syncing it again must end where an undisturbed sync ends.

const kills = long ? 10 : 2
const rows = 6_000
const main = path.resolve('server/cli/main.ts')

t.test('a sync killed at any moment is all or nothing', { timeout: 1_800_000 }, async (t) => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'parcelle-sync-kill-'))
  const dataDir = path.join(folder, 'data')
  chmodSync(folder, 0o755)
  t.teardown(() => {
    const pid = postmaster(dataDir)
    if (pid !== undefined) killIfThere(pid)
    rmSync(folder, { recursive: true, force: true })
  })
  const env = { PARCELLE_DATA_DIR: dataDir, DATABASE_URL: undefined, LOG_LEVEL: 'silent' }
  const start = (...args: string[]) =>
    spawn(process.execPath, [main, ...args], { env: { ...process.env, ...env }, stdio: 'ignore' })
  const run = async (...args: string[]): Promise<number> => (await once(start(...args), 'exit'))[0]
  const config = parseConfig({ PARCELLE_DATA_DIR: dataDir, LOG_LEVEL: 'silent' })
  const ask = <T>(
    use: (db: { query: (text: string, values?: unknown[]) => Promise<never[]> }) => Promise<T>,
  ) =>
    withDatabase(config, createLog({ logLevel: 'silent', serverPassword: undefined }), async (db) => {
      const client = new pg.Client({ connectionString: db.ownerUrl })
      await client.connect()
      try {
        return await use({
          query: async (text, values) => (await client.query(text, values)).rows as never[],
        })
      } finally {
        await client.end()
      }
    })
  const nights = [1, 2].map((night) => path.join(folder, `night-${night}.csv`)) as [string, string]
  await writeStagedFile({ rows, seed: 'kill', night: 1, out: nights[0] })
  await writeStagedFile({ rows, seed: 'kill', night: 2, out: nights[1] })
  t.equal(await run('deploy'), 0)
  await ask((db) => makeSource(db as never))
  const stageNight = (file: string) => run('stage', file, '--source', 'portal', '--complete')
  t.equal(await stageNight(nights[0]), 0)
  t.equal(await run('sync', '--session-id', 'last'), 0)
  const before = await ask((db) => contentOf(db as never))

  t.equal(await stageNight(nights[1]), 0)
  const begun = performance.now()
  t.equal(await run('sync', '--session-id', 'last'), 0)
  const undisturbed = performance.now() - begun
  const after = await ask((db) => contentOf(db as never))
  t.notSame(after, before)

  const random = randomFrom('sync-kill')
  for (const victim of ['the syncing process', 'PostgreSQL'] as const) {
    for (let kill = 1; kill <= kills; kill++) {
      await ask((db) =>
        db.query(
          `select app_public.undo_session(id) from app_public.scrape_sessions
           where status = 'completed' and kind = 'report' order by session_no desc limit 1`,
        ),
      )
      t.same(await ask((db) => contentOf(db as never)), before, 'the last session is taken back')
      t.equal(await stageNight(nights[1]), 0)
      const child = start('sync', '--session-id', 'last')
      const ended = once(child, 'exit')
      await sleep(between(random, Math.round(undisturbed * 0.3), Math.round(undisturbed * 0.98)))
      if (victim === 'PostgreSQL') {
        const pid = postmaster(dataDir)
        if (pid !== undefined) killIfThere(pid)
      } else child.kill('SIGKILL')
      await ended
      const [left, status] = await ask(async (db) => {
        // One snapshot: the backend of a killed process may still be committing.
        await db.query('begin isolation level repeatable read')
        const content = await contentOf(db as never)
        const [last] = await db.query(
          'select status from app_public.scrape_sessions order by session_no desc limit 1',
        )
        await db.query('commit')
        return [content, last as { status: string } | undefined] as const
      })
      const isApplied = status?.status === 'completed'
      t.same(left, isApplied ? after : before, `kill ${kill} of ${victim}: ${isApplied ? 'all' : 'nothing'}`)
      if (!isApplied) t.equal(await run('sync', '--session-id', 'last'), 0)
      t.same(await ask((db) => contentOf(db as never)), after, 'and in the end all of it')
      const [sound] = await ask((db) =>
        db.query('select cardinality(findings) as broken from app_public.verify_audit()'),
      )
      t.same(sound, { broken: 0 }, 'with a chain that holds')
    }
  }
})
