import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseCrontab } from 'graphile-worker'
import pino from 'pino'
import t from 'tap'
import { parseConfig } from '../../server/config.ts'
import { tasks } from '../../tasks/index.ts'
import { startWorker } from '../../tasks/worker.ts'
import { database } from '../lib/database.ts'

const config = { ...parseConfig({}), dvfDatasetUrl: 'http://127.0.0.1:1/' }
const log = pino({ level: 'silent' })

t.test('every line of the crontab names a task and has an identifier of its own', async (t) => {
  const items = parseCrontab(await readFile(new URL('../../tasks/crontab', import.meta.url), 'utf8'))
  const names = tasks.map(({ name }) => name)
  for (const { task } of items) t.ok(names.includes(task), task)
  const lines = (await readFile(new URL('../../tasks/crontab', import.meta.url), 'utf8'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  for (const line of lines) t.match(line, /\?(.*&)?id=\w+/, line)
  t.equal(new Set(items.map(({ identifier }) => identifier)).size, items.length)
})

t.test('a running worker takes jobs, is seen, and is forgotten once it has stopped', async (t) => {
  const db = await database(t)
  const worker = await startWorker({ config, log, db: { ownerUrl: db.url } })
  const seen = await db.query('select host from app_private.worker_heartbeats')
  t.equal(seen.length, 1, 'however many tasks it runs')
  await db.query('select app_private.enqueue_check_dvf_release()')
  for (let tries = 0; tries < 100; tries++) {
    const [job] = await db.query('select attempts from graphile_worker.jobs')
    if (job?.attempts === 1) break
    await sleep(50)
  }
  await worker.close()
  t.match(await db.query('select attempts, locked_at from graphile_worker.jobs'), [
    { attempts: 1, locked_at: null },
  ])
  t.strictSame(await db.query('select host from app_private.worker_heartbeats'), [])
})

t.test('the jobs of a worker that has not been heard of for a minute go back to the queue', async (t) => {
  const db = await database(t)
  await db.query('select app_private.enqueue_check_dvf_release()')
  await db.query(`select app_private.record_worker_heartbeat(array['dead', 'alive'], 'here', 1)`)
  await db.query(`update graphile_worker._private_jobs set locked_by = 'dead', locked_at = now()`)
  await db.query(`select app_private.record_worker_heartbeat(array['alive'], 'here', 1)`)
  t.match(await db.query('select locked_by from graphile_worker.jobs'), [{ locked_by: 'dead' }])
  await db.query(
    `update app_private.worker_heartbeats set seen_at = now() - interval '2 minutes' where worker_id = 'dead'`,
  )
  await db.query(`select app_private.record_worker_heartbeat(array['alive'], 'here', 1)`)
  t.match(await db.query('select locked_by from graphile_worker.jobs'), [{ locked_by: null }])
  t.strictSame(await db.query('select worker_id from app_private.worker_heartbeats'), [
    { worker_id: 'alive' },
  ])
})

t.test('a worker that cannot reach its database does not start', async (t) => {
  await t.rejects(startWorker({ config, log, db: { ownerUrl: 'postgresql://nobody@127.0.0.1:1/none' } }))
})
