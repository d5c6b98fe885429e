import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { pino } from 'pino'
import t from 'tap'
import { truncateFile } from '../../seeds/world/variants.ts'
import { database } from '../lib/database.ts'
import { contentDigest, importInto, ledgerDigest, smallWorld, temporaryFolder } from './import-lib.ts'

t.test('the same release again changes nothing', async (t) => {
  const db = await database(t)
  const world = await smallWorld(t)
  const first = await importInto(db, [world.a])
  t.equal(first.status, 'applied')
  t.equal(first.accepted + first.rejected, first.lines)
  t.ok(first.added !== null && first.added > 1_000)
  const before = await ledgerDigest(db)

  const again = await importInto(db, [world.a], { code: 'another name' })
  t.match(again, { status: 'unchanged', code: first.code, added: 0, corrected: 0, withdrawn: 0 })
  const packed = path.join(temporaryFolder(t), 'packed.csv.gz')
  writeFileSync(packed, gzipSync(readFileSync(world.a)))
  t.equal((await importInto(db, [packed])).status, 'unchanged', 'packed too')
  t.equal(await ledgerDigest(db), before)
  t.equal((await db.query('select from app_public.dvf_releases')).length, 1)
})

t.test('statistics prepared beside the loading of a first release are those of the ledger', async (t) => {
  const db = await database(t)
  const world = await smallWorld(t)
  await importInto(db, [world.a])
  const groups = await db.query('select from app_public.market_stats')
  t.ok(groups.length > 1_000)
  const different = await db.query(
    `(select to_jsonb(f) - 'calculated_at' from app_private.market_figures() as f
      except all select to_jsonb(m) - 'calculated_at' from app_public.market_stats as m)
     union all
     (select to_jsonb(m) - 'calculated_at' from app_public.market_stats as m
      except all select to_jsonb(f) - 'calculated_at' from app_private.market_figures() as f)`,
  )
  t.same(different, [])
  const left = await db.query(`select from pg_class where relname like 'market\\_figures\\_%'`)
  t.same(left, [], 'and the table they were prepared in is gone')
})

t.test('what fails after a release was applied takes nothing of it away', async (t) => {
  const db = await database(t)
  const world = await smallWorld(t)
  await importInto(db, [world.a])
  const lines = async () => (await db.query('select count(*)::integer as n from app_private.dvf_lines'))[0]?.n
  const before = await lines()
  t.ok(before > 1_000)
  await db.query('select app_private.abandon_dvf_import(r.id) from app_public.dvf_releases as r')
  t.equal(await lines(), before)
  t.match(await db.query('select status from app_public.dvf_releases'), [{ status: 'applied' }])
})

t.test('views that a killed import left behind are refreshed by the next', async (t) => {
  const db = await database(t)
  const world = await smallWorld(t)
  await importInto(db, [world.a])
  const rankings = () => db.query('select from app_public.market_rankings')
  t.ok((await rankings()).length > 0)
  await db.query('delete from app_public.market_stats')
  t.equal((await importInto(db, [world.a])).status, 'unchanged')
  t.ok((await rankings()).length > 0, 'views that are up to date are left alone')
  await db.query('update app_public.dvf_releases set views_refreshed_at = null')
  t.equal((await importInto(db, [world.a])).status, 'unchanged')
  t.same(await rankings(), [], 'those behind are not')
})

t.test('a newer release is undone exactly', async (t) => {
  const db = await database(t)
  const world = await smallWorld(t)
  await importInto(db, [world.a], { code: 'A' })
  const before = await ledgerDigest(db)
  const b = await importInto(db, [world.b], { code: 'B' })
  t.ok(b.added && b.corrected && b.withdrawn, 'B adds, corrects and withdraws')
  const changes = await db.query<{ kind: string; count: number }>(
    `select kind, count(distinct transaction_id)::integer as count
     from app_public.transaction_changes as c join app_public.dvf_releases as r on r.id = c.release_id
     where r.code = 'B' group by kind order by kind`,
  )
  t.same(
    changes.map((row) => row.count),
    [b.added, b.corrected, b.withdrawn],
    'every change has its record',
  )
  t.not(await ledgerDigest(db), before)

  await t.rejects(db.query(`select app_private.undo_dvf_release('A')`), { code: 'PC409' }, 'B stands on A')
  await db.query(`select app_private.undo_dvf_release('B')`)
  t.equal(await ledgerDigest(db), before)
  await t.rejects(db.query(`select app_private.undo_dvf_release('B')`), { code: 'PC404' }, 'it is undone')

  const again = await importInto(db, [world.b], { code: 'B' })
  t.match(again, { status: 'applied', added: b.added, corrected: b.corrected, withdrawn: b.withdrawn })
})

t.test('release B after A leaves what B alone would say', async (t) => {
  const world = await smallWorld(t)
  const both = await database(t)
  await importInto(both, [world.a])
  await importInto(both, [world.b])
  const alone = await database(t)
  await importInto(alone, [world.b])
  const sales = (db: typeof both) =>
    db.query(
      `select sold_on, nature, price_eur, property_type, insee_code, parcel_ids, house_count, flat_count, annex_count,
         built_surface_m2, room_count, price_per_m2, mutation_is_partial
       from app_public.transactions order by sold_on, parcel_ids, price_eur, disposition_no, content_digest`,
    )
  t.same(await sales(both), await sales(alone))
})

t.test('a truncated release is held until somebody decides', async (t) => {
  const db = await database(t)
  const world = await smallWorld(t)
  await importInto(db, [world.a], { code: 'A' })
  const before = await ledgerDigest(db)
  const cut = path.join(temporaryFolder(t), 'full.csv')
  await truncateFile(world.b, 0.4, cut)
  const held = await importInto(db, [cut], { code: 'cut' })
  t.equal(held.status, 'held')
  t.ok(
    held.heldReasons?.some((reason) => (reason as { reason: string }).reason === 'volume_collapse'),
    'the lost volume is named',
  )
  t.equal(await ledgerDigest(db), before, 'nothing was applied')

  await t.rejects(db.query(`select app_private.decide_dvf_release('nothing', true)`), { code: 'PC404' })
  await db.query(`select app_private.decide_dvf_release('cut', false)`)
  t.equal(await ledgerDigest(db), before, 'rejecting changes nothing')

  const again = await importInto(db, [cut], { code: 'cut' })
  t.equal(again.status, 'held')
  await db.query(`select app_private.decide_dvf_release('cut', true)`)
  const [release] = await db.query(
    `select * from app_public.dvf_releases where code = 'cut' and status = 'applied'`,
  )
  t.ok(release?.withdrawn_count > 500, 'accepting applies it')
  await db.query(`select app_private.undo_dvf_release('cut')`)
  t.equal(await ledgerDigest(db), before, 'and even that can be undone')
})

t.test('a release without a département that the last one had is held', async (t) => {
  const db = await database(t)
  const world = await smallWorld(t, 8_000)
  const text = readFileSync(world.a, 'utf8').split('\n')
  const file = path.join(temporaryFolder(t), 'export.csv')
  writeFileSync(file, text.join('\n'))
  await importInto(db, [file], { code: 'whole', scope: [{ area: 'FR', code: 'FR', years: null }] })
  const [largest] = await db.query<{ code: string }>(
    'select department_code as code from app_public.transactions group by 1 order by count(*) desc limit 1',
  )
  writeFileSync(file, text.filter((line) => line.split(',')[12] !== largest?.code).join('\n'))
  const held = await importInto(db, [file], { code: 'gap', scope: [{ area: 'FR', code: 'FR', years: null }] })
  t.equal(held.status, 'held')
  t.ok(held.heldReasons?.some((reason) => (reason as { department: string }).department === largest?.code))
})

t.test('a file of mostly unreadable lines is held and its lines come back byte for byte', async (t) => {
  const db = await database(t)
  const world = await smallWorld(t, 2_000)
  const lines = readFileSync(world.a, 'utf8').split('\n').slice(0, 101)
  const bad = lines
    .slice(1, 51)
    .map((line, index) => (index % 2 === 0 ? `${line},"extra"\r` : line.replace(/-\d\d-/, '-13-')))
  const file = path.join(temporaryFolder(t), 'sales.csv')
  writeFileSync(file, [lines[0], ...bad, ...lines.slice(51)].join('\n'))
  const report = await importInto(db, [file], { code: 'bad' })
  t.equal(report.status, 'held')
  t.equal(report.rejected, 50)
  t.same(report.heldReasons?.[0], { reason: 'rejected_lines', rejected: 50, lines: 100, share_max: 0.02 })
  const rows = await db.query<{ raw: Buffer }>(
    'select raw from app_private.dvf_rejects order by source_no, line_no',
  )
  t.equal(Buffer.concat(rows.map((row) => row.raw)).toString(), `${bad.join('\n')}\n`)
})

t.test("one commune's file never withdraws another's sales", async (t) => {
  const db = await database(t)
  const world = await smallWorld(t)
  await importInto(db, [world.a], { code: 'A' })
  const [town] = await db.query<{ insee_code: string; sales: number; year: number }>(
    `select insee_code, extract(year from sold_on)::integer as year, count(*)::integer as sales
     from app_public.transactions where cardinality(insee_codes) = 1
     group by 1, 2 having count(*) >= 8 order by count(*) desc, 1 limit 1`,
  )
  const lines = readFileSync(world.a, 'utf8').split('\n')
  const own = lines.filter(
    (line) => line.split(',')[10] === town?.insee_code && line.includes(`,${town?.year}-`),
  )
  const file = path.join(temporaryFolder(t), 'town.csv')
  writeFileSync(file, [lines[0], ...own.slice(Math.ceil(own.length / 10))].join('\n'))
  const report = await importInto(db, [file], {
    code: 'town',
    scope: [{ area: 'commune', code: town?.insee_code ?? '', years: [town?.year ?? 0] }],
  })
  t.equal(report.status, 'applied')
  t.ok(report.withdrawn !== null && report.withdrawn > 0, 'its own missing sales are withdrawn')
  const [elsewhere] = await db.query(
    `select count(*)::integer as count
     from app_private.transaction_versions as v
     where v.image ->> 'insee_code' <> $1 or extract(year from (v.image ->> 'sold_on')::date) <> $2`,
    [town?.insee_code, town?.year],
  )
  t.equal(elsewhere?.count, 0, 'nothing outside the commune and year is touched')
})

t.test('standard input is read like a file', async (t) => {
  const world = await smallWorld(t, 2_000)
  const db = await database(t)
  const file = await importInto(db, [world.a], { code: 'file' })
  const stdin = process.stdin
  Object.defineProperty(process, 'stdin', {
    value: Readable.from([readFileSync(world.a)]),
    configurable: true,
  })
  t.teardown(() => Object.defineProperty(process, 'stdin', { value: stdin, configurable: true }))
  const again = await importInto(db, 'stdin', { code: 'pipe' })
  t.match(again, { status: 'unchanged', code: file.code }, 'and known again once it has been read')
})

t.test('only one import runs at a time', async (t) => {
  const db = await database(t)
  const world = await smallWorld(t, 2_000)
  await db.query(`select pg_advisory_lock(hashtext('app_private.dvf_import'))`)
  await t.rejects(importInto(db, [world.a]), { code: 'PC409' })
  await db.query(`select pg_advisory_unlock(hashtext('app_private.dvf_import'))`)
  t.equal((await importInto(db, [world.a], { code: 'A' })).status, 'applied')
  await t.rejects(importInto(db, [world.b], { code: 'A' }), { code: 'PC409' }, 'a code names one content')
})

t.test('a sale leads to its lines', async (t) => {
  const db = await database(t)
  const world = await smallWorld(t, 2_000)
  await importInto(db, [world.a], { code: 'A' })
  const lines = readFileSync(world.a, 'utf8').split('\n')
  const sales = await db.query<{ id: string; line_count: number; sold_on: string; parcel_ids: string[] }>(
    `select id, line_count, sold_on::text, parcel_ids from app_public.transactions order by line_count desc limit 30`,
  )
  for (const sale of sales) {
    const found = await db.query<{ line_no: number; release_code: string }>(
      'select * from app_public.transaction_lines($1)',
      [sale.id],
    )
    t.equal(found.length, sale.line_count, `sale ${sale.id} has all its lines`)
    t.ok(
      found.every((line) => lines[line.line_no - 1]?.includes(sale.sold_on)),
      'which are lines of the file',
    )
  }
})

t.test('an aborted import leaves the ledger as it was', async (t) => {
  const db = await database(t)
  const world = await smallWorld(t)
  const abort = new AbortController()
  abort.abort(new Error('stopped by hand'))
  const warnings: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) })
  await t.rejects(importInto(db, [world.a], { signal: abort.signal, log }), { message: 'stopped by hand' })
  t.same(warnings, [], 'everything could be cleared away')
  const [left] = await db.query(
    `select (select count(*) from app_public.transactions)::integer as sales,
       (select count(*) from app_private.dvf_lines)::integer as lines,
       (select string_agg(status::text, ',') from app_public.dvf_releases) as status`,
  )
  t.same(left, { sales: 0, lines: 0, status: 'failed' }, `what is left: ${JSON.stringify(left)}`)
  const fresh = await database(t)
  await importInto(db, [world.a])
  await importInto(fresh, [world.a])
  t.equal(await contentDigest(db), await contentDigest(fresh), 'and the next one goes through')
})
