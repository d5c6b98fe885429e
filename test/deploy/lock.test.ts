import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { holdOffDeploys } from '../../sql/deploy/lock.ts'
import { project } from './project.ts'

t.test('whoever does not leave in time is named', async (t) => {
  const p = await project(t)
  await p.deploy()
  const other = new pg.Client({ connectionString: p.db.url, application_name: 'a long report' })
  await other.connect()
  t.teardown(() => other.end())
  await other.query('begin')
  await other.query('select * from app_public.things')
  const said: string[] = []
  const started = performance.now()
  await t.rejects(p.deploy({ force: true, wait: 1, log: (message) => said.push(message) }), {
    code: 'PC409',
    message: /waited 1 s for pid \d+ \(a long report, \d+ s\): select \* from app_public\.things/,
    hint: /DEPLOY_WAIT/,
  })
  t.ok(performance.now() - started < 15_000)
  t.match(said[0], /waiting for pid/)
  await other.query('commit')
  t.equal((await p.deploy({ force: true, wait: 1 })).attempts, 1)
})

t.test('a deploy waits for work that holds it off, and work waits for a deploy', async (t) => {
  const p = await project(t)
  await p.deploy()
  const release = await holdOffDeploys(p.db.client)
  const deploying = p.deploy({ force: true })
  await sleep(700)
  await release()
  const report = await deploying
  t.ok(report.attempts > 1)
  t.ok(report.milliseconds >= 700)
})

t.test('a deploy that is aborted while it waits leaves nothing behind', async (t) => {
  const p = await project(t)
  await p.deploy()
  await p.db.query('begin; lock table app_public.things in share mode')
  const abort = new AbortController()
  setTimeout(() => abort.abort(), 300)
  await t.rejects(p.deploy({ force: true, signal: abort.signal }), { name: 'AbortError' })
  await p.db.query('commit')
  t.strictSame(
    await p.db.query(
      `select from pg_stat_activity where datname = current_database() and application_name = 'parcelle deploy'`,
    ),
    [],
  )
})

t.test('two deploys at the same moment follow each other', async (t) => {
  const p = await project(t, { isFresh: true })
  const reports = await Promise.all([p.deploy(), p.deploy(), p.deploy()])
  t.equal(reports.filter(({ changed }) => changed).length >= 1, true)
  t.equal((await p.deploy()).changed, false)
})

t.test('eight clients work through three deploys without an error', async (t) => {
  const p = await project(t)
  await p.deploy()
  const errors: unknown[] = []
  let isDone = false
  let statements = 0
  const work = [
    `insert into app_public.things (name) values ('a')`,
    `select t.*, s.* from app_public.things as t, app_public.summarise(t.kind) as s limit 3`,
    'select * from app_public.named_things limit 3',
    'select c.*, t.id from app_public.thing_counts as c left join app_public.things as t using (kind) limit 3',
    'select app_public.first_name()',
    `update app_public.things set name = 'b' where id = (select min(id) from app_public.things)`,
  ]
  const clients = Array.from({ length: 8 }, async (_, number) => {
    const client = new pg.Client({ connectionString: p.db.url, application_name: `client ${number}` })
    await client.connect()
    for (let i = number; !isDone; i++) {
      try {
        if (number % 2 === 0) await client.query(work[i % work.length] ?? '')
        else {
          await client.query('begin')
          await client.query(work[i % work.length] ?? '')
          await client.query(work[(i * 3) % work.length] ?? '')
          await client.query('commit')
        }
        statements++
      } catch (error) {
        errors.push(error)
        await client.query('rollback')
      }
    }
    await client.end()
  })
  const view = await p.read('sql/views/app_public/named_things.sql')
  const body = await p.read('sql/functions/app_public/summarise.sql')
  for (let i = 1; i <= 3; i++) {
    await sleep(200)
    await p.write('sql/views/app_public/named_things.sql', `${view}-- ${i}\n`)
    await p.write('sql/functions/app_public/summarise.sql', body.replace('begin', `begin -- ${i}`))
    if (i === 2)
      await p.write(
        'sql/migrations/0003_add-size.sql',
        'alter table app_public.things add column size_m numeric;\n',
      )
    t.equal((await p.deploy()).changed, true)
  }
  await sleep(200)
  isDone = true
  await Promise.all(clients)
  t.strictSame(errors.map(String), [])
  t.ok(statements > 100, `${statements} statements`)
})
