import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import t from 'tap'
import { z } from 'zod'
import { database, type TestDatabase } from '../lib/database.ts'

type Parts = {
  address: string | null
  street_number: number | null
  street_suffix: string | null
  street_type: string | null
  street_name: string | null
  address_key: string | null
  postal_code: string | null
  city: string | null
}

async function normalise(db: TestDatabase, addresses: string[]): Promise<Parts[]> {
  return db.query<Parts>(
    `select p.* from unnest($1::text[]) with ordinality as g (address, no)
     cross join lateral app_public.normalise_address(g.address) as p order by g.no`,
    [addresses],
  )
}

const data = new URL('../../../shared/data/', import.meta.url)
const options = existsSync(data) ? {} : { skip: 'the published files are not here' }

async function read<T extends z.ZodRawShape>(file: string, shape: T, delimiter = ',') {
  const rows: unknown = parse(await readFile(new URL(file, data), 'utf8'), {
    columns: true,
    delimiter,
    bom: true,
  })
  return z.array(z.object(shape)).parse(rows)
}

const examples: [said: string, address: string | null, key: string | null, place?: string][] = [
  ['12 rue de la Paix', '12 Rue de la Paix', '12 rue de la paix'],
  ['12, rue de la Paix', '12 Rue de la Paix', '12 rue de la paix'],
  ['12 bis rue de la Paix, 75002 Paris', '12 bis Rue de la Paix', '12 bis rue de la paix', '75002 Paris'],
  ['12 bis, rue de la Paix', '12 bis Rue de la Paix', '12 bis rue de la paix'],
  ['12B R VICTOR HUGO', '12B Rue Victor Hugo', '12 bis rue victor hugo'],
  ['12 R Victor Hugo', '12 Rue Victor Hugo', '12 rue victor hugo'],
  ['12 r. de la Paix', '12 Rue de la Paix', '12 rue de la paix'],
  ["3A Rue de l'Église", "3A Rue de l'Église", '3 a rue de l eglise'],
  ['12-14 av. du Gal Leclerc', '12-14 Avenue du Gal Leclerc', '12 avenue du general leclerc'],
  [
    "12 à 14 BD DE L'EGLISE 69003 LYON CEDEX 03",
    "12-14 Boulevard de l'Eglise",
    '12 boulevard de l eglise',
    '69003 LYON',
  ],
  ['12 bis-14 rue de la Paix', '12 bis-14 Rue de la Paix', '12 bis rue de la paix'],
  ['CHE DE ST JEAN', 'Chemin de St Jean', 'chemin de saint jean'],
  ['IMP DES LILAS', 'Impasse des Lilas', 'impasse des lilas'],
  ['ALL DU PARC', 'Allée du Parc', 'allee du parc'],
  ['5 RTE DE NANTES', '5 Route de Nantes', '5 route de nantes'],
  ['2 QU DE LA LOIRE', '2 Quai de la Loire', '2 quai de la loire'],
  ['5 rond-point des Champs', '5 Rond-Point des Champs', '5 rond point des champs'],
  ['PL HENRI IV 35000 RENNES', 'Place Henri IV', 'place henri iv', '35000 RENNES'],
  ['rue du 8 mai 1945', 'Rue du 8 Mai 1945', 'rue du 8 mai 1945'],
  ['LES GRANGES', 'Les Granges', 'les granges'],
  ['lieu-dit Kerangall', 'Lieu-dit Kerangall', 'lieu dit kerangall'],
  ["12 l'Orée du Bois", "12 l'Orée du Bois", '12 l oree du bois'],
  ['N°12 rue de la Paix', '12 Rue de la Paix', '12 rue de la paix'],
  ['0 rue de la Paix', 'Rue de la Paix', 'rue de la paix'],
  ['13090 Route de Nice', '13090 Route de Nice', '13090 route de nice'],
  ['12 rue de la Paix, Paris 75002', '12 Rue de la Paix', '12 rue de la paix', '75002 Paris'],
  ['12 rue de la Paix, 75002 Paris, France', '12 Rue de la Paix', '12 rue de la paix', '75002 Paris'],
  [
    '12 rue de la Paix 75002 Paris 2e arrondissement',
    '12 Rue de la Paix',
    '12 rue de la paix',
    '75002 Paris 2e arrondissement',
  ],
  ['75002 Paris, 12 rue de la Paix', '12 Rue de la Paix', '12 rue de la paix', '75002 Paris'],
  ['75002 Paris', null, null, '75002 Paris'],
  [
    'Résidence Les Lilas, Bât B, 12 rue de la Paix',
    '12 Rue de la Paix, Résidence Les Lilas, Bât B',
    '12 rue de la paix',
  ],
  [
    'Appt 3, 5 pl. St-Michel - 33000 Bordeaux',
    '5 Place St-Michel, Appt 3',
    '5 place saint michel',
    '33000 Bordeaux',
  ],
  ["ITALIE (RUE D')", "Rue d' Italie", 'rue d italie'],
  ['12', '12', null],
  ['Adresse non communiquée', null, null],
  ['  12   rue\u00a0de la\u202fPaix ', '12 Rue de la Paix', '12 rue de la paix'],
]

t.test('addresses are tidied, taken apart and brought to one form', async (t) => {
  const db = await database(t)
  const answers = await normalise(
    db,
    examples.map(([said]) => said),
  )
  for (const [i, [said, address, key, place]] of examples.entries()) {
    const parts = answers[i]
    t.strictSame(
      [parts?.address, parts?.address_key, [parts?.postal_code, parts?.city].filter(Boolean).join(' ')],
      [address, key, place ?? ''],
      said,
    )
  }
  const [parts] = await normalise(db, ['12 ter av. du Gal Leclerc'])
  t.match(parts, {
    street_number: 12,
    street_suffix: 'ter',
    street_type: 'Avenue',
    street_name: 'du Gal Leclerc',
  })
})

t.test('a city in the address is taken away where it is not the name of the street', async (t) => {
  const db = await database(t)
  const cases: [address: string, city: string, street: string | null][] = [
    ['rue de la Paix Paris', 'Paris', 'rue de la Paix'],
    ['avenue de Paris', 'Paris', 'avenue de Paris'],
    ['rue Paris', 'Paris', 'rue Paris'],
    ['rue des Lilas ST ETIENNE', 'Saint-Étienne', 'rue des Lilas'],
    ['rue des Lilas, Saint Etienne', 'ST ETIENNE', 'rue des Lilas'],
    ['Paris', 'Paris', null],
    ['rue de la Paix (75)', 'Paris', 'rue de la Paix'],
  ]
  const answers = await db.query<{ street: string | null }>(
    `select p.street from unnest($1::text[], $2::text[]) with ordinality as g (address, city, no)
     cross join lateral app_private.read_long_address(g.address, g.city, true) as p order by g.no`,
    [cases.map(([address]) => address), cases.map(([, city]) => city)],
  )
  t.strictSame(
    answers.map(({ street }) => street),
    cases.map(([, , street]) => street),
  )
})

const pick = (...words: string[]) => fc.constantFrom(...words)
const name = fc
  .array(
    pick(
      'Leclerc',
      'HUGO',
      'église',
      "d'Aix",
      "L'ORÉE",
      '8 Mai 1945',
      'Henri',
      'IV',
      'ST',
      'Jean-Jaurès',
      'de la',
      'DU',
      'Gal',
      'Œillets',
      'x',
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((words) => words.join(' '))
/** An address as people write it: every part but the street may be missing. */
const written = fc
  .tuple(
    pick('', '12', '7 ', '12,', '12 bis', '3A', '3 B', '12-14', '12 à 14', '5 ter,', 'N° 9', '0', '1234'),
    pick(
      'rue',
      'R',
      'r.',
      'av.',
      'BD',
      'Allée',
      'Grande Rue',
      'CHE',
      'lieu-dit',
      'ZA',
      'rond point',
      'Résidence',
      '',
    ),
    name,
    pick('', ', Bâtiment B', ' - Résidence Les Lilas', ' (3e étage)', ', Appt 12'),
    pick(
      '',
      ', 75002 Paris',
      ' 35000 RENNES',
      ' - 69003 Lyon Cedex 03',
      ', 44000 Nantes, France',
      ', Paris 75002',
    ),
  )
  .map(([number, type, street, more, place]) => `${number} ${type} ${street}${more}${place}`)

t.test('normalising a tidy address changes nothing', async (t) => {
  const db = await database(t)
  const texts = [...fc.sample(written, { numRuns: 1500, seed: 11 }), ...examples.map(([said]) => said)]
  const once = await normalise(db, texts)
  const twice = await normalise(
    db,
    once.map(({ address }) => address ?? ''),
  )
  const changed = once.flatMap((parts, i) => {
    const again = twice[i]
    return parts.address === again?.address && parts.address_key === again?.address_key
      ? []
      : [[texts[i], parts.address, again?.address, parts.address_key, again?.address_key]]
  })
  t.strictSame(changed, [])
})

t.test('no text makes an address fail', async (t) => {
  const db = await database(t)
  const texts = fc
    .sample(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 40 }),
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.string({ unit: pick(..."0123456789 ,;()-–/.abrAB°'’éàœ\u00a0"), maxLength: 40 }),
        fc.tuple(written, written).map(([a, b]) => a.slice(0, 20) + b.slice(9)),
      ),
      1500,
    )
    .map((text) => text.replaceAll('\0', ''))
  const answers = await normalise(db, texts)
  t.equal(answers.length, texts.length)
})

t.test('the addresses of the national address base keep number and street', options, async (t) => {
  const db = await database(t)
  const rows = await read(
    'geocoding/ban_adresses_73-74_10k_sample.csv',
    {
      numero: z.string(),
      rep: z.string(),
      nom_voie: z.string(),
      nom_afnor: z.string(),
      code_postal: z.string(),
      nom_commune: z.string(),
    },
    ';',
  )
  const said = rows.map(
    (row) => `${row.numero}${row.rep} ${row.nom_voie}, ${row.code_postal} ${row.nom_commune}`,
  )
  const capitals = rows.map((row) => `${row.numero} ${row.rep} ${row.nom_afnor}`)
  const [full, shouted] = [await normalise(db, said), await normalise(db, capitals)]
  const wrongNumber = full.filter((parts, i) => parts.street_number !== (Number(rows[i]?.numero) || null))
  const wrongPlace = full.filter(
    (parts, i) => parts.postal_code !== rows[i]?.code_postal || parts.city !== rows[i]?.nom_commune,
  )
  // La Poste's form is cut to 32 letters and abbreviates more than we know: most of them meet, not all.
  const meeting =
    full.filter((parts, i) => parts.address_key === shouted[i]?.address_key).length / rows.length
  const typed = full.filter((parts) => parts.street_type !== null).length / rows.length
  t.comment(
    `${rows.length} addresses: ${(100 * meeting).toFixed(1)} % meet in both spellings, ${(100 * typed).toFixed(1)} % typed`,
  )
  t.ok(wrongNumber.length / rows.length < 0.002, `${wrongNumber.length} numbers differ`)
  t.ok(wrongPlace.length / rows.length < 0.002, `${wrongPlace.length} places differ`)
  t.ok(meeting > 0.9, `${meeting} meet`)
  t.ok(typed > 0.9, `${typed} typed`)
})

t.test("the geocoder's address cases keep the expected number and street", options, async (t) => {
  const db = await database(t)
  const shape = {
    query: z.string(),
    expected_housenumber: z.string().default(''),
    expected_street: z.string().default(''),
    expected_city: z.string().default(''),
    expected_postcode: z.string().default(''),
  }
  for (const region of ['alsace', 'bretagne', 'corse']) {
    const rows = (await read(`geocoding/address-cases/${region}/test_addresses.csv`, shape)).filter(
      (row) => row.expected_housenumber !== '' && row.expected_street !== '',
    )
    // A postal code alone behind the street, or nothing: what these cases hold without a city of their own.
    const own = rows.filter((row) => row.query.endsWith(row.expected_street) || /\d{5}$/.test(row.query))
    const answers = await normalise(
      db,
      own.map(({ query }) => query),
    )
    const expected = await normalise(
      db,
      own.map((row) => `${row.expected_housenumber} ${row.expected_street}`),
    )
    // Two cases expect the name without its street type.
    const differing = own.flatMap((row, i) => {
      const [found, wanted] = [answers[i]?.address_key ?? '', expected[i]?.address_key ?? '-']
      const isNamed =
        found.endsWith(wanted.replace(/^\d+( bis)?/, '')) && parseInt(found, 10) === parseInt(wanted, 10)
      return found === wanted || isNamed ? [] : [[row.query, found, wanted]]
    })
    t.strictSame(differing, [], `${own.length} cases of ${region}`)
  }
})
