import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Logger, runOnce } from 'graphile-worker'
import pino from 'pino'
import t, { type Test } from 'tap'
import { parseConfig } from '../../server/config.ts'
import { tasks } from '../../tasks/index.ts'
import { addRelease } from '../fixtures/ledger.ts'
import { database, type TestDatabase } from '../lib/database.ts'

const silent = pino({ level: 'silent' })

/** The official address as far as this task asks it. */
async function dataset(t: Test, answer: { status: number; body: unknown }): Promise<string> {
  const server = createServer((_request, response) => {
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** Works off the real queue once. */
async function work(db: TestDatabase, dvfDatasetUrl: string): Promise<void> {
  const config = { ...parseConfig({}), dvfDatasetUrl }
  await runOnce({
    connectionString: db.url,
    taskList: Object.fromEntries(tasks.map((task) => [task.name, task.bind({ config, log: silent })])),
    logger: new Logger(() => () => {}),
    noHandleSignals: true,
  })
}

const description = (last_update: string) => ({
  status: 200,
  body: {
    last_update,
    resources: [{ title: 'full.csv.gz', url: 'http://127.0.0.1/full.csv.gz', filesize: 12 }],
  },
})

const publications = (db: TestDatabase) =>
  db.query(`select p.published_at, app_public.dvf_publications_is_newer(p) as is_newer, p.resources->0->>'title' as title,
    p.checked_at > p.seen_at as was_seen_again from app_public.dvf_publications as p order by p.id`)

t.test('a publication is kept once, and is newer than releases that were imported before it', async (t) => {
  const db = await database(t)
  await db.query('select app_private.enqueue_check_dvf_release()')
  await db.query('select app_private.enqueue_check_dvf_release()')
  const [jobs] = await db.query('select count(*)::integer as count from graphile_worker.jobs')
  t.equal(jobs?.count, 1, 'asked twice, it looks once')
  await work(db, await dataset(t, description('2025-10-07T09:12:00+00:00')))
  t.match(await publications(db), [{ is_newer: true, title: 'full.csv.gz', was_seen_again: false }])

  await addRelease(db, '2025-10')
  await db.query('select app_private.enqueue_check_dvf_release()')
  await work(db, await dataset(t, description('2025-10-07T09:12:00+00:00')))
  t.match(await publications(db), [{ is_newer: false, was_seen_again: true }])

  await db.query('select app_private.enqueue_check_dvf_release()')
  await work(db, await dataset(t, description('2099-04-07T09:12:00+00:00')))
  t.match(await publications(db), [{ is_newer: false }, { is_newer: true }])
})

t.test('an address that does not answer leaves the job to be tried again', async (t) => {
  const db = await database(t)
  await db.query('select app_private.enqueue_check_dvf_release()')
  await work(db, await dataset(t, { status: 404, body: {} }))
  const jobs = await db.query('select task_identifier, attempts, last_error from graphile_worker.jobs')
  t.match(jobs, [{ task_identifier: 'check_dvf_release', last_error: /dataset|address|refus|404|127/i }])
  // On a busy machine the first new try, three seconds later, may fall into the same run.
  t.ok(jobs[0]?.attempts >= 1)
  t.strictSame(await publications(db), [])
})

t.test("a payload that is not the task's own ends in a failure row, not in the queue", async (t) => {
  const db = await database(t)
  await db.query(`select graphile_worker.add_job('check_dvf_release', '{"year": 2020}')`)
  await work(db, 'http://127.0.0.1:1/')
  t.strictSame(await db.query('select id from graphile_worker.jobs'), [])
  t.match(await db.query('select task, payload, message, hint from app_public.task_failures'), [
    {
      task: 'check_dvf_release',
      payload: { year: 2020 },
      message: /payload/,
      hint: 'Enqueue it by app_private.enqueue_check_dvf_release.',
    },
  ])
})

t.test('what is not a publication is refused', async (t) => {
  const db = await database(t)
  await t.rejects(db.query("select app_private.record_dvf_publication(null, '[]')"), { code: 'PC400' })
  await t.rejects(db.query("select app_private.record_dvf_publication(now(), '{}')"), { code: 'PC400' })
})
