import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { Command } from '@commander-js/extra-typings'
import t, { type Test } from 'tap'
import * as dashboard from '../../../server/cli/dashboard.ts'
import * as held from '../../../server/cli/held.ts'
import type { CliHouse } from '../../../server/cli/lib/house.ts'
import { createOutput } from '../../../server/cli/lib/output.ts'
import { sparkline } from '../../../server/cli/lib/sparkline.ts'
import * as quality from '../../../server/cli/quality.ts'
import * as sync from '../../../server/cli/sync.ts'
import type { Database } from '../../../server/postgres/house.ts'
import { database } from '../../lib/database.ts'
import { home, homes, makeSource, report, stage } from '../../lib/sessions.ts'

/** A database with a source of 60 homes, and a way to run command lines against it, which gives what they print. */
async function prepare(t: Test) {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 60))
  const run = async (args: string[], json = false): Promise<string> => {
    let printed = ''
    const sink = new Writable({
      write(chunk, _encoding, done) {
        printed += String(chunk)
        done()
      },
    })
    const house: Pick<CliHouse, 'out' | 'database' | 'signal'> = {
      out: createOutput(() => json, sink, new Writable({ write: (_chunk, _encoding, done) => done() })),
      signal: new AbortController().signal,
      database: (use) => use({ ownerUrl: db.url } as Database),
    }
    const program = new Command('parcelle').exitOverride().configureOutput({ writeErr: () => {} })
    for (const group of [sync, held, quality, dashboard]) group.register(program, house as CliHouse)
    await program.parseAsync(args, { from: 'user' })
    return printed
  }
  return { db, source, run }
}

/** Names a session. */
const call = async (db: Awaited<ReturnType<typeof prepare>>['db'], id: string, name: string) => {
  await db.query('update app_public.scrape_sessions set name = $2 where id = $1', [id, name])
}

t.test('a session is synced by id, number, name or as the last one', async (t) => {
  const { db, source, run } = await prepare(t)
  const id = await stage(db, source, homes(1, 61))
  t.match(
    await run(['sync', '--session-id', id]),
    /^portal .*: completed, 61 rows: 1 new, 0 updated, 60 unchanged \(\d+\.\d s\)\n$/,
  )
  await call(db, await stage(db, source, homes(1, 62)), 'june')
  t.match(await run(['sync', '--session-id', 'june']), /^portal june: completed/)
  await stage(db, source, homes(1, 63))
  t.match(JSON.parse(await run(['sync', '--session-id', 'last'], true)), {
    status: 'completed',
    new_count: 1,
  })
  await stage(db, source, homes(1, 64))
  t.match(await run(['sync', '--session-id', '5']), /1 new/)
  await t.rejects(run(['sync', '--session-id', 'never']), {
    message: 'there is no session never',
    hint: /list-sessions/,
  })
  await t.rejects(run(['sync', '--session-id', 'june']), { code: 'PC409' })
})

t.test('everything that waits is synced, and what cannot be does not keep the others', async (t) => {
  const { db, source, run } = await prepare(t)
  t.equal(await run(['sync-pending']), 'no session waits\n')
  await makeSource(db, 'paused')
  await stage(db, 'paused', [home(1)])
  await stage(db, source, homes(1, 61))
  await db.query(`update app_public.sources set paused_at = now() where code = 'paused'`)
  const before = process.exitCode
  const said = await run(['sync-pending'])
  t.match(said, /error: source paused is paused \(SQLSTATE PC409\)\nhint: /)
  t.match(said, /portal .*: completed, 61 rows: 1 new/)
  t.equal(process.exitCode, 1, 'which the exit code tells')
  process.exitCode = before
})

t.test('a held session is listed with its reasons, turned down or accepted', async (t) => {
  const { db, source, run } = await prepare(t)
  t.equal(await run(['held', 'list']), 'no session is held\n')
  await call(db, await stage(db, source, homes(1, 20)), 'half')
  t.match(
    await run(['sync', '--session-id', 'half']),
    /half: held, nothing applied; 20 rows wait .*\n {2}40 of 60 homes/,
  )
  t.match(
    await run(['held', 'list']),
    /^portal half .*: 20 rows, 60 homes on the market\n {2}40 of 60 .*home-21/,
  )
  t.match(JSON.parse(await run(['held', 'list'], true)), [
    { name: 'half', held_reasons: [{ reason: 'many_gone' }] },
  ])
  t.equal(await run(['held', 'reject', 'half']), 'half is cancelled\n')
  await t.rejects(run(['held', 'accept', 'half']), { code: 'PC409' })
  await call(db, await stage(db, source, homes(1, 20)), 'half again')
  t.match(await run(['sync', '--session-id', 'half again']), /parcelle held accept 'half again'/)
  t.match(await run(['held', 'accept', 'half again']), /completed, 20 rows: .* 40 likely removed/)
})

t.test('a quality report reads well on a terminal, as JSON and as a page', async (t) => {
  const { db, source, run } = await prepare(t)
  const folder = await mkdtemp(join(tmpdir(), 'parcelle-report-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const nasty = '<script>alert("1")</script>'
  await call(
    db,
    await stage(
      db,
      source,
      homes(1, 61).map((row, i) => (i < 25 ? { ...row, price: nasty } : row)),
    ),
    nasty,
  )
  await run(['sync', '--session-id', 'last'])
  const file = join(folder, 'report.html')
  const said = await run(['quality-report', '--session-id', 'last', '--html', file])
  for (const part of [
    /^quality of <script>/,
    /unreadable_rate +96 % +above 2\.0 % +above 10 % +failed/,
    /what to do, most urgent first\n1\. /,
    /price unreadable in 96 % of the rows brought \(25\), all with markup/,
    /field +said +read +before/,
    /live homes in 3 communes of 3 departments/,
  ])
    t.match(said, part)
  const page = await readFile(file, 'utf8')
  t.notMatch(page, /<script/, 'what came from outside is escaped')
  t.match(page, /&lt;script&gt;alert\(&quot;1&quot;\)/)
  t.match(page, /<title>Quality of &lt;script/)
  t.notMatch(page, /(src|href)=|@import|url\(/, 'and the page needs no other file')
  t.match(JSON.parse(await run(['quality-report', '--session-id', 'last'], true)), { verdict: 'failed' })
  t.notMatch(await run(['quality-report', '--session-id', 'last', '--short']), /live homes in/)
})

t.test('checks say which measures fail, and the exit code that one does', async (t) => {
  const { db, source, run } = await prepare(t)
  const before = process.exitCode
  t.match(await run(['quality-checks']), /portal +error_rate +0 % +above 10 % +passed/)
  t.equal(process.exitCode, before)
  await report(db, source, [...homes(1, 60), ...homes(1, 60)])
  t.match(await run(['quality-checks', '--session-id', 'last']), /duplicate_rate +50 % +above 5\.0 % +failed/)
  t.equal(process.exitCode, 1)
  process.exitCode = before
})

t.test('the dashboard is a page of text', async (t) => {
  const { db, source, run } = await prepare(t)
  await report(db, source, homes(1, 20))
  const said = await run(['dashboard', '--days', '3'])
  t.match(said, /sessions +▁▁█ +2\n/)
  t.match(said, /applied of those decided or held +··▅ +50 %/)
  t.match(said, /portal +2 +1 +1 +0 +80 +60/)
  t.match(said, /held: portal .*: 40 of 60 homes are missing/)
  t.match(JSON.parse(await run(['dashboard'], true)), { days: 7, totals: { session_count: 2 } })
  await t.rejects(run(['dashboard', '--days', '0']), /days, 1 to 366/)
})

t.test('a row of numbers becomes a row of bars, with gaps', (t) => {
  t.equal(sparkline([0, 1, 2, 4, null]), '▁▃▅█·')
  t.equal(sparkline([0.5, 1], [0, 1]), '▅█')
  t.equal(sparkline([0, 0]), '██')
  t.equal(sparkline([]), '')
  t.end()
})
