import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { withDatabase } from '../../../server/postgres/house.ts'
import { existingHome } from '../../../server/postgres/place.ts'
import { ask, freshConfig, hold, postmaster, silent } from './lib.ts'

t.setTimeout(180_000)

const isRoot = process.getuid?.() === 0

t.test('the first start makes a private, durable database that an ordinary role owns', async (t) => {
  const config = freshConfig(t)
  await withDatabase(config, silent, async (db) => {
    t.equal(db.embedded, true)
    t.equal(db.dataDir, config.dataDir)
    const [owner] = await ask(
      db.ownerUrl,
      `select current_user as name, r.rolsuper, r.rolcreaterole, current_database() as database
       from pg_roles as r where r.rolname = current_user`,
    )
    t.same(owner, { name: 'parcelle_owner', rolsuper: false, rolcreaterole: true, database: 'parcelle' })
    const settings = await ask<{ name: string; setting: string }>(
      db.ownerUrl,
      `select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes',
        'data_checksums', 'wal_level', 'listen_addresses') order by name`,
    )
    t.same(Object.fromEntries(settings.map((row) => [row.name, row.setting])), {
      data_checksums: 'on',
      fsync: 'on',
      full_page_writes: 'on',
      listen_addresses: '127.0.0.1',
      synchronous_commit: 'on',
      wal_level: 'minimal',
    })
    const [letters] = await ask(db.ownerUrl, `select lower('ÉÀ') as lower, 'é' ~ '\\w' as is_letter`)
    t.same(letters, { lower: 'éà', is_letter: true })
    for (const name of ['pg_trgm', 'unaccent', 'btree_gin', 'btree_gist', 'pgcrypto', 'cube']) {
      await ask(db.ownerUrl, `create extension ${name}`)
    }
  })
  const home = existingHome(config.dataDir)
  t.ok(home)
  if (!home) return
  t.equal(statSync(config.dataDir).mode & 0o777, 0o700)
  t.equal(statSync(home.folder).mode & 0o777, 0o700)
  t.equal(statSync(home.secrets).mode & 0o777, 0o600)
})

t.test('the socket and the passwords stay in the data folder', async (t) => {
  const config = freshConfig(t)
  await withDatabase(config, silent, async (db) => {
    const folder = decodeURIComponent(new URL(db.ownerUrl).hostname)
    t.ok(folder.startsWith(config.dataDir))
    t.ok(existsSync(path.join(folder, `.s.PGSQL.${new URL(db.ownerUrl).port}`)))
    const wrong = new URL(db.ownerUrl)
    wrong.password = 'wrong'
    await t.rejects(ask(wrong.href, 'select 1'), { code: '28P01' })
  })
})

t.test('a path too long for a socket is served over the loopback address', async (t) => {
  const config = freshConfig(t, 'long/'.padEnd(110, 'x'))
  await withDatabase(config, silent, async (db) => {
    t.equal(new URL(db.ownerUrl).hostname, '127.0.0.1')
    t.same(await ask(db.ownerUrl, 'select 1 as one'), [{ one: 1 }])
  })
})

t.test('commands started at the same moment share one server, and the last to leave stops it', async (t) => {
  const config = freshConfig(t)
  const holders = [1, 2, 3, 4].map(() => hold(t, config.dataDir))
  const urls = await Promise.all(holders.map((holder) => holder.url))
  t.equal(new Set(urls).size, 1)
  const pid = postmaster(config.dataDir)
  for (const [i, holder] of holders.entries()) {
    t.equal(postmaster(config.dataDir), pid, 'the server stays while somebody uses it')
    t.equal(await holder.leave(), 0)
    t.equal(postmaster(config.dataDir), i < 3 ? pid : undefined)
  }
})

t.test('one process can hold it more than once', async (t) => {
  const config = freshConfig(t)
  await withDatabase(config, silent, async (outer) => {
    await withDatabase(config, silent, async (inner) => t.equal(inner.ownerUrl, outer.ownerUrl))
    t.same(await ask(outer.ownerUrl, 'select 1 as one'), [{ one: 1 }])
  })
  t.equal(postmaster(config.dataDir), undefined)
})

t.test('the error of the work comes out, after the server has stopped', async (t) => {
  const config = freshConfig(t)
  await t.rejects(
    withDatabase(config, silent, async () => {
      throw new Error('the work failed')
    }),
    { message: 'the work failed' },
  )
  t.equal(postmaster(config.dataDir), undefined)
})

t.test('the port is remembered, and another is taken when it is in use', async (t) => {
  const config = freshConfig(t)
  const portOf = () => withDatabase(config, silent, async (db) => Number(new URL(db.ownerUrl).port))
  const first = await portOf()
  t.equal(await portOf(), first)
  const other = net.createServer().listen(first, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  t.not(await portOf(), first)
  await new Promise((resolve) => other.close(resolve))
})

t.test('a lease of a process that is gone, or of another one with its pid, holds nothing', async (t) => {
  const config = freshConfig(t)
  await withDatabase(config, silent, async () => {
    const home = existingHome(config.dataDir)
    if (!home) throw new Error('no home')
    const stale = { pid: process.pid, startedAt: 'long ago', command: 'another with our pid' }
    writeFileSync(path.join(home.leases, 'a.json'), JSON.stringify(stale))
    writeFileSync(path.join(home.leases, 'b.json'), JSON.stringify({ ...stale, pid: 2 ** 22 + 1 }))
    writeFileSync(path.join(home.leases, 'c.json'), '{"pid": 1')
  })
  t.equal(postmaster(config.dataDir), undefined)
})

const otherAccount = { skip: isRoot ? false : 'only root runs the server under another account' }
t.test(
  'a folder the server cannot enter sends the data elsewhere, which is said',
  otherAccount,
  async (t) => {
    const config = freshConfig(t)
    const closed = path.dirname(config.dataDir)
    mkdirSync(config.dataDir)
    writeFileSync(path.join(config.dataDir, 'kept'), '')
    chmodSync(closed, 0o700)
    const said: unknown[] = []
    const log = silent.child({}, { level: 'silent' })
    log.info = (...args: unknown[]) => said.push(args)
    await withDatabase(config, log, async (db) => {
      t.same(await ask(db.ownerUrl, 'select 1 as one'), [{ one: 1 }])
      t.equal(db.dataDir, config.dataDir)
    })
    const home = existingHome(config.dataDir)
    t.teardown(() => rmSync(home?.folder ?? '', { recursive: true, force: true }))
    t.equal(home?.isElsewhere, true)
    t.match(home?.folder, /^\/var\/tmp\/parcelle-[0-9a-f]{12}$/)
    t.match(JSON.stringify(said), /elsewhere/)
    t.equal(readFileSync(path.join(config.dataDir, 'database-is-elsewhere'), 'utf8').trim(), home?.folder)
  },
)

t.test('a server asked twice at once while it stops is started again', async (t) => {
  const config = freshConfig(t)
  const first = hold(t, config.dataDir)
  await first.url
  const left = first.leave()
  await sleep(5)
  const second = hold(t, config.dataDir)
  t.same(await ask(await second.url, 'select 1 as one'), [{ one: 1 }])
  t.equal(await left, 0)
  t.equal(await second.leave(), 0)
})
