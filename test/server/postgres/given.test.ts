import t from 'tap'
import { parseConfig } from '../../../server/config.ts'
import { withDatabase } from '../../../server/postgres/house.ts'
import { type Machine, settingsFor } from '../../../server/postgres/tuning.ts'
import { ask, freshConfig, silent } from './lib.ts'

t.setTimeout(180_000)

function as(url: string, user: string, password: string): string {
  const address = new URL(url)
  address.username = user
  address.password = password
  return address.href
}

t.test('a given server is used as it is, after a look at its rights', async (t) => {
  await withDatabase(freshConfig(t), silent, async (embedded) => {
    const given = (url: string, more: NodeJS.ProcessEnv = {}) =>
      withDatabase(parseConfig({ DATABASE_URL: url, ...more }), silent, async (db) => db)

    const plain = await given(embedded.ownerUrl)
    t.match(plain, { ownerUrl: embedded.ownerUrl, serverUrl: embedded.ownerUrl, embedded: false })
    const replica = 'postgresql://replica/x'
    const full = await given(embedded.ownerUrl, {
      PARCELLE_SERVER_PASSWORD: 'p@ss word',
      DATABASE_READ_URL: replica,
    })
    t.equal(full.readUrl, replica)
    t.equal(full.serverPassword, 'p@ss word')
    t.equal(new URL(full.serverUrl).username, 'parcelle_server')
    t.equal(decodeURIComponent(new URL(full.serverUrl).password), 'p@ss word')

    await ask(embedded.ownerUrl, `create role weak login password 'weak'`)
    const weak = as(embedded.ownerUrl, 'weak', 'weak')
    await t.rejects(given(weak), {
      message: /role weak may not make schemas/,
      hint: /grant create on database/,
    })
    await ask(embedded.ownerUrl, 'grant create on database parcelle to weak')
    await t.rejects(given(weak), {
      message: /role weak may not make roles/,
      hint: /alter role weak createrole/,
    })
    await t.rejects(given(as(embedded.ownerUrl, 'weak', 'wrong')), {
      message: /no connection to postgresql:\/\/weak:\*\*\*@.*password authentication failed/,
    })
    await ask(embedded.ownerUrl, 'alter role weak createrole')
    t.equal((await given(weak)).ownerUrl, weak)
  })
})

t.test('settings fit machines from small to large and leave durability alone', async (t) => {
  const gb = 1024 ** 3
  const machine = (memory: number, cores: number, disk: number): Machine => ({
    memory: memory * gb,
    cores,
    freeDisk: disk * gb,
    sharedMemory: memory * gb,
  })
  const mb = (value: unknown) => Number(/^(\d+)MB$/.exec(String(value))?.[1])
  for (const [memory, cores, disk] of [
    [0.25, 1, 1],
    [2, 2, 10],
    [24, 2, 80],
    [512, 128, 4000],
  ] as const) {
    const settings = settingsFor(machine(memory, cores, disk))
    t.ok(mb(settings.shared_buffers) <= Math.min(memory * 256, 8192), `${memory} GB: shared_buffers`)
    t.ok(mb(settings.work_mem) >= 8 && mb(settings.work_mem) * 4 < Math.max(64, memory * 1024), 'work_mem')
    t.ok(mb(settings.max_wal_size) >= 512 && mb(settings.min_wal_size) < mb(settings.max_wal_size), 'wal')
    t.equal(settings.max_parallel_workers, cores)
    for (const name of [
      'fsync',
      'synchronous_commit',
      'full_page_writes',
      'wal_sync_method',
      'commit_delay',
    ]) {
      t.notOk(name in settings, name)
    }
  }
})

t.test(
  'a small /dev/shm, as containers have it, is not relied on',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const gb = 1024 ** 3
    const machine: Machine = { memory: 8 * gb, cores: 2, freeDisk: 50 * gb, sharedMemory: 64 * 1024 ** 2 }

    t.not(settingsFor(machine).dynamic_shared_memory_type, 'posix')
  },
)
