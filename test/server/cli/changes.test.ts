import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { Command } from '@commander-js/extra-typings'
import t, { type Test } from 'tap'
import * as audit from '../../../server/cli/audit.ts'
import * as history from '../../../server/cli/history.ts'
import { describeChange, formatValue } from '../../../server/cli/lib/changes.ts'
import type { CliHouse } from '../../../server/cli/lib/house.ts'
import { createOutput } from '../../../server/cli/lib/output.ts'
import * as undo from '../../../server/cli/undo.ts'
import * as watch from '../../../server/cli/watch.ts'
import type { Database } from '../../../server/postgres/house.ts'
import { addHomes, addSource, asSession } from '../../fixtures/homes.ts'
import { database, type TestDatabase } from '../../lib/database.ts'

type Run = (
  line: string,
  options?: { json?: boolean; signal?: AbortSignal; heard?: (text: string) => void },
) => Promise<string>

function runner(db: TestDatabase): Run {
  return async (line, { json = false, signal = new AbortController().signal, heard } = {}) => {
    let printed = ''
    const sink = new Writable({
      write(chunk, _encoding, done) {
        printed += String(chunk)
        heard?.(printed)
        done()
      },
    })
    const house: Pick<CliHouse, 'out' | 'database' | 'signal'> = {
      out: createOutput(() => json, sink, sink),
      signal,
      database: (run) => run({ ownerUrl: db.url } as Database),
    }
    const program = new Command('parcelle').exitOverride()
    for (const group of [undo, history, watch, audit]) group.register(program, house as CliHouse)
    await program.parseAsync(line.split(' '), { from: 'user' })
    return printed
  }
}

async function prepare(t: Test) {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const [id = 0] = await addHomes(db, source, 1)
  const session = await asSession(db.client, source, (client, session) =>
    client.query(
      `with named as (update scrape_sessions set name = 'june' where id = $2)
       update properties_live set price_eur = 90000, contact_phone = null where id = $1`,
      [id, session],
    ),
  )
  return { db, run: runner(db), id, session }
}

t.test('history tells what changed, by whom, and what was undone', async (t) => {
  const { run, id } = await prepare(t)
  const told = await run(`history ${id}`)
  t.match(told, /new +\w+/)
  t.match(told, /price_eur 101000 → 90000 +june +0\.\d\d/)
  t.match(told, /contact_phone digest:[0-9a-f]{8} → –/)
  t.match(
    await run('undo --session-id june'),
    /^session [-0-9a-f]{36} is undone: 1 homes restored, 0 deleted, 0 inserted again\n/,
  )
  t.match(await run('history portal/h1'), /price_eur 101000 → 90000 +june +0\.\d\d +undone/)
  const entries = JSON.parse(await run(`history ${id}`, { json: true }))
  t.match(entries[0], { kind: 'new', position: '1' })
  t.equal(entries.length, 5)
  await t.rejects(run('history portal/none'), { message: 'there is no home portal/none' })
  await t.rejects(run('history 987654'), { code: 'PC404' })
})

t.test('undo says what it kept when forced, and how to bring the session back', async (t) => {
  const { db, run, id, session } = await prepare(t)
  await db.query('update properties_live set price_eur = 1 where id = $1', [id])
  await t.rejects(run(`undo --session-id ${session}`), { code: 'PC409' })
  const told = await run(`undo --session-id ${session} --force`)
  t.match(told, /1 homes were changed since: 1 of their fields were kept/)
  const again = /parcelle (undo --session-id \S+)/.exec(told)?.[1]
  t.match(JSON.parse(await run(again ?? '', { json: true })), { restored_count: 1 })
})

t.test('watch prints what was committed and what will be, as text or JSON lines', async (t) => {
  const { db, run, id } = await prepare(t)
  t.match(
    await run('watch --since 0 --until-caught-up'),
    /^1 \d{4}-\d\d-\d\d \S+ portal home \d+ \(house 35238\): new\n2 .*\n3 .*\n$/,
  )
  const lines = (await run('watch --since 1 --kind updated --city Rennes --until-caught-up', { json: true }))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  t.match(lines, [{ position: '2', kind: 'updated' }, { position: '3' }])
  t.equal(await run('watch --until-caught-up'), '')
  await t.rejects(run('watch --since x --until-caught-up'), /expected a position/)
  await t.rejects(run('watch --type castle'), { code: 'PC400' })

  const stop = new AbortController()
  const live = run('watch --source portal', {
    signal: stop.signal,
    heard: (text) => {
      if (text.includes('price_eur')) stop.abort()
    },
  })
  await new Promise((resolve) => setTimeout(resolve, 300))
  await db.query('update properties_live set price_eur = 5 where id = $1', [id])
  t.match(await live, /^4 .*: price_eur 90000 → 5\n$/)
})

t.test('audit verify ends with 1 when the record was tampered with', async (t) => {
  const { db, run } = await prepare(t)
  const folder = await mkdtemp(join(tmpdir(), 'parcelle-audit-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const head = await run('audit export-head')
  await writeFile(join(folder, 'head.json'), head)
  await writeFile(join(folder, 'bad.json'), 'x')
  t.match(
    await run('audit verify'),
    /^intact: 2 batches, 3 changes, 0 actions of operators; last link [0-9a-f]{64}\n$/,
  )
  t.match(await run(`audit verify --head ${folder}/head.json`), /^intact/)
  await t.rejects(run(`audit verify --head ${folder}/bad.json`), { message: /is no JSON$/ })
  await t.rejects(run(`audit verify --head ${folder}/none.json`), { message: /^cannot read/ })
  await db.query('alter table property_changes disable trigger user')
  await db.query(`delete from property_changes where ordinal = 2`)
  await db.query('alter table property_changes enable trigger user')
  t.match(
    await run('audit verify'),
    /^tampered with: .*\n {2}link 2 \(batch 2\): 1 of its 2 changes are missing: numbers 2\n$/,
  )
  t.equal(process.exitCode, 1)
  process.exitCode = 0
})

t.test('values of changes are told in few words', (t) => {
  t.equal(formatValue(null), '–')
  t.equal(formatValue(12.5), '12.5')
  t.equal(formatValue('x'.repeat(50)), `${'x'.repeat(39)}…`)
  t.equal(formatValue(`digest:${'a'.repeat(64)}`), 'digest:aaaaaaaa')
  t.equal(
    describeChange({ kind: 'sold', field_name: 'status', old_value: 'active', new_value: 'sold' }),
    'sold: status active → sold',
  )
  t.equal(describeChange({ kind: 'deleted', field_name: null, old_value: null, new_value: null }), 'deleted')
  t.end()
})
