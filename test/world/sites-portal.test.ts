import { gunzipSync } from 'node:zlib'
import { load } from 'cheerio'
import { XMLParser } from 'fast-xml-parser'
import t, { type Test } from 'tap'
import { z } from 'zod'
import { type Portal, type PortalOptions, startPortal } from '../../seeds/world/sites/portal.ts'

t.setTimeout(60_000)

async function start(t: Test, options: Partial<PortalOptions> = {}): Promise<Portal> {
  const portal = await startPortal({ seed: 'portal', homes: 300, ...options })
  t.teardown(() => portal.close())
  return portal
}

const textOf = async (portal: Portal, path: string): Promise<string> =>
  (await fetch(new URL(path, portal.url))).text()

type Results = { keys: string[]; links: string[]; announced: number | null; next: string | undefined }

async function results(portal: Portal, path: string): Promise<Results> {
  const url = new URL(path, portal.url)
  const $ = load(await (await fetch(url)).text())
  const next = $('a.suivante').attr('href')
  const count = $('.compte').text().replace(/\D/g, '')
  return {
    keys: $('li.resultat[data-reference]')
      .toArray()
      .map((one) => $(one).attr('data-reference') ?? ''),
    links: $('li.resultat a.lien')
      .toArray()
      .map((one) => new URL($(one).attr('href') ?? '', url).href),
    announced: count === '' ? null : Number(count),
    next: next === undefined ? undefined : new URL(next, url).href,
  }
}

async function allResults(portal: Portal, path: string): Promise<Results[]> {
  const pages: Results[] = []
  for (let next: string | undefined = path; next !== undefined && pages.length < 50; ) {
    const page: Results = await results(portal, next)
    pages.push(page)
    next = page.next
  }
  return pages
}

t.test(
  'the pages of results show every home of a commune once, 25 to a page, and say how many',
  async (t) => {
    const portal = await start(t)
    const { cities, homes } = portal.truth()
    const city = cities[0]
    t.ok(city !== undefined && city.homes > 50)
    const expected = homes.filter(({ inseeCode }) => inseeCode === city?.inseeCode)
    const pages = await allResults(portal, `/recherche?lieu=${city?.inseeCode}`)
    t.equal(pages.length, Math.ceil(expected.length / 25))
    t.ok(pages.every(({ announced }) => announced === expected.length))
    t.same(
      pages.flatMap(({ keys }) => keys),
      expected.map(({ key }) => key),
    )
    const paths = pages.flatMap(({ links }) => links.map((link) => new URL(link).pathname))
    t.same(
      paths,
      expected.map(({ path }) => path),
      'however they are linked to',
    )
    t.ok(pages.some(({ links }) => links.some((link) => link.includes('utm_'))))

    const flats = expected.filter(({ propertyType }) => propertyType === 'flat').length
    for (const type of ['flat', 'appartement']) {
      t.equal((await results(portal, `/recherche?lieu=${city?.inseeCode}&type=${type}`)).announced, flats)
    }
    const beyond = await textOf(portal, `/recherche?lieu=${city?.inseeCode}&page=99`)
    t.match(beyond, /Aucune annonce/)
    t.match(await textOf(portal, '/'), `/recherche?lieu=${city?.inseeCode}`)
  },
)

t.test('the page of a home says what its ad says, with or without structured data', async (t) => {
  for (const structured of ['mixed', 'all', 'none'] as const) {
    const portal = await start(t, { structured, homes: 120 })
    const { homes } = portal.truth()
    let withData = 0
    let unreadable = 0
    for (const { path, row, facts } of homes) {
      const $ = load(await textOf(portal, path))
      t.equal($('.prix').text(), row.price, path)
      t.equal($('.adresse').text(), row.address)
      t.equal($('.agence-nom').text(), row.agency_name)
      const script = $('script[type="application/ld+json"]').text()
      if (script === '') continue
      withData++
      try {
        const text = JSON.stringify(z.record(z.string(), z.unknown()).parse(JSON.parse(script)))
        t.match(text, `"price":${facts.price_eur},`)
        t.match(text, `"postalCode":"${facts.postal_code}"`)
      } catch {
        unreadable++
      }
    }
    if (structured === 'all') t.same([withData, unreadable], [homes.length, 0])
    if (structured === 'none') t.equal(withData, 0)
    if (structured === 'mixed') {
      t.ok(withData > homes.length * 0.6 && withData < homes.length)
      t.ok(unreadable > 0, 'some of it broken')
    }
    await portal.close()
  }
})

t.test('who has a page already is told so, until it changes', async (t) => {
  const portal = await start(t)
  const before = portal.truth().homes
  const first = new Map<string, { etag: string; modified: string }>()
  for (const { key, path } of before) {
    const { headers } = await fetch(portal.url + path)
    first.set(key, { etag: headers.get('etag') ?? '', modified: headers.get('last-modified') ?? '' })
  }
  const again = async (key: string, path: string, by: 'etag' | 'modified'): Promise<number> => {
    const known = first.get(key)
    const headers: Record<string, string> =
      by === 'etag' ? { 'if-none-match': known?.etag ?? '' } : { 'if-modified-since': known?.modified ?? '' }
    return (await fetch(portal.url + path, { headers })).status
  }
  for (const { key, path } of before.slice(0, 20)) {
    t.equal(await again(key, path, 'etag'), 304)
    t.equal(await again(key, path, 'modified'), 304)
  }
  portal.pass(10)
  const after = new Map(portal.truth().homes.map((home) => [home.key, home]))
  const tally = { same: 0, changed: 0, gone: 0 }
  for (const home of before) {
    const now = after.get(home.key)
    const expected = now === undefined ? [404, 410] : now === home ? [304] : [200]
    const kind = now === undefined ? 'gone' : expected[0] === 304 ? 'same' : 'changed'
    tally[kind]++
    t.ok(expected.includes(await again(home.key, home.path, 'etag')), `${home.path}: ${kind}`)
  }
  t.ok(tally.same > 100 && tally.changed > 10 && tally.gone > 2, JSON.stringify(tally))
})

t.test('feeds and sitemaps hold the same homes', async (t) => {
  const portal = await start(t, { sitemapSize: 100 })
  const { homes } = portal.truth()
  const keys = homes.map(({ key }) => key).sort()
  const json = z
    .object({ total: z.number(), annonces: z.array(z.object({ reference: z.string(), prix: z.string() })) })
    .parse(JSON.parse(await textOf(portal, '/flux/annonces.json')))
  t.same(json.annonces.map(({ reference }) => reference).sort(), keys)
  const csv = (await textOf(portal, '/flux/annonces.csv')).trimEnd().split('\n')
  t.same(
    csv
      .slice(1)
      .map((line) => line.split(',', 1)[0])
      .sort(),
    keys,
  )
  const xml = new XMLParser({ parseTagValue: false }).parse(await textOf(portal, '/flux/annonces.xml'))
  t.same(xml.annonces.annonce.map((one: { reference: string }) => one.reference).sort(), keys)

  const index = await textOf(portal, '/sitemap.xml')
  const pieces = [...index.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, loc = '']) => loc)
  t.equal(pieces.length, Math.ceil(homes.length / 100))
  const found: string[] = []
  for (const piece of pieces) {
    const bytes = Buffer.from(await (await fetch(piece)).arrayBuffer())
    const text = piece.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString()
    found.push(...[...text.matchAll(/\/(\d+)<\/loc>/g)].map(([, key = '']) => key))
  }
  t.same(found.sort(), keys)
})

t.test('robots.txt forbids what nobody needs, and asks for time', async (t) => {
  const portal = await start(t, { crawlDelay: 2 })
  const robots = await textOf(portal, '/robots.txt')
  t.match(robots, /Disallow: \/prive\//)
  t.match(robots, /Crawl-delay: 2/)
  t.match(robots, `Sitemap: ${portal.url}/sitemap.xml`)
  t.match(await textOf(portal, portal.truth().homes[0]?.path ?? ''), /href="\/prive\//)
})

t.test('on demand the portal misleads its readers', async (t) => {
  const portal = await start(t)
  const { cities, homes } = portal.truth()
  const list = `/recherche?lieu=${cities[0]?.inseeCode}`
  const all = cities[0]?.homes ?? 0

  portal.setQuirks({ repeatAfter: 2 })
  const repeated = await allResults(portal, list)
  t.equal(repeated.length, 50, 'pages that never end')
  t.same(repeated[2]?.keys, repeated[0]?.keys)
  portal.setQuirks({ drift: 3 })
  const drifted = await allResults(portal, list)
  t.same(drifted[1]?.keys.slice(0, 3), drifted[0]?.keys.slice(-3))
  t.equal(new Set(drifted.flatMap(({ keys }) => keys)).size, all, 'nothing is lost')
  portal.setQuirks({ flips: true })
  const counts = [await results(portal, list), await results(portal, list)].map((one) => one.announced)
  t.same(counts, [all, Math.ceil(all / 8)])
  portal.setQuirks({ overcount: 30 })
  t.equal((await results(portal, list)).announced, all + 30)
  portal.setQuirks({ noCount: true, sponsored: true })
  const plain = await results(portal, list)
  t.equal(plain.announced, null)
  t.ok(plain.links.some((link) => link.startsWith('https://publicite.example/')))
  portal.setQuirks({ deadLinks: 2, privateHomes: 1 })
  t.equal((await fetch(portal.url + (homes[1]?.path ?? ''))).status, 404)
  t.match((await fetch(`${portal.url}/prive${homes.at(-1)?.path}`)).status, 200)
})

t.test('the same seed gives the same portal', async (t) => {
  const [one, other, different] = [await start(t), await start(t), await start(t, { seed: 'other' })]
  one.pass(3)
  other.pass(3)
  t.same(one.truth().homes, other.truth().homes)
  t.notSame(one.truth().homes[0], different.truth().homes[0])
})
