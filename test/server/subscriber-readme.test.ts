import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { database, type TestDatabase } from '../lib/database.ts'
import { home, homes, makeSource, report } from '../lib/sessions.ts'

t.setTimeout(120_000)

const root = new URL('../..', import.meta.url).pathname

/** The README's subscriber as a program of its own; gives how to start it. */
async function writeSubscriber(t: Test, db: TestDatabase): Promise<() => ChildProcess> {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const program = /^```js\n(.*?)^```$/ms.exec(readme)?.[1]
  if (program === undefined) throw new Error('the README shows no subscriber')
  const folder = await mkdtemp(join(tmpdir(), 'parcelle-subscriber-'))
  t.teardown(() => rm(folder, { recursive: true }))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  await writeFile(join(folder, 'subscriber.mjs'), program)
  return () =>
    spawn(process.execPath, [join(folder, 'subscriber.mjs')], {
      env: { ...process.env, DATABASE_URL: db.url },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
}

/** Waits until the subscriber has stored the last position; fails after a while. */
async function caughtUp(db: TestDatabase): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    const [row] = await db.query<{ is_there: boolean }>(
      `select to_regclass('public.price_alerts_cursor') is not null as is_there`,
    )
    if (row?.is_there) {
      const [at] = await db.query<{ is_level: boolean }>(
        `select (select position from public.price_alerts_cursor)
           = (select max(last_position) from app_public.change_batches) as is_level`,
      )
      if (at?.is_level) return
    }
    await sleep(100)
  }
  throw new Error('the subscriber did not catch up')
}

t.test("the README's subscriber meets each change once, though it is killed again and again", async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  const start = await writeSubscriber(t, db)
  await report(db, source, homes(1, 40))
  for (let round = 1; round <= 4; round++) {
    const child = start()
    const ended = once(child, 'exit')
    const rows = homes(1, 40).map((row, i) =>
      i % 4 === round % 4 ? { ...row, price: String(Number(row.price) + round * 7000) } : row,
    )
    // Before it listens, while it reads, or when it is done: wherever the kill strikes.
    await sleep(60 * round)
    await report(db, source, rows)
    await sleep(40 * round)
    child.kill('SIGKILL')
    await ended
  }
  const last = start()
  const ended = once(last, 'exit')
  await report(db, source, [...homes(1, 40), home(41)])
  await caughtUp(db)
  last.kill('SIGKILL')
  await ended
  const [counts] = await db.query(
    `select count(*)::integer as alerts, count(distinct position)::integer as positions,
       (select count(*)::integer from app_public.property_changes where field_name = 'price_eur') as changes
     from public.price_alerts`,
  )
  t.ok((counts as { changes: number }).changes > 20)
  t.same(counts, {
    alerts: (counts as { changes: number }).changes,
    positions: (counts as { changes: number }).changes,
    changes: (counts as { changes: number }).changes,
  })
})
