import { chownSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t from 'tap'
import { withDatabase } from '../../../server/postgres/house.ts'
import { existingHome } from '../../../server/postgres/place.ts'
import { processStart, serverProcesses } from '../../../server/postgres/processes.ts'
import { serverUser } from '../../../server/postgres/user.ts'
import { long } from '../../lib/long.ts'
import { ask, freshConfig, hold, postmaster, silent } from './lib.ts'

t.setTimeout(180_000)

t.test('a killed command leaves its server to the next one, which stops it', async (t) => {
  const config = freshConfig(t)
  const killed = hold(t, config.dataDir)
  await ask(await killed.url, 'create table kept as select 1 as n')
  const pid = postmaster(config.dataDir)
  killed.process.kill('SIGKILL')
  await killed.url
  await sleep(50)
  t.equal(postmaster(config.dataDir), pid)
  await withDatabase(config, silent, async (db) => {
    t.equal(postmaster(config.dataDir), pid, 'found again')
    t.same(await ask(db.ownerUrl, 'select n from kept'), [{ n: 1 }])
  })
  t.equal(postmaster(config.dataDir), undefined, 'the stale lease holds nothing')
})

t.test('a killed server recovers what was committed, though a backend outlives it', async (t) => {
  const config = freshConfig(t)
  const holder = hold(t, config.dataDir)
  const url = await holder.url
  await ask(url, 'create table kept (n integer)')
  const busy = new pg.Client({ connectionString: url })
  busy.on('error', () => {})
  await busy.connect()
  await busy.query('insert into kept select generate_series(1, 50000)')
  await busy.query('begin')
  await busy.query('insert into kept select generate_series(1, 50000)')
  // It neither waits nor talks, so it does not notice that its server has gone.
  const long = busy.query('select count(*) from generate_series(1, 2000000000)').catch(() => 'lost')
  await sleep(300)
  const pid = postmaster(config.dataDir)
  if (pid === undefined) throw new Error('no server')
  process.kill(pid, 'SIGKILL')
  await withDatabase(config, silent, async (db) => {
    t.not(postmaster(config.dataDir), pid)
    t.same(await ask(db.ownerUrl, 'select count(*)::integer as n from kept'), [{ n: 50000 }])
  })
  t.equal(await long, 'lost')
  await busy.end().catch(() => {})
  await holder.leave()
  const home = existingHome(config.dataDir)
  t.same(serverProcesses(home?.data ?? ''), [], 'nothing is left behind')
})

t.test(
  'a recorded pid that now belongs to another program does not keep the server from starting',
  async (t) => {
    const config = freshConfig(t)
    await withDatabase(config, silent, async (db) => ask(db.ownerUrl, 'create table kept as select 1 as n'))
    const home = existingHome(config.dataDir)
    if (!home) throw new Error('no home')
    const now = Math.floor(Date.now() / 1000)
    writeFileSync(
      path.join(home.data, 'postmaster.pid'),
      `${process.pid}\n${home.data}\n${now}\n5999\n\n\n\nready\n`,
    )
    await withDatabase(config, silent, async (db) => {
      t.same(await ask(db.ownerUrl, 'select n from kept'), [{ n: 1 }])
    })
  },
)

t.test('a first start killed at any moment is completed by the next', async (t) => {
  const moments = long ? [50, 150, 250, 350, 450, 550, 650, 750, 850, 950] : [150, 500, 850]
  for (const milliseconds of moments) {
    const config = freshConfig(t)
    const killed = hold(t, config.dataDir)
    await sleep(milliseconds)
    killed.process.kill('SIGKILL')
    await withDatabase(config, silent, async (db) => {
      t.same(await ask(db.ownerUrl, 'select 1 as one'), [{ one: 1 }])
    })
    const home = existingHome(config.dataDir)
    t.same(
      readdirSync(home?.folder ?? '').filter((name) => name.startsWith('data.')),
      [],
    )
  }
})

t.test('an unfinished copy of the data folder is cleared away', async (t) => {
  const config = freshConfig(t)
  mkdirSync(path.join(config.dataDir, 'postgres', 'data.123'), { recursive: true })
  const user = serverUser()
  if (user) {
    chownSync(config.dataDir, user.uid, user.gid)
    chownSync(path.join(config.dataDir, 'postgres'), user.uid, user.gid)
  }
  await withDatabase(config, silent, async (db) => {
    t.same(await ask(db.ownerUrl, 'select 1 as one'), [{ one: 1 }])
  })
})

t.test('a zombie and a process that never was have no start', async (t) => {
  t.equal(processStart(2 ** 22 + 1), undefined)
  t.type(processStart(process.pid), 'string')
  t.equal(processStart(process.pid), processStart(process.pid))
})

t.test('a server that cannot start says why, with the end of its log', async (t) => {
  const config = freshConfig(t)
  await withDatabase(config, silent, async () => {})
  const home = existingHome(config.dataDir)
  if (!home) throw new Error('no home')
  const auto = path.join(home.data, 'postgresql.auto.conf')
  writeFileSync(auto, `${readFileSync(auto, 'utf8')}\nno_such_setting = 1\n`)
  await t.rejects(
    withDatabase(config, silent, async () => {}),
    { name: 'Failure', message: /no_such_setting/ },
  )
})

t.test('a long command starts a killed server again, at the same address', async (t) => {
  const config = freshConfig(t)
  await withDatabase(config, silent, async (db) => {
    await ask(db.ownerUrl, 'create table kept as select 1 as n')
    process.kill(postmaster(config.dataDir) ?? 0, 'SIGKILL')
    const deadline = Date.now() + 60_000
    let rows: unknown[] = []
    while (rows.length === 0 && Date.now() < deadline) {
      await sleep(200)
      rows = await ask(db.ownerUrl, 'select n from kept').catch(() => [])
    }
    t.same(rows, [{ n: 1 }])
  })
  t.equal(postmaster(config.dataDir), undefined)
})
