import * as fc from 'fast-check'
import t from 'tap'
import { database } from '../lib/database.ts'

/** What each reader makes of a text; null is "not said or not readable". */
const examples: Record<string, [text: string, value: string | number | null][]> = {
  price: [
    ['252000', 252000],
    ['252 000 €', 252000],
    ['252\u202f000\u00a0€', 252000],
    ['252.000,50', 252000.5],
    ['252000.00', 252000],
    ['252,000.50', 252000.5],
    ['252.000 €', 252000],
    ['1.250.000 €', 1250000],
    ["1'250'000", 1250000],
    ['1,2 M€', 1200000],
    ['1.250 M€', 1250000],
    ['252 k€', 252000],
    ['Prix : 252 000 € HAI', 252000],
    ['€ 250000', 250000],
    ['252 000 €*8 129 € / m2', 252000],
    ['8 129 €/m² 252 000 €', 252000],
    ['252 000 € (8 129 €/m²)', 252000],
    ['252 000 € 249 000 €', null],
    ['9 000 8 129 €', null],
    ['850 €/mois', null],
    ['-5000', null],
    ['0', null],
    ['Prix sur demande', null],
    ['12a', null],
    ['99999999999999', null],
    ['1e5', null],
    ['0x1F', null],
  ],
  surface: [
    ['85 m²', 85],
    ['85', 85],
    ['85,5', 85.5],
    ['85.50 m2', 85.5],
    ['82m2', 82],
    ['1 250 m2', 1250],
    ['1\u202f250\u00a0m²', 1250],
    ['1.250 m²', 1250],
    ['1 ha', 10000],
    ['1,5 hectares', 15000],
    ['12 ares', 1200],
    ['1 ha 20 a 35 ca', 12035],
    ['12a50ca', 1250],
    ['environ 85 m² (loi Carrez)', 85],
    ['85.125', null],
    ['85 à 90 m²', null],
    ['-5', null],
    ['0 m²', null],
    ['999999999', null],
    ['NaN', null],
    ['1e5', null],
  ],
  count: [
    ['3', 3],
    ['3.0', 3],
    ['T3', 3],
    ['F4', 4],
    ['T1 bis', 1],
    ['Studio', 1],
    ['3 pièces', 3],
    ['3 p.', 3],
    ['2 chambres', 2],
    ['T3/T4', null],
    ['-1', null],
    ['99999', null],
    ['beaucoup', null],
  ],
  floor: [
    ['2', 2],
    ['-1', -1],
    ['RDC', 0],
    ['rez-de-chaussée', 0],
    ['1er étage', 1],
    ['3ème', 3],
    ['2/5', 2],
    ['3e étage sur 5', 3],
    ['sous-sol', -1],
    ['dernier étage', null],
    ['99999', null],
  ],
  figure: [
    ['185', 185],
    ['185 kWh/m²/an', 185],
    ['185,6 kWhEP/m².an', 186],
    ['32 kgCO2/m²/an', 32],
    ['32,4 kg CO₂/m²/an', 32],
    ['185 voisins', null],
    ['-3', null],
    ['99999999999', null],
  ],
  year: [
    ['1985', 1985],
    ['1985.0', 1985],
    ['construit en 1985', 1985],
    ['avant 1949', null],
    ['0', null],
    ['123456', null],
  ],
  date: [
    ['2024-01-12', '2024-01-12'],
    ['2024-02-29', '2024-02-29'],
    ['2024-01-12T10:00:00Z', '2024-01-12'],
    ['2024-01-12 10:00:00.123+00', '2024-01-12'],
    ['12/01/2024', '2024-01-12'],
    ['12/01/2024 00:00:00', '2024-01-12'],
    ['1.3.2024', '2024-03-01'],
    ['12.01.24', '2024-01-12'],
    ['mars 2023', '2023-03-01'],
    ['12 janvier 2024', '2024-01-12'],
    ['1er févr. 2024', '2024-02-01'],
    ['lundi 12 Août 2024', '2024-08-12'],
    ['5 JUILLET 2023', '2023-07-05'],
    ['Vendu en décembre 2022', '2022-12-01'],
    ['03/2023', '2023-03-01'],
    ['2023-03', '2023-03-01'],
    ['2023-02-29', null],
    ['31/02/2024', null],
    ['2024-13-01', null],
    ['2023', null],
    ['hier', null],
    ['0000-01-01', null],
  ],
  property_type: [
    ['maison', 'house'],
    ['VILLA', 'house'],
    ['Pavillon', 'house'],
    ['Appartement', 'flat'],
    ['studio', 'flat'],
    ['T3', 'flat'],
    ['Terrain à bâtir', 'land'],
    ['Local commercial', 'commercial'],
    ['Entrepôt', 'commercial'],
    ['immeuble', 'commercial'],
    ['box', 'annex'],
    ['Maison / Villa', 'house'],
    ['Appartement avec parking', 'flat'],
    ['0', 'commercial'],
    ['1', 'house'],
    ['2', 'flat'],
    ['4', 'land'],
    ['5', 'unspecified'],
    ['house', 'house'],
    ['flat', 'flat'],
    ['land', 'land'],
    ['commercial', 'commercial'],
    ['annex', 'annex'],
    ['mixed', 'mixed'],
    ['unspecified', 'unspecified'],
    ['maison et appartement', null],
    ['terrain pour votre maison', null],
    ['péniche', null],
  ],
  status: [
    ['Vendu', 'sold'],
    ['VENDUE', 'sold'],
    ['sous compromis de vente', 'under_offer'],
    ['Offre acceptée', 'under_offer'],
    ['disponible', 'active'],
    ['Nouveauté', 'active'],
    ['Baisse de prix', 'active'],
    ['Annonce expirée', null],
    ['expirée', 'removed'],
    ['active', 'active'],
    ['under_offer', 'under_offer'],
    ['sold', 'sold'],
    ['removed', 'removed'],
    ['likely_removed', 'likely_removed'],
  ],
  dpe_class: [
    ['C', 'C'],
    ['c', 'C'],
    ['DPE : d', 'D'],
    ['Classe énergie G', 'G'],
    ['NC', null],
    ['vierge', null],
    ['H', null],
  ],
  coordinate: [
    ['48.8566', 48.8566],
    ['-1,5536', -1.5536],
    ['2', 2],
    ['1.5e-05', 0.000015],
    ['NaN', null],
    ['Infinity', null],
    ['1e400', null],
    ['48°51′', null],
    ['0x1.8p3', null],
  ],
  postal_code: [
    ['75002', '75002'],
    ['6000', '06000'],
    ['75002.0', '75002'],
    ['F-75002', '75002'],
    ['75 002', '75002'],
    ['00000', null],
    ['2A004', null],
    ['123', null],
  ],
  phone: [
    ['06 12 34 56 78', '+33612345678'],
    ['06.12.34.56.78', '+33612345678'],
    ['Tél. : 0612345678', '+33612345678'],
    ['+33 6 12 34 56 78', '+33612345678'],
    ['+33 (0)6 12 34 56 78', '+33612345678'],
    ['0033612345678', '+33612345678'],
    ['0690 12 34 56', '+590690123456'],
    ['0262 12 34 56', '+262262123456'],
    ['+32 470 12 34 56', '+32470123456'],
    ['3949', null],
    ['06 12 34 56 78 / 06 12 34 56 79', null],
    ['+33 612', null],
  ],
}

t.test('each reader understands what people write, and nothing else', async (t) => {
  const db = await database(t)
  for (const [reader, cases] of Object.entries(examples)) {
    const answers = await db.query<{ text: string; value: string | number | null }>(
      `select g.text, to_jsonb(app_private.read_${reader}(g.text)) as value
       from unnest($1::text[]) with ordinality as g (text, no) order by g.no`,
      [cases.map(([text]) => text)],
    )
    t.strictSame(
      answers.map(({ text, value }) => [text, value]),
      cases,
      reader,
    )
  }
})

t.test('what is seen at sight is what reading gives', async (t) => {
  const db = await database(t)
  const texts = Object.values(examples).flatMap((cases) => cases.map(([text]) => text))
  // Cuts and mixtures of the examples come near every form, and just beside it.
  const near = fc.sample(
    fc
      .tuple(
        fc.constantFrom(...texts),
        fc.constantFrom(...texts),
        fc.nat(12),
        fc.nat(12),
        fc.constantFrom('', ' ', '0', '-', '€', '.'),
      )
      .map(([a, b, from, to, between]) => a.slice(0, from) + between + b.slice(to)),
    { numRuns: 2000, seed: 7 },
  )
  for (const reader of Object.keys(examples)) {
    // A number is the same with and without trailing zeros; 0 is seen, and says nothing.
    const isAmount = reader === 'price' || reader === 'surface'
    const told = (verb: string) =>
      `nullif(${isAmount ? `trim_scale(app_private.${verb}_${reader}(g.text))` : `app_private.${verb}_${reader}(g.text)`}::text, '0')`
    const differing = await db.query(
      `select g.text, ${told('sight')} as seen, ${told('read')} as read
       from unnest($1::text[]) as g (text)
       where app_private.sight_${reader}(g.text) is not null and ${told('sight')} is distinct from ${told('read')}`,
      [[...texts, ...near]],
    )
    t.strictSame(differing, [], reader)
  }
})

t.test('words that say nothing are told from words that cannot be read', async (t) => {
  const db = await database(t)
  const answers = await db.query<{ text: string; nothing: boolean }>(
    'select g.text, app_private.is_not_said(g.text) as nothing from unnest($1::text[]) as g (text)',
    [
      [
        'NC',
        'n.c.',
        ' - NC - ',
        'Prix sur demande',
        'nous consulter',
        'DPE vierge',
        'non communiqué',
        '0 €',
        '0,00',
        '?',
        '12a',
        'Nantes',
        '10',
        'sans',
      ],
    ],
  )
  t.strictSame(
    answers.filter(({ nothing }) => !nothing).map(({ text }) => text),
    ['12a', 'Nantes', '10', 'sans'],
  )
  const [seen] = await db.query(
    `select bool_and(app_private.is_not_said(g.text)) as agrees
     from unnest(array['', '-', '0', 'nc', 'n/c', 'n.c.', 'na', 'n/a', 'vierge', 'non communiqué', 'non renseigné',
       'prix sur demande', 'sur demande', 'nous consulter', 'en cours', 'null', 'none', 'nan']) as g (text)
     where app_private.sight_nothing(g.text)`,
  )
  t.strictSame(seen, { agrees: true })
})

t.test('coordinates are a place on the globe, not exchanged, not zero', async (t) => {
  const db = await database(t)
  const places: [lon: number | null, lat: number | null, ok: boolean][] = [
    [2.35, 48.85, true],
    [48.85, 2.35, false],
    [0, 0, false],
    [0, 48.5, true],
    [-61.5, 16.2, true],
    [16.2, -61.5, false],
    [55.5, -21.1, true],
    [-21.1, 55.5, false],
    [45.2, -12.8, true],
    [-73.9, 40.7, true],
    [200, 48, false],
    [2.35, null, true],
    [null, 95, false],
    [null, null, true],
  ]
  const answers = await db.query<{ ok: boolean }>(
    `select app_private.is_place_on_earth(g.lon, g.lat) as ok
     from unnest($1::float8[], $2::float8[]) with ordinality as g (lon, lat, no) order by g.no`,
    [places.map((p) => p[0]), places.map((p) => p[1])],
  )
  t.strictSame(
    answers.map(({ ok }) => ok),
    places.map((p) => p[2]),
  )
})

t.test('addresses on the web lose what only tracks', async (t) => {
  const db = await database(t)
  const [row] = await db.query(
    `select app_private.clean_url(' https://a.fr/1?utm_source=x&id=3&gclid=1#z ') as a,
       app_private.clean_url('https://a.fr/1?utm_source=x') as b,
       app_private.clean_url('https://a.fr/?a=1&fbclid=2') as c,
       app_private.clean_url('https://a.fr/utm_x?gclido=1') as d`,
  )
  t.strictSame(row, {
    a: 'https://a.fr/1?id=3#z',
    b: 'https://a.fr/1',
    c: 'https://a.fr/?a=1',
    d: 'https://a.fr/utm_x?gclido=1',
  })
})

t.test('a title gives the type where its words leave no doubt', async (t) => {
  const db = await database(t)
  const titles: [string, string | null][] = [
    ['Bel appartement avec cave et parking', 'flat'],
    ['Appartement dans immeuble ancien', 'flat'],
    ['Maison 5 pièces, terrain de 500 m²', 'house'],
    ['Terrain constructible', 'land'],
    ['Terrain pour votre maison', null],
    ['Maison ou appartement', null],
    ['Immeuble de rapport', 'commercial'],
    ['À saisir', null],
  ]
  const answers = await db.query<{ type: string | null }>(
    `select app_private.property_type_in(app_base.search_text(g.title)) as type
     from unnest($1::text[]) with ordinality as g (title, no) order by g.no`,
    [titles.map(([title]) => title)],
  )
  t.strictSame(
    answers.map(({ type }) => type),
    titles.map(([, type]) => type),
  )
})

t.test('no text makes a reader fail', async (t) => {
  const db = await database(t)
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: fc.constantFrom(...'0123456789 .,€mM²kh/-+eExXnNaA_:\u00a0'), maxLength: 30 }),
    fc.constantFrom(...Object.values(examples).flatMap((cases) => cases.map(([text]) => text))),
  )
  const texts = fc.sample(anything, 2000).map((text) => text.replaceAll('\0', ''))
  for (const reader of Object.keys(examples)) {
    await db.query(
      `select count(app_private.read_${reader}(g.text)), count(app_private.sight_${reader}(g.text)),
         count(app_private.is_not_said(g.text)), count(app_private.clean_url(g.text)), count(app_private.tidy(g.text))
       from unnest($1::text[]) as g (text)`,
      [texts],
    )
  }
  t.pass('2000 texts were read by every reader')
})
