import fc from 'fast-check'
import t from 'tap'
import { rebuiltMarkup } from '../../seeds/world/sites/html.ts'
import { openPortalMarket } from '../../seeds/world/sites/portal-homes.ts'
import { detailPage } from '../../seeds/world/sites/portal-pages.ts'
import { portalSettings } from '../../seeds/world/sites/settings.ts'
import { guarded, unguarded } from '../../tasks/lib/export/guard.ts'
import type { Answer } from '../../tasks/lib/scrape/adapter.ts'
import { readHome } from '../../tasks/lib/scrape/adapters/detail.ts'
import { homeLink, readCount } from '../../tasks/lib/scrape/adapters/links.ts'
import { detailSchema, portalSchema } from '../../tasks/lib/scrape/adapters/portal-config.ts'
import { dataOf, isWholePage, scanPage } from '../../tasks/lib/scrape/scan.ts'
import { homeOfData } from '../../tasks/lib/scrape/structured.ts'

const pageUrl = 'https://a.fr/annonces/12'
const answer = (text: string): Answer => ({
  url: pageUrl,
  status: 200,
  headers: {},
  text,
  isFromCache: false,
})
const whole = (head: string, body = '') =>
  `<!doctype html><html><head>${head}</head><body>${body}</body></html>`
const script = (value: unknown) => `<script type="application/ld+json">${JSON.stringify(value)}</script>`
const detail = detailSchema.parse({
  url: '/annonces/(\\d+)$',
  fields: { price: '.prix', dpe_class: '.dpe@data-class' },
})
const read = (text: string) => readHome(answer(text), { key: '12', url: pageUrl }, detail)
const refusal = (reason: string) => ({ name: 'ScrapeRefusal', reason })

t.test('JSON-LD is read whatever way it tells of a home', async (t) => {
  const house = {
    '@type': ['SingleFamilyResidence', 'Product'],
    name: 'Maison',
    address: { streetAddress: '3 rue Basse', postalCode: 44000, addressLocality: 'Nantes' },
    geo: { latitude: '47.2', longitude: -1.5 },
    floorSize: { value: 85.5, unitCode: 'MTK' },
    lotSize: { value: 1.2, unitText: 'ha' },
    numberOfRooms: { '@type': 'QuantitativeValue', value: 4 },
    additionalProperty: [
      { name: 'Classe énergie', value: 'D' },
      { name: 'Piscine', value: 'oui' },
    ],
  }
  const offer = {
    ...{ '@type': 'Offer', price: '252 000 €', availability: 'http://schema.org/SoldOut' },
    seller: { name: 'Agence', telephone: '01', email: 'mailto:a@b.fr' },
  }
  const expected = {
    ...{
      property_type: 'house',
      title: 'Maison',
      address: '3 rue Basse',
      postal_code: '44000',
      city: 'Nantes',
    },
    ...{
      latitude: '47.2',
      longitude: '-1.5',
      surface: '85.5',
      land_surface: '1.2 ha',
      rooms: '4',
      dpe_class: 'D',
    },
    ...{
      price: '252 000 €',
      status: 'sold',
      agency_name: 'Agence',
      contact_phone: '01',
      contact_email: 'a@b.fr',
    },
    payload: { Piscine: 'oui' },
  }
  const forms: [string, unknown][] = [
    ['a home with offers', { ...house, offers: [offer] }],
    ['an offer of a home', { ...offer, itemOffered: house }],
    [
      'a listing about a home',
      { '@type': 'https://schema.org/RealEstateListing', mainEntity: house, offers: offer },
    ],
    [
      'a graph',
      {
        '@context': 'https://schema.org',
        '@graph': [
          { '@type': 'WebSite', name: 'Site' },
          { ...house, offers: offer },
        ],
      },
    ],
    ['a list', [{ '@type': 'BreadcrumbList' }, { ...house, offers: offer }]],
  ]
  for (const [what, value] of forms) t.match(homeOfData([JSON.stringify(value)], pageUrl), expected, what)
  t.match(homeOfData([JSON.stringify(house), JSON.stringify(offer)], pageUrl), expected, 'two scripts')
  t.match(
    homeOfData([`${JSON.stringify({ ...house, offers: offer }).slice(0, -1)},}`], pageUrl),
    expected,
    'a comma too many',
  )
  const nearby = { '@type': 'House', url: '/annonces/13', offers: { '@type': 'Offer', price: 1 } }
  const own = { '@type': 'House', url: '/annonces/12', offers: { '@type': 'Offer', price: 2 } }
  t.match(homeOfData([JSON.stringify([nearby, own])], pageUrl), { price: '2' }, 'the one whose page it is')
  for (const text of ['', '{', '[]', '1', '{"@type": "Organization", "name": "x"}'])
    t.equal(homeOfData([text], pageUrl), null)
})

t.test('selectors say what JSON-LD and Open Graph do not', async (t) => {
  const graph =
    '<meta property="og:title" content="L&#39;appartement"><meta property="product:price:amount" content="5">'
  const body = '<p class="prix">252\u202f000 €</p><i class="dpe" data-class="C"></i>'
  t.match(await read(whole(script({ '@type': 'House', offers: { price: 7 } }) + graph, body)), {
    ...{
      source_key: '12',
      property_url: pageUrl,
      price: '7',
      title: "L'appartement",
      dpe_class: 'C',
      property_type: 'house',
    },
  })
  t.match(await read(whole(graph, body)), { price: '5', dpe_class: 'C' })
  t.match(await read(whole('', body)), { price: '252 000 €', dpe_class: 'C' })
  t.match(await read(whole('<script type="application/ld+json">{broken</script>', body)), {
    price: '252 000 €',
  })
  t.match(await read(whole(`<!-- ${script({ '@type': 'House', offers: { price: 7 } })} -->`, body)), {
    price: '252 000 €',
  })
})

t.test(
  'a page without a home is a changed layout, one cut short is asked for again, a wall is a wall',
  async (t) => {
    await t.rejects(read(whole('<title>Annonce</title>', '<p>252 000 €</p>')), refusal('layout'))
    await t.rejects(read(whole('', '<p class="prix">1</p>').slice(0, -10)), refusal('unavailable'))
    await t.rejects(read(whole('', '<div class="g-recaptcha"></div>')), refusal('challenge'))
    await t.rejects(read(whole('', '<input name="p" type="password">')), refusal('login'))
    t.ok(isWholePage('<p>a fragment</p>'))
  },
)

t.test('every home of the simulated portal is read, and none where its layout changed', async (t) => {
  const { detail } = portalSchema.parse(portalSettings())
  for (const home of openPortalMarket({ seed: 'extract', homes: 60 }).truth().homes) {
    const url = `http://127.0.0.1${home.path}`
    const text = detailPage(home, 'http://127.0.0.1', 'mixed')
    const row = await readHome({ ...answer(text), url }, { key: home.key, url }, detail)
    t.match(row, { source_key: home.key, price: String, latitude: String })
    await t.rejects(
      readHome({ ...answer(rebuiltMarkup(text)), url }, { key: home.key, url }, detail),
      refusal('layout'),
    )
  }
})

t.test('a scan of a page finds what a reader would', async (t) => {
  const page = scanPage(
    `<html><!-- <a href="/no"> --><link rel="next" href="?page=2"><A HREF='/a?x=1&amp;y=2'>a</A>
     <script>"<a href='/no'>"</script><style>a{}</style><a title="a > b" href=/b>b</a><abbr href="/no"></abbr>
     <meta name=description content="a &amp; b"><a name="x"></a>`,
    { links: true, data: true },
  )
  t.strictSame(page.links, [
    { href: '?page=2', rel: 'next' },
    { href: '/a?x=1&y=2', rel: '' },
    { href: '/b', rel: '' },
  ])
  t.equal(page.metas.get('description'), 'a & b')
  t.strictSame(dataOf(`<script type="text/x">application/ld+json</script>${script({ a: 1 })}`), ['{"a":1}'])
})

t.test('no page, however broken, breaks or delays the scan', async (t) => {
  const pieces = [
    '<a href="',
    '<!--',
    '-->',
    '<script',
    '<script type="application/ld+json">',
    '</script>',
    '<meta ',
    '"',
    "'",
    '>',
    '<',
    'x',
    '&#x;',
  ]
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 60 }), (parts) => {
      const text = parts.join('')
      scanPage(text, { links: true, data: true })
      homeOfData(dataOf(text), pageUrl)
      isWholePage(text)
    }),
  )
  for (const piece of pieces) {
    const text = piece.repeat(1_000_000 / piece.length)
    const begun = performance.now()
    scanPage(text, { links: true, data: true })
    dataOf(text)
    t.ok(performance.now() - begun < 5000, `a megabyte of ${piece}`)
  }
})

t.test('links to homes are told by their address, without what only tracks', async (t) => {
  const link = (href: string) => homeLink(href, 'https://a.fr/recherche?page=2', detail)
  t.strictSame(link('/annonces/12?utm_source=x&fbclid=3#photos'), {
    key: '12',
    url: 'https://a.fr/annonces/12',
  })
  t.strictSame(link('./annonces/13'), { key: '13', url: 'https://a.fr/annonces/13' })
  for (const href of [
    '/annonces/abc',
    'https://b.fr/annonces/12',
    'javascript:/annonces/12',
    'http://[',
    'ftp://a.fr/annonces/12',
  ]) {
    t.equal(link(href), null, href)
  }
  t.equal(readCount('1\u202f234 annonces'), 1234)
  t.equal(readCount('aucune'), null)
})

t.test('a cell that a spreadsheet might run is guarded, and every text comes back as it was', async (t) => {
  for (const [text, cell] of [
    ['=1+1', "'=1+1"],
    ['+33 6', "'+33 6"],
    ['@x', "'@x"],
    ['-1.5', '-1.5'],
    ["'=x", "''=x"],
    ["l'Isle", "l'Isle"],
    ["'quoted'", "'quoted'"],
  ] as const) {
    t.equal(guarded(text), cell)
  }
  const sign = fc.constantFrom("'", '=', '+', '-', '@', '\t', 'a', '1', '.')
  fc.assert(
    fc.property(
      fc.array(sign).map((signs) => signs.join('')),
      (text) => {
        t.equal(unguarded(guarded(text)), text)
      },
    ),
  )
})
