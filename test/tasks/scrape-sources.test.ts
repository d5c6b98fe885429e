import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import t, { type Test } from 'tap'
import { startPortal } from '../../seeds/world/sites/portal.ts'
import { feedColumns } from '../../seeds/world/sites/portal-lists.ts'
import { portalSettings } from '../../seeds/world/sites/settings.ts'
import { exportFormat } from '../../tasks/lib/export/formats.ts'
import { exportSession } from '../../tasks/lib/export/write.ts'
import { scrapeSession } from '../../tasks/lib/scrape/session.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { staged } from '../lib/intake.ts'
import { beginScrape, localSource } from './scrape-lib.ts'

const log = pino({ level: process.env.LOG_LEVEL ?? 'silent' })
const { signal } = new AbortController()
const callOf =
  (db: TestDatabase) =>
  async <Row>(text: string, values: readonly unknown[]) =>
    (await db.pool.query(text, [...values])).rows as Row[]

async function scrape(db: TestDatabase, source: string, parameters: Record<string, unknown> = {}) {
  const sessionId = await beginScrape(db, source, parameters)
  return scrapeSession({ call: callOf(db), sessionId, log, signal })
}

async function portalOf(t: Test, options: Partial<Parameters<typeof startPortal>[0]> = {}) {
  const site = await startPortal({ seed: 'sources', homes: 120, ...options })
  t.teardown(() => site.close())
  return site
}

const keysOf = async (db: TestDatabase, id: string) =>
  (await staged(db, id)).map(({ source_key }) => String(source_key)).sort()

const wholeMarket = (more: Record<string, unknown> = {}) => ({
  ...portalSettings(),
  search: { url: '/recherche?page={page}', count: '.compte', next: 'a.suivante', empty: '.aucune', ...more },
})

t.test('tiers look at as much of a portal as they say', async (t) => {
  const db = await database(t)
  const site = await portalOf(t, { homes: 120 })
  await localSource(db, 'portal', 'portal', site.url, wholeMarket())
  const sync = (id: string) => db.query('select * from app_public.sync_session($1)', [id])
  const full = await scrape(db, 'portal')
  t.match(full, { outcome: 'complete', staged_count: site.truth().homes.length })
  await sync(full.sessionId)

  const asked = () => site.requests().filter(({ path }) => path.startsWith('/annonces/')).length
  site.forgetRequests()
  const changes = await scrape(db, 'portal', { tier: 'changes' })
  t.match(changes, { outcome: 'partial', errors: [], staged_count: 25 })
  t.equal(asked(), 0, 'nothing is new on the first page, so nothing is read')
  t.match(await sync(changes.sessionId), [{ unchanged_count: 25, updated_count: 0 }])

  site.pass(3)
  const before = new Set(await keysOf(db, full.sessionId))
  const fresh = site.truth().homes.filter(({ key }) => !before.has(key))
  t.ok(fresh.length > 0)
  site.forgetRequests()
  const first = await scrape(db, 'portal', { tier: 'first_pages' })
  t.equal(asked(), new Set(fresh.slice(0, 50).map(({ key }) => key)).size, 'only what is new is read')
  t.equal(site.requests().filter(({ path }) => path.startsWith('/recherche')).length, 2)
  await sync(first.sessionId)

  const manifest = await scrape(db, 'portal', { tier: 'manifest' })
  t.match(manifest, { outcome: 'complete', staged_count: site.truth().homes.length })
  t.strictSame(
    await keysOf(db, manifest.sessionId),
    site
      .truth()
      .homes.map(({ key }) => key)
      .sort(),
  )
  const gone = [...before].filter((key) => site.truth().gone.has(key))
  t.match(await sync(manifest.sessionId), [{ likely_removed_count: gone.length }])

  const sample = await scrape(db, 'portal', { tier: 'sample' })
  t.match(sample, { outcome: 'partial', errors: [] })
  t.ok(sample.staged_count > 0 && sample.counts.request_count <= 100)
})

t.test(
  'pages that repeat end the scrape, and a count that is not reached keeps it from being complete',
  async (t) => {
    const db = await database(t)
    const site = await portalOf(t, { quirks: { repeatAfter: 2, noCount: true } })
    await localSource(db, 'portal', 'portal', site.url, wholeMarket())
    const reasons = async (parameters = {}) =>
      (await scrape(db, 'portal', parameters)).errors.map(({ reason }) => reason)
    t.strictSame(await reasons(), ['repeated_page'])
    t.ok(site.requests().length < 70)
    site.setQuirks({ repeatAfter: 2 })
    t.strictSame((await reasons()).sort(), ['fewer_than_announced', 'repeated_page'])
    site.setQuirks({ overcount: 1 })
    t.strictSame(await reasons(), ['fewer_than_announced'])
    site.setQuirks({})
    const sync = async (id: string) => (await db.query('select * from app_public.sync_session($1)', [id]))[0]
    t.match(await sync((await scrape(db, 'portal')).sessionId), { status: 'completed' })
    // A source that says an eighth of its homes is all it has contradicts only what is known of it.
    site.setQuirks({ flips: true })
    const looks = [await scrape(db, 'portal'), await scrape(db, 'portal')]
    const flipped = looks.reduce((one, other) => (other.staged_count < one.staged_count ? other : one))
    t.match(flipped, { outcome: 'complete' })
    t.ok(flipped.staged_count < site.truth().homes.length / 4)
    t.match(await sync(flipped.sessionId), { status: 'held', held_reasons: [{ reason: 'many_gone' }] })
    site.setQuirks({})
    t.strictSame(await reasons({ max_pages: 10 }), ['budget'])
  },
)

t.test('a page of the source to begin with, a type, and links that robots.txt keeps us from', async (t) => {
  const db = await database(t)
  const site = await portalOf(t)
  const search = {
    url: '/recherche?type={type}&page={page}',
    types: { house: 'maison', flat: 'appartement' },
  }
  await localSource(db, 'portal', 'portal', site.url, wholeMarket(search))
  const houses = site.truth().homes.filter(({ propertyType }) => propertyType === 'house')
  t.match(await scrape(db, 'portal', { types: ['house'] }), {
    outcome: 'complete',
    staged_count: houses.length,
  })
  const one = await scrape(db, 'portal', { url: `${site.url}/recherche?type=maison` })
  t.match(one, { outcome: 'partial', errors: [], staged_count: houses.length })
  await t.rejects(scrape(db, 'portal', { types: ['land'] }), { name: 'Unplannable' })
  await t.rejects(scrape(db, 'portal', { url: 'http://127.0.0.1:1/' }), { name: 'Unplannable' })
  t.match(await db.query(`select count(*)::integer as n from scrape_sessions where status = 'failed'`), [
    { n: 2 },
  ])

  site.setRobots('User-agent: *\nDisallow: /annonces/appartement/')
  await db.query('delete from app_private.request_hosts')
  const { errors, staged_count } = await scrape(db, 'portal')
  t.match(errors, [{ reason: 'robots' }])
  t.equal(staged_count, houses.length)
  t.ok(site.requests().every(({ path }) => !path.startsWith('/prive/')))
})

t.test('a config that is wrong fails the session and says where', async (t) => {
  const db = await database(t)
  await localSource(db, 'portal', 'portal', 'http://127.0.0.1:1', {
    search: { url: '/{page}', count: '/(/' },
    detail: { url: '(' },
    concurrency: 'many',
  })
  await t.rejects(scrape(db, 'portal'), { code: 'PC422', message: /concurrency/ })
  await db.query(`update sources set config = config - 'concurrency' where code = 'portal'`)
  await t.rejects(scrape(db, 'portal'), { code: 'PC422', message: /search.count: .*; detail.url: / })
  t.match(await db.query('select status, errors from scrape_sessions'), [
    { status: 'failed', errors: [{ reason: 'config' }] },
    { status: 'failed' },
  ])
})

t.test('feeds in every form bring the same rows', async (t) => {
  const db = await database(t)
  const site = await portalOf(t)
  const homes = site.truth().homes
  for (const [code, url, feed] of [
    ['csv-feed', '/flux/annonces.csv', {}],
    ['json-feed', '/flux/annonces.json', { items: 'annonces' }],
    ['xml-feed', '/flux/annonces.xml', {}],
  ] as const) {
    await localSource(db, code, 'feed', site.url + url, { columns: feedColumns, feed })
    const report = await scrape(db, code)
    t.match(report, { outcome: 'complete', staged_count: homes.length, unkeyed_count: 0 }, code)
    const rows = new Map((await staged(db, report.sessionId)).map((row) => [row.source_key, row]))
    for (const home of homes)
      t.match(rows.get(home.key), { price: home.row.price, city: home.row.city, payload: null })
  }
  await localSource(db, 'strange', 'feed', `${site.url}/flux/annonces.json`, {})
  t.match(await scrape(db, 'strange'), {
    outcome: 'failed',
    errors: [{ reason: 'layout' }, { reason: 'nothing_read' }],
  })
})

t.test('sitemaps, their index and packed ones lead to the homes they list', async (t) => {
  const db = await database(t)
  const site = await portalOf(t, { sitemapSize: 40 })
  await localSource(db, 'map', 'sitemap', site.url, { detail: portalSettings().detail })
  const report = await scrape(db, 'map')
  t.match(report, { outcome: 'complete', staged_count: site.truth().homes.length })
  await db.query('select app_public.sync_session($1)', [report.sessionId])
  const [{ at } = { at: '' }] = await db.query<{ at: string }>(`select now()::text as at`)
  t.ok(at)
  site.forgetRequests()
  const again = await scrape(db, 'map', { tier: 'manifest' })
  t.match(again, { outcome: 'complete', staged_count: site.truth().homes.length })
  t.equal(
    site.requests().filter(({ path }) => path.startsWith('/annonces/')).length,
    0,
    'lastmod says nothing changed',
  )
  await t.rejects(scrape(db, 'map', { insee_code: '44109' }), { name: 'Unplannable' })
})

t.test('what is exported is read back as it was', async (t) => {
  const db = await database(t)
  const folder = mkdtempSync(join(tmpdir(), 'parcelle-export-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'in.csv')
  writeFileSync(
    file,
    `adresse,city,price,surface,rooms,sale_date,property_type,property_url
"3, rue ""Basse""",Nantes,"252 000 €",85 m²,4,12/01/2024,maison,https://a.fr/1
"'=HYPERLINK(1)",Rennes,180000,40.5,2,,appartement,https://a.fr/2
`.replace('adresse', 'address'),
  )
  const write = async (id: string, name: string) => {
    const path = join(folder, name)
    const format = exportFormat(path)
    if (format === null) throw new Error(`${name} has no format`)
    const count = await exportSession({ call: callOf(db), sessionId: id, path, format, signal })
    return { count, text: readFileSync(path, 'utf8') }
  }
  const first = await scrape(db, 'csv', { file })
  t.match(first, { outcome: 'partial', staged_count: 2, unkeyed_count: 0, errors: [] })
  t.match(await staged(db, first.sessionId), [{}, { address: '=HYPERLINK(1)' }])
  const { text, count } = await write(first.sessionId, 'out.csv')
  t.equal(count, 2)
  t.equal(text.split('\n')[0], 'address,city,price,surface,rooms,sale_date,property_type,property_url')
  t.match(text, /252000,85,4,2024-01-12,house,https:\/\/a\.fr\/1/)
  const second = await scrape(db, 'csv', { file: join(folder, 'out.csv') })
  t.equal((await write(second.sessionId, 'again.csv')).text, text)

  const map = JSON.parse((await write(first.sessionId, 'out.geojson')).text)
  t.match(map, {
    type: 'FeatureCollection',
    features: [{ geometry: null, properties: { price: 252000, rooms: 4 } }, {}],
  })
  const lines = (await write(first.sessionId, 'out.jsonl')).text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  t.match(lines, [
    { city: 'Nantes', surface: 85 },
    { city: 'Rennes', surface: 40.5 },
  ])
  t.equal(exportFormat('out.xls'), null)
  await db.query('select app_public.sync_session($1)', [first.sessionId])
  t.equal((await write(first.sessionId, 'synced.csv')).text, text, 'what is as it was is exported too')
  await t.rejects(
    scrape(db, 'csv', { file: join(folder, 'none.csv') }).then(({ errors }) => Promise.reject(errors[0])),
    {
      reason: 'not_found',
    } as never,
  )
})

t.test('a scrape that is broken off goes on where it was', async (t) => {
  const db = await database(t)
  const site = await portalOf(t)
  await localSource(db, 'portal', 'portal', site.url, wholeMarket())
  await db.query(`update sources set config = config || '{"requests_per_second": 60}' where code = 'portal'`)
  const sessionId = await beginScrape(db, 'portal')
  const stop = new AbortController()
  const begun = scrapeSession({
    ...{ call: callOf(db), sessionId, log, signal: stop.signal },
    progress: ({ done_count }) => {
      if (done_count > 20) stop.abort(new Error('enough'))
    },
  })
  await t.rejects(begun, { message: 'enough' })
  const [left] = await db.query(`select count(*) filter (where status = 'waiting')::integer as waiting,
    count(*) filter (where status = 'running')::integer as running from scrape_items`)
  t.ok(Number(left?.waiting) > 50 && left?.running === 0)
  const report = await scrapeSession({ call: callOf(db), sessionId, log, signal })
  t.match(report, { outcome: 'complete', staged_count: site.truth().homes.length, errors: [] })
  t.equal(new Set(await keysOf(db, sessionId)).size, site.truth().homes.length)
  const asked = site
    .requests()
    .filter(({ path }) => path.startsWith('/annonces/'))
    .map(({ path }) => path)
  t.ok(asked.length <= site.truth().homes.length + 8, 'what had been read is not read again')
  await t.rejects(scrapeSession({ call: callOf(db), sessionId, log, signal }), { code: 'PC409' })
})

t.test('a challenge blocks the session, and nothing is applied', async (t) => {
  const db = await database(t)
  const site = await portalOf(t, { faults: [{ kind: 'challenge', at: [20], status: 200 }] })
  await localSource(db, 'portal', 'portal', site.url, wholeMarket())
  const report = await scrape(db, 'portal')
  t.match(report, {
    outcome: 'blocked',
    status: 'held',
    is_complete: false,
    errors: [{ reason: 'challenge' }],
  })
  t.ok(site.requests().length < 40, 'nobody asks on')
  t.strictSame(await db.query('select from properties_live'), [])
  t.match(await db.query('select * from app_public.accept_session($1)', [report.sessionId]), [
    { status: 'completed' },
  ])
})
