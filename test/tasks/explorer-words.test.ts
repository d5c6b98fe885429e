import t from 'tap'
import { communeUrl, GeoError, readCommune } from '../../tasks/lib/geo/communes.ts'
import { cityPageUrl, readAverage, readAverages } from '../../tasks/lib/scrape/explorer/city-page.ts'
import type { ShownItem } from '../../tasks/lib/scrape/explorer/page.ts'
import {
  announcedCount,
  checkItems,
  readPlace,
  rowOf,
  wholeEuros,
} from '../../tasks/lib/scrape/explorer/read.ts'
import { slugOf } from '../../tasks/lib/scrape/slug.ts'
import { settings } from './lib/explorer.ts'

const config = settings()
const item: ShownItem = {
  url: 'https://explorer.example/transaction/123?from=map#top',
  address: '12 rue Basse',
  city: '35000 Rennes',
  price: '252\u202f000\u00a0€',
  surface: '85\u00a0m²',
  rooms: '4 pièces',
  type: 'Maison',
  date: '12 mars 2024',
}

t.test('prices and counts are read with whatever spaces stand in them', async (t) => {
  for (const text of ['252\u202f000\u00a0€', '252 000 €', '252.000 €', '252000 EUR', '252\u00a0000,50 €'])
    t.equal(wholeEuros(text), 252_000, text)
  for (const text of ['', 'Prix non communiqué', '– €', '8 129 / m2']) t.equal(wholeEuros(text), null, text)
  t.equal(announcedCount('3\u202f214 ventes'), 3214)
  t.equal(announcedCount('plus de 100 résultats'), 100)
  t.equal(announcedCount(''), null)
  t.equal(announcedCount(null), null)
})

t.test('a place is a name, with or without a postal code', async (t) => {
  t.strictSame(readPlace('35000 Rennes'), { city: 'Rennes', postalCode: '35000' })
  t.strictSame(readPlace('Rennes (35000)'), { city: 'Rennes', postalCode: '35000' })
  t.strictSame(readPlace("L'Haÿ-les-Roses"), { city: "L'Haÿ-les-Roses", postalCode: null })
  t.strictSame(readPlace('75011'), { city: null, postalCode: '75011' })
  t.strictSame(readPlace(''), { city: null, postalCode: null })
})

t.test('a row says what the result says, as it says it', async (t) => {
  t.strictSame(rowOf(item, 'https://explorer.example', config), {
    source_key: '123',
    property_url: 'https://explorer.example/transaction/123?from=map',
    status: 'sold',
    address: '12 rue Basse',
    postal_code: '35000',
    city: 'Rennes',
    property_type: 'Maison',
    price: item.price,
    surface: item.surface,
    rooms: '4 pièces',
    sale_date: '12 mars 2024',
  })
  const keyOf = (changes: Partial<ShownItem>, pattern: string | null = null) =>
    rowOf({ ...item, ...changes }, 'https://explorer.example', { ...config, key_pattern: pattern }).source_key
  t.equal(keyOf({}), '/transaction/123?from=map', 'without a pattern the address of its page')
  t.equal(keyOf({}, '\\d+'), '123', 'a pattern without a group is the key as a whole')
  t.match(keyOf({ url: '' }), /^digest:[0-9a-f]{32}$/)
  t.equal(
    keyOf({ url: '', price: '252  000\u00a0€' }),
    keyOf({ url: '', price: '252 000 €' }),
    'spaces make no other home',
  )
  t.not(keyOf({ url: '' }), keyOf({ url: '', price: '253 000 €' }))
  t.equal(keyOf({ url: 'javascript:alert(1)' }), keyOf({ url: '' }), 'what is no page is none')
  t.equal(
    rowOf({ ...item, url: 'javascript:alert(1)' }, 'https://explorer.example', config).property_url,
    null,
  )
  t.equal(keyOf({ url: '', address: '', price: '' }), null)
})

t.test('results that cannot be what was asked for are refused', async (t) => {
  const cell = {
    ...{ zoom: 18, west: 2, south: 47, east: 2.1, north: 47.1, types: [2] },
    ...{ priceFrom: 100_000, priceTo: 200_000, monthFrom: null, monthTo: null, isUnproved: false },
  }
  const priced = (price: string) => ({ ...item, price })
  t.doesNotThrow(() => checkItems([], cell))
  t.doesNotThrow(() => checkItems([priced('150 000 €'), priced('200 000,00 €'), priced('900 000 €')], cell))
  t.throws(
    () => checkItems([priced('900 000 €'), priced('800 000 €'), priced('150 000 €')], cell),
    /outside the band/,
  )
  t.throws(() => checkItems([{ ...item, price: '', address: '' }], cell), /neither a price nor an address/)
})

t.test('the page of a city is found by slugs and codes, and its averages are read', async (t) => {
  t.equal(slugOf("L'Haÿ-les-Roses"), 'l-hay-les-roses')
  t.equal(slugOf('Œuilly'), 'oeuilly')
  t.equal(slugOf("Provence-Alpes-Côte d'Azur"), 'provence-alpes-cote-d-azur')
  const city = {
    ...{ inseeCode: '94038', name: "L'Haÿ-les-Roses", postalCode: '94240' },
    department: { code: '94', name: 'Val-de-Marne' },
    region: { code: '11', name: 'Île-de-France' },
  }
  t.equal(
    cityPageUrl('https://explorer.example/', config, city),
    'https://explorer.example/prix-immobilier/ile-de-france-11/val-de-marne-94/l-hay-les-roses-94038',
  )
  t.equal(cityPageUrl('https://explorer.example', settings({ city_page: null }), city), null)
  t.equal(readAverage('3\u202f950\u00a0€/m²'), 3950)
  t.equal(readAverage('3 950,50 €'), 3950.5)
  t.equal(readAverage('–'), null)
  t.equal(readAverage('1 250 000 €'), null, 'no square metre costs that')
  const html = '<div class="average-flat"><b class="average-price">4 000 €/m²</b></div>'
  t.strictSame(readAverages(html, config), { flat: 4000, house: null })
  t.equal(readAverages('<p>nothing</p>', config), null)
})

t.test('a commune is read as the service writes it, and what is none is refused', async (t) => {
  const contour = {
    type: 'Polygon',
    coordinates: [
      [
        [2, 47],
        [2.2, 47],
        [2.2, 47.1],
        [2, 47],
      ],
    ],
  }
  const centre = { type: 'Point', coordinates: [2.1, 47.05] }
  const read = (value: unknown) => readCommune(JSON.stringify(value), 'geo.example')
  const commune = {
    code: '18033',
    nom: 'Bourges',
    centre,
    contour,
    bbox: contour,
    departement: { code: '18', nom: 'Cher' },
  }
  t.match(read(commune), {
    inseeCode: '18033',
    department: { code: '18', name: 'Cher' },
    place: { centre: [2.1, 47.05], bbox: [2, 47, 2.2, 47.1], outline: contour, source: 'geo.example' },
  })
  t.match(read([{ ...commune, bbox: [2, 47, 2.2, 47.1] }]), { place: { bbox: [2, 47, 2.2, 47.1] } })
  t.match(read({ ...commune, contour: { type: 'Point', coordinates: [] } }), { place: { outline: null } })
  t.equal(read({ code: '18033', nom: 'Bourges' }).place, null)
  t.throws(() => readCommune('<html>', 'geo.example'), GeoError)
  t.throws(() => read({ message: 'Not Found' }), GeoError)
  t.match(communeUrl('https://geo.example/', '18033'), /^https:\/\/geo.example\/communes\/18033\?fields=/)
  t.match(communeUrl('https://geo.example', '75111'), /\/communes\?code=75111&type=arrondissement-municipal&/)
  t.match(communeUrl('https://geo.example', '75056'), /\/communes\/75056\?/)
})
