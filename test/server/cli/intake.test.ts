import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { Writable } from 'node:stream'
import { Command } from '@commander-js/extra-typings'
import t, { type Test } from 'tap'
import * as cleanup from '../../../server/cli/cleanup.ts'
import * as dvf from '../../../server/cli/dvf.ts'
import * as leads from '../../../server/cli/leads.ts'
import * as legacy from '../../../server/cli/legacy.ts'
import type { CliHouse } from '../../../server/cli/lib/house.ts'
import { createOutput } from '../../../server/cli/lib/output.ts'
import * as sessions from '../../../server/cli/sessions.ts'
import * as sources from '../../../server/cli/sources.ts'
import * as stage from '../../../server/cli/stage.ts'
import { createLog } from '../../../server/log.ts'
import type { Database } from '../../../server/postgres/house.ts'
import { addHomes, addSource } from '../../fixtures/homes.ts'
import { addRelease, addSales } from '../../fixtures/ledger.ts'
import { database } from '../../lib/database.ts'
import { temporaryFolder } from '../../tasks/import-lib.ts'

/** A database, and a way to run command lines against it, which gives what they print on stdout. */
async function prepare(t: Test) {
  const db = await database(t)
  const folder = temporaryFolder(t)
  const run = async (args: string[], json = false): Promise<string> => {
    let printed = ''
    const sink = new Writable({
      write(chunk, _encoding, done) {
        printed += String(chunk)
        done()
      },
    })
    const house: Pick<CliHouse, 'out' | 'database' | 'signal' | 'log'> = {
      out: createOutput(() => json, sink, new Writable({ write: (_chunk, _encoding, done) => done() })),
      log: createLog({ logLevel: 'silent', serverPassword: undefined }),
      signal: new AbortController().signal,
      database: (use) => use({ ownerUrl: db.url } as Database),
    }
    const program = new Command('parcelle').exitOverride().configureOutput({ writeErr: () => {} })
    for (const group of [stage, sessions, sources, cleanup, legacy, leads, dvf]) {
      group.register(program, house as CliHouse)
    }
    await program.parseAsync(args, { from: 'user' })
    return printed
  }
  const file = (name: string, content: string): string => {
    const file = path.join(folder, name)
    writeFileSync(file, content)
    return file
  }
  return { db, run, file }
}

const csv =
  'source_key,price,surface,city,postal_code,property_type,agent\n1,250 000 €,80 m²,Nantes,44000,maison,X\nshort\n'

t.test('a file is staged, listed and looked into', async (t) => {
  const { db, run, file } = await prepare(t)
  t.match(await run(['list-sessions']), /no session yet/)
  const said = await run([
    ...['stage', file('june.csv', csv), '--source', 'csv', '--name', 'june', '--city', 'Nantes'],
    ...['--types', 'house,flat', '--from', '2024-01-01', '--to', '2024-12-31', '--complete'],
  ])
  t.match(said, /^csv: 2 rows staged, 1 without a key, of these not readable: 1 field_count/)
  t.match(said, /field_count at .*june\.csv:3: short/)
  t.match(said, /kept in the payload, since staging has no such columns: agent/)
  t.match(said, /sync it with: parcelle sync --session-id /)
  t.match(await db.query('select * from scrape_sessions'), [
    { scope_insee_codes: ['44109'], scope_property_types: '{house,flat}', is_complete: true, name: 'june' },
  ])
  t.match(await run(['list-sessions', '--limit', '1']), /june +queued/)
  t.match(JSON.parse(await run(['list-sessions', '--source', 'csv'], true)), [
    { name: 'june', staged_count: 2 },
  ])
  const details = await run(['session-details', '--session-id', 'june'])
  t.match(details, /scope\.insee_codes +44109/)
  t.match(JSON.parse(await run(['session-details', '--session-id', 'last'], true)), {
    name: 'june',
    unkeyed: 1,
  })
})

t.test('a file is staged and synced at once', async (t) => {
  const { run, file } = await prepare(t)
  const said = await run(['stage', file('a.csv', csv), '--source', 'csv', '--sync'])
  t.match(said, /1 new/)
  const again = JSON.parse(await run(['stage', file('b.csv', csv), '--source', 'csv', '--sync'], true))
  t.match(again, { staged: 2, sync: { status: 'completed', unchanged_count: 1 } })
})

t.test('what is asked wrongly says what is expected', async (t) => {
  const { run, file } = await prepare(t)
  const staged = (...more: string[]) => run(['stage', file('a.csv', csv), '--source', 'csv', ...more])
  await t.rejects(staged('--postal-code', '44000'), { message: /--city/, exitCode: 2 })
  await t.rejects(staged('--city', 'Saint-Denis'), { exitCode: 2, message: /several communes/ })
  await t.rejects(staged('--from', '2024-02-30'), { code: 'commander.invalidArgument' })
  await t.rejects(staged('--types', 'castle'), { code: 'PC400' })
  await t.rejects(run(['list-sessions', '--limit', '0']), { code: 'commander.invalidArgument' })
  await t.rejects(run(['session-details', '--session-id', 'nobody']), { message: /nobody/ })
})

t.test('sources are listed, added, paused and resumed', async (t) => {
  const { run } = await prepare(t)
  const add = ['sources', 'add', 'agency', '--name', 'Agency', '--config', '{"columns": {"prix": "price"}}']
  t.match(await run(add), /agency is known/)
  t.match(await run(['sources', 'pause', 'agency']), /agency: paused since/)
  t.match(await run(['sources', 'list']), /agency +feed +paused since/)
  t.match(await run(['sources', 'resume', 'agency']), /^agency: works$/m)
  t.match(JSON.parse(await run(['sources', 'list'], true)), [{ code: 'agency', paused_at: null }])
})

t.test('a source is shown and changed, one setting of its config or all', async (t) => {
  const { db, run, file } = await prepare(t)
  const config = { search: { url: '/s' }, columns: { 'adresse.rue': 'address' } }
  await run([
    'sources',
    'add',
    'p',
    '--name',
    'P',
    '--kind',
    'portal',
    '--config',
    file('p.json', JSON.stringify(config)),
  ])
  const said = await run([
    ...[
      'sources',
      'set',
      'p',
      '--reliability',
      '0.8',
      '--removal-grace',
      '3 days',
      '--url',
      'https://p.example',
    ],
    ...[
      '--set',
      'detail.url=/ad/(\\d+)',
      '--set',
      'search.first_pages=3',
      '--set',
      'key_columns=["address"]',
    ],
    ...['--set', 'key_columns.1=city', '--unset', 'columns.adresse\\.rue', '--disable', '--local'],
  ])
  t.match(said, /^p is changed:\n/)
  t.match(said, /reliability +0\.9 +0\.8\n/)
  t.match(said, /config\.columns\.adresse\\\.rue +"address"\n/)
  t.match(JSON.parse(await run(['sources', 'show', 'p'], true)), {
    ...{
      base_url: 'https://p.example',
      is_enabled: false,
      is_local: true,
      removal_grace: '3 days',
      faults: [],
    },
    config: {
      search: { url: '/s', first_pages: 3 },
      detail: { url: '/ad/(\\d+)' },
      key_columns: ['address', 'city'],
      columns: {},
    },
  })
  t.match(await run(['sources', 'set', 'p', '--unset', 'detail']), /config\.detail\.url/)
  const shown = await run(['sources', 'show', 'p'])
  t.match(shown, /state +disabled\n.*"first_pages": 3.*it cannot be scraped as it is:\n {2}detail: /s)
  t.match(
    await run(['sources', 'set', 'p', '--no-local', '--config', '{}', '--url', '']),
    /is_local +true +false/,
  )
  t.match(await run(['sources', 'set', 'p', '--disable']), /^p is so already/)
  t.match(await db.query(`select config, base_url from sources where code = 'p'`), [
    { config: {}, base_url: null },
  ])
  for (const [args, wanted] of [
    [['p'], /nothing is to be changed/],
    [['p', '--config', '{"a":'], /no JSON/],
    [['p', '--config', 'nowhere.json'], /nowhere\.json/],
    [['p', '--set', 'a'], /sets nothing/],
    [['p', '--set', 'a..b=1'], /no path/],
    [['p', '--set', 'a=[]', '--set', 'a.1=2'], /the list has 0 items/],
    [['p', '--set', 'a=1', '--set', 'a.b=2'], /a is 1/],
    [['p', '--unset', 'a'], /nothing at this place/],
    [['p', '--enable', '--disable'], /not both/],
  ] as const)
    await t.rejects(run(['sources', 'set', ...args]), { message: wanted, exitCode: 2 }, args.join(' '))
  await t.rejects(run(['sources', 'set', 'p', '--reliability', 'much']), { code: 'PC400' })
  await t.rejects(run(['sources', 'set', 'nobody', '--name', 'x']), {
    message: 'source nobody does not exist',
  })
  await t.rejects(run(['sources', 'show', 'nobody']), { message: 'source nobody does not exist' })
})

t.test('staging is cleaned up', async (t) => {
  const { db, run, file } = await prepare(t)
  await run(['stage', file('a.csv', csv), '--source', 'csv'])
  t.match(await run(['cleanup', '--days', '1']), /^0 partitions of staging dropped/)
  await db.query(`update scrape_sessions set status = 'cancelled', finished_at = now() - interval '3 days',
    staging_bucket = staging_bucket - 3`)
  await db.query('update property_scrapes_staging set bucket = bucket - 3')
  t.match(JSON.parse(await run(['cleanup', '--days', '1'], true)), { rows_deleted: 2 })
})

t.test('the way from an older table', async (t) => {
  const { db, run } = await prepare(t)
  t.match(await run(['legacy', 'status']), /there is no table pulled_properties/)
  await db.query(`create table public.pulled_properties as
    select 1 as id, 250000 as prix, 'Nantes' as ville, '44000' as cp, 'maison' as type, 80 as surface, 'X' as agent`)
  t.match(await run(['legacy', 'status']), /prix +price\n/)
  t.match(await run(['legacy', 'compare']), /1 missing.*missing: row:1.*not clean/s)
  t.match(await run(['legacy', 'migrate']), /1 new homes.*prix as price.*payload: id, agent/s)
  t.match(await run(['legacy', 'compare']), /1 the same.*\nclean/s)
  t.match(await run(['legacy', 'switch']), /see the live homes/)
  t.match(await run(['legacy', 'rollback', '--reason', 'prices look wrong']), /paused sources: csv/)
  t.match(JSON.parse(await run(['legacy', 'switch'], true)), { reads_from: 'live' })
  t.match(await run(['legacy', 'retire']), /retired on/)
})

t.test('leads are listed, best first, with their reasons in words', async (t) => {
  const { db, run } = await prepare(t)
  t.match(await run(['leads']), /there is no lead here/)
  const [best, other, ended] = await addHomes(db, await addSource(db, 'portal'), 3)
  await db.query(
    `insert into offmarket_leads (property_id, insee_code, department_code, property_type, score, reasons, ended_at)
     values ($1, '35238', '35', 'house', 0.7, $4, null), ($2, '44109', '44', 'flat', 0.4, $5, null),
       ($3, '35238', '35', 'house', 0.9, $6, now())`,
    [
      ...[best, other, ended],
      JSON.stringify([
        { rule: 'withdrawn', weight: 0.5, missing_since: '2026-01-02', price_eur: 250000 },
        { rule: 'long_held', weight: 0.3, sold_on: '2010-03-04' },
      ]),
      JSON.stringify([{ rule: 'certificate', weight: 0.4, changed_on: '2026-05-06', from: 'F', to: 'D' }]),
      JSON.stringify([{ rule: 'dreamt', weight: 0.9 }]),
    ],
  )
  const all = await run(['leads', '--all'])
  t.match(all, /0\.90 +35238 +Rennes .*\{"rule":"dreamt","weight":0\.9\} \(ended\)\n *0\.70/)
  t.match(all, /ad withdrawn on 2026-01-02 at 250,000 €; sold last on 2010-03-04\n/)
  t.match(all, /energy class F, now D since 2026-05-06/)
  const codes = async (...args: string[]) =>
    JSON.parse(await run(['leads', ...args], true)).map((lead: { insee_code: string }) => lead.insee_code)
  t.same(await codes('--department', '44'), ['44109'])
  t.same(await codes('--insee', '35238'), ['35238'])
  t.same(await codes('--limit', '1'), ['35238'])
})

t.test('the ledger is staged', async (t) => {
  const { db, run } = await prepare(t)
  await addSales(db, await addRelease(db, 'A', { departments: ['35'], years: [2023] }), [{}, {}])
  t.match(await run(['dvf', 'stage']), /^dvf: 2 sales of single dwellings staged\nsync them with/)
  t.match(JSON.parse(await run(['dvf', 'stage', 'A', '--sync'], true)), {
    staged_count: 2,
    sync: { status: 'completed', new_count: 2 },
  })
})
