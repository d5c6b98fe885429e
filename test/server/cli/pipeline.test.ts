import { Writable } from 'node:stream'
import { Command } from '@commander-js/extra-typings'
import t, { type Test } from 'tap'
import type { CliHouse } from '../../../server/cli/lib/house.ts'
import { createOutput } from '../../../server/cli/lib/output.ts'
import { createDisplay } from '../../../server/cli/pipeline/watch.ts'
import * as pipeline from '../../../server/cli/pipeline.ts'
import { parseConfig } from '../../../server/config.ts'
import { createLog } from '../../../server/log.ts'
import type { Database } from '../../../server/postgres/house.ts'
import { database } from '../../lib/database.ts'
import { makeItems, makePipeline, makeStage } from '../../tasks/lib/pipelines.ts'

/** A database, and a way to run command lines against it, which gives what they print on stdout. */
async function prepare(t: Test) {
  const db = await database(t)
  const run = async (line: string, json = false): Promise<string> => {
    let printed = ''
    const sink = new Writable({
      write(chunk, _encoding, done) {
        printed += String(chunk)
        done()
      },
    })
    const house: CliHouse = {
      config: { ...parseConfig({}), workerHeartbeat: 1 },
      out: createOutput(() => json, sink, new Writable({ write: (_chunk, _encoding, done) => done() })),
      log: createLog({ logLevel: 'silent', serverPassword: undefined }),
      signal: new AbortController().signal,
      database: (use) => use({ ownerUrl: db.url } as Database),
    }
    const program = new Command('parcelle').exitOverride().configureOutput({ writeErr: () => {} })
    pipeline.register(program, house)
    await program.parseAsync(['pipeline', ...line.split(' ')], { from: 'user' })
    return printed
  }
  return { db, run }
}

t.test('a pipeline is run, looked at and read about from the command line', async (t) => {
  const { db, run } = await prepare(t)
  await makeItems(db, 'three', 3)
  await makeStage(db, 'count', `return jsonb_build_object('item_count', 2, 'colour', params ->> 'colour');`)
  await makePipeline(db, 'shown', [
    { stage: 'items', sql: 'count', items: 'three' },
    { stage: 'end', sql: 'count' },
  ])
  t.match(await run('list'), /shown +never run +0/)
  t.match(await run('show shown'), /items +count +3 +00:01:00/)
  t.match(await run('status'), /no run yet/)
  t.match(
    await run('run shown --param colour=blue --wait'),
    /^run 1 of shown \(colour=blue\): succeeded, .*\n {2}items +█+ {2}succeeded, 3\/3, 6 items, .*\n {2}end +█+ {2}succeeded, 1\/1, 2 items/,
  )
  t.equal(process.exitCode, undefined)
  t.match(await run('status'), /1 +shown +succeeded +2\/2 +4\/4/)
  t.match(await run('status shown'), /1 +shown +succeeded/)
  t.match(JSON.parse(await run('status 1', true)), [
    { id: 1, status: 'succeeded', stages: [{ stage: 'items', done_count: 3 }, {}] },
  ])
  t.match(await run('logs 1'), /items 1: succeeded, .*\n(.*\n)+.* end: succeeded, .*"colour": ?"blue"/)
  t.match(await run('run shown --to-stage items', true), /"status": "skipped"/)
  await t.rejects(run('status 99'), { message: 'run 99 does not exist' })
  await t.rejects(run('status nix'), { message: 'pipeline nix does not exist' })
  await t.rejects(run('show nix'), { message: 'pipeline nix does not exist' })
  await t.rejects(run('run nix'), { code: 'PC404' })
  await t.rejects(run('run shown --param colour'), { code: 'commander.invalidArgument' })
})

t.test('a run that fails ends the command with 1, says why, and is tried again', async (t) => {
  const { db, run } = await prepare(t)
  await db.query('create table app_public.mended ()')
  await makeStage(
    db,
    'break',
    `if not exists (select from app_public.mended) then raise exception 'it is broken'; end if; return null;`,
  )
  await makePipeline(db, 'fails', [{ stage: 'a', sql: 'break', tries: 2 }])
  t.match(await run('run fails --wait'), /failed, 1\/1, 1 failed.*\n {2}a: it is broken/)
  t.equal(process.exitCode, 1)
  process.exitCode = undefined
  t.match(await run('logs 1'), /a: failed, .*: it is broken\n.*a: failed/)
  await db.query('insert into app_public.mended default values')
  t.match(await run('retry 1 --wait'), /run 1 of fails: succeeded/)
  t.equal(process.exitCode, undefined)
})

t.test('runs are paused, resumed and called off; a backfill makes one for each value', async (t) => {
  const { db, run } = await prepare(t)
  await makeStage(db, 'none', 'return null;')
  await makePipeline(db, 'many', [{ stage: 'a', sql: 'none' }])
  const filled = await run('backfill many --each year=2020,2021 --each city=Nantes,Rennes --param of=all')
  t.equal(filled.trim().split('\n').length, 4)
  t.match(filled, /run 1: running \{"of":"all","year":2020,"city":"Nantes"\}|run 1: running .*Nantes/)
  t.match(await run('pause 1'), /: paused/)
  t.match(await run('resume 1'), /: running/)
  t.match(await run('cancel 2'), /: cancelled/)
  await t.rejects(run('cancel 2'), { code: 'PC409' })
  await t.rejects(run('cancel x'), { code: 'commander.invalidArgument' })
  t.match(await run('pause many'), /many: paused/)
  t.match(await run('list'), /many +4 +paused +3/)
  await t.rejects(run('run many'), { code: 'PC409' })
  t.match(await run('resume many'), /many: works/)
})

t.test('what is watched is drawn over itself on a terminal', (t) => {
  let drawn = ''
  const sink = new Writable({
    write(chunk, _encoding, done) {
      drawn += String(chunk)
      done()
    },
  })
  const terminal = createDisplay(Object.assign(sink, { isTTY: true, rows: 3, columns: 10 }))
  terminal.show('one\ntwo\nthree\nfour')
  terminal.show('0123456789abc')
  t.equal(drawn, '\x1b[Jone\ntwo\n\x1b[2A\r\x1b[J012345678\n')
  drawn = ''
  const plain = createDisplay(Object.assign(sink, { isTTY: false }))
  plain.show('one')
  plain.show('two')
  t.equal(drawn, 'one\n', 'elsewhere at most every two seconds')
  t.end()
})
