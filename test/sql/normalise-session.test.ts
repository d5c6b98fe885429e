import * as fc from 'fast-check'
import t from 'tap'
import { database } from '../lib/database.ts'
import { normalise, type StagedRow } from './normalise-lib.ts'

t.test('a row as a portal writes it stands in its types', async (t) => {
  const db = await database(t)
  const [row] = await normalise(db, [
    {
      property_url: ' https://portal.example/annonces/12?utm_source=x ',
      status: 'Sous offre',
      title: '  Bel   appartement ',
      address: '12 bis av. du Gal Leclerc',
      postal_code: '35000',
      city: 'RENNES',
      property_type: 'Appartement',
      price: '252\u202f000\u00a0€*8\u202f129\u00a0€ / m2',
      surface: '31,5 m²',
      land_surface: '1 ha 20 a',
      rooms: 'T2',
      bedrooms: '1 chambre',
      floor: 'RDC',
      built_year: '1985',
      dpe_number: ' 2135e0123456a ',
      dpe_class: 'c',
      dpe_energy: '185 kWh/m²/an',
      ghg_class: 'B',
      dpe_emissions: '11 kgCO2/m²/an',
      listed_on: '12 janvier 2024',
      sale_date: null,
      parcel_id: '35238 000 AB 0012',
      longitude: '-1,6778',
      latitude: '48.1173',
      agency_name: ' Agence  du Parc ',
      contact_phone: '02 99 12 34 56',
      contact_email: 'Contact@Agence.Example',
      description: ' Au calme.\nProche du parc. ',
    },
  ])
  t.match(row, {
    property_url: 'https://portal.example/annonces/12',
    status: 'under_offer',
    title: 'Bel appartement',
    address: '12 bis Avenue du Gal Leclerc',
    street_number: 12,
    street_suffix: 'bis',
    street_type: 'Avenue',
    street_name: 'du Gal Leclerc',
    address_key: '12 bis avenue du general leclerc',
    postal_code: '35000',
    city_name: 'Rennes',
    insee_code: '35238',
    department_code: '35',
    city_confidence: 1,
    property_type: 'flat',
    price_eur: 252000,
    surface_m2: 31.5,
    land_surface_m2: 12000,
    room_count: 2,
    bedroom_count: 1,
    floor_no: 0,
    built_year: 1985,
    dpe_number: '2135E0123456A',
    dpe_class: 'C',
    dpe_kwh_m2: 185,
    ghg_class: 'B',
    ghg_kgco2_m2: 11,
    listed_on: '2024-01-12',
    sold_on: null,
    parcel_id: '35238000AB0012',
    longitude: -1.6778,
    latitude: 48.1173,
    agency_name: 'Agence du Parc',
    contact_phone: '+33299123456',
    contact_email: 'contact@agence.example',
    description: 'Au calme.\nProche du parc.',
    unreadable: null,
  })
  t.match(row?.raw_fingerprint, /^-?\d+$/)
})

t.test('what cannot be read is null and stands in unreadable as it was written', async (t) => {
  const db = await database(t)
  const [row, silent] = await normalise(db, [
    {
      price: '12a',
      surface: '-5',
      land_surface: '85.125',
      rooms: 'beaucoup',
      bedrooms: '99999',
      floor: 'dernier étage',
      built_year: 'avant 1949',
      dpe_class: 'H',
      dpe_energy: '999999999999',
      ghg_class: '?!',
      dpe_emissions: '-2',
      listed_on: '31/02/2024',
      sale_date: 'hier',
      postal_code: '2A004',
      insee_code: '99999',
      property_type: 'péniche',
      status: 'sur la lune',
      longitude: '48.8566',
      latitude: '2.3522',
      contact_phone: '3949',
    },
    {
      price: 'Prix sur demande',
      surface: '0 m²',
      land_surface: '',
      rooms: '0',
      floor: '-',
      built_year: '0',
      dpe_class: 'Vierge',
      dpe_energy: 'DPE en cours',
      ghg_class: 'NC',
      listed_on: 'non communiqué',
      postal_code: '',
      property_type: 'non précisé',
      status: ' ',
      address: 'Adresse non communiquée',
      city: 'NC',
      longitude: '',
      contact_phone: 'n/a',
    },
  ])
  t.strictSame(Object.keys(row?.unreadable ?? {}).sort(), [
    ...[
      'bedrooms',
      'built_year',
      'contact_phone',
      'dpe_class',
      'dpe_emissions',
      'dpe_energy',
      'floor',
      'ghg_class',
    ],
    ...[
      'insee_code',
      'land_surface',
      'latitude',
      'listed_on',
      'longitude',
      'postal_code',
      'price',
      'property_type',
    ],
    ...['rooms', 'sale_date', 'status', 'surface'],
  ])
  t.match(row, {
    unreadable: { price: '12a', longitude: '48.8566', latitude: '2.3522', listed_on: '31/02/2024' },
    price_eur: null,
    surface_m2: null,
    longitude: null,
    property_type: 'unspecified',
    // A day of sale was given, whatever it is.
    status: 'sold',
  })
  t.match(silent, {
    unreadable: null,
    price_eur: null,
    surface_m2: null,
    room_count: null,
    dpe_class: null,
    address: null,
    city_name: null,
    status: 'active',
    property_type: 'unspecified',
  })
})

t.test('postal code and city come from the address, the type from the title', async (t) => {
  const db = await database(t)
  const rows = await normalise(db, [
    { address: '12 rue de la Paix, 75002 Paris', title: 'Superbe appartement avec cave' },
    {
      address: '12 rue de la Paix Paris',
      city: 'Paris',
      postal_code: '75002',
      title: 'Maison ou appartement',
    },
    {
      address: 'Résidence Les Lilas, 5 av. Foch, 69003 Lyon Cedex 03',
      title: 'Maison',
      property_type: 'flat',
    },
    { city: 'Nantes', insee_code: '44109', sale_date: '2024-01-12', longitude: '0', latitude: '0' },
  ])
  t.match(rows, [
    { address: '12 Rue de la Paix', postal_code: '75002', insee_code: '75102', property_type: 'flat' },
    {
      address: '12 Rue de la Paix',
      address_key: '12 rue de la paix',
      insee_code: '75102',
      property_type: 'unspecified',
    },
    {
      address: '5 Avenue Foch, Résidence Les Lilas',
      postal_code: '69003',
      insee_code: '69383',
      property_type: 'flat',
    },
    {
      insee_code: '44109',
      city_confidence: 1,
      status: 'sold',
      unreadable: { longitude: '0', latitude: '0' },
    },
  ])
})

t.test('a row that repeats what its live home said last inherits its normal form', async (t) => {
  const db = await database(t)
  const staged: StagedRow = {
    address: '12 rue de la Paix',
    city: 'Rennes',
    postal_code: '35000',
    price: '252 000 €',
  }
  const [first] = await normalise(db, [staged])
  const homes = await db.query<{ id: string }>(
    `insert into app_public.properties_live (source_id, source_key, address, price_eur, raw_fingerprint, failed_rule_ids)
     select s.id, k.key, 'as it was read then', 1, $1, k.failed
     from app_public.sources as s, (values ('0', null), ('1', '{3}'::integer[])) as k (key, failed)
     where s.code = 'csv' order by k.key returning id`,
    [first?.raw_fingerprint],
  )
  const ids = homes.map(({ id }) => Number(id))
  const rows = await normalise(db, [staged, staged, { ...staged, price: '253 000 €' }], [...ids, ids[0] ?? 0])
  t.match(rows[0], { address: 'as it was read then', price_eur: 1, property_id: ids[0] })
  // A home that broke a rule does not remember what of it could not be read.
  t.match(rows[1], { address: '12 Rue de la Paix', price_eur: 252000 })
  t.match(rows[2], { address: '12 Rue de la Paix', price_eur: 253000 })
})

t.test('normalising a normal form changes nothing', async (t) => {
  const db = await database(t)
  const pick = fc.constantFrom
  const row = fc.record({
    status: pick('Vendu', 'disponible', 'sous offre', null),
    title: pick('Bel  appartement', 'Maison\u00a0de ville', null),
    address: pick(
      '12 bis av. du Gal Leclerc',
      '3A RUE DE L’EGLISE, 35000 RENNES',
      'Rés. X, 5 bd Foch',
      'LES GRANGES',
      null,
    ),
    postal_code: pick('35000', '6000', '75002.0', null),
    city: pick('RENNES', 'St Etienne', 'Xyzville', 'Paris 2e', null),
    property_type: pick('Maison', 'T3', 'terrain à bâtir', 'box', 'autre', null),
    price: pick('252 000 €', '1,2 M€', '252000', '0', null),
    surface: pick('85,5 m²', '1 250 m2', '1 ha', null),
    land_surface: pick('12 ares', '1500', null),
    rooms: pick('T3', '4 pièces', null),
    floor: pick('RDC', '2e étage', '-1', null),
    built_year: pick('1985', 'construit en 1901', null),
    dpe_class: pick('c', 'NC', null),
    dpe_energy: pick('185,6 kWh/m²/an', null),
    listed_on: pick('mars 2023', '12/01/2024', null),
    sale_date: pick('2024-02-29', null),
    longitude: pick('2,35', '-1.6778', null),
    latitude: pick('48.85', null),
    contact_phone: pick('06 12 34 56 78', '+33 (0)2 99 12 34 56', '0690123456', null),
    contact_email: pick('A@B.fr', null),
  })
  const once = await normalise(db, fc.sample(row, { numRuns: 200, seed: 5 }))
  const said = (value: unknown) => (value === null || value === undefined ? null : String(value))
  const again = await normalise(
    db,
    once.map((r) => ({
      status: said(r.status),
      title: said(r.title),
      address: said(r.address),
      postal_code: said(r.postal_code),
      city: said(r.city_name),
      insee_code: said(r.insee_code),
      property_type: said(r.property_type),
      price: said(r.price_eur),
      surface: said(r.surface_m2),
      land_surface: said(r.land_surface_m2),
      rooms: said(r.room_count),
      floor: said(r.floor_no),
      built_year: said(r.built_year),
      dpe_class: said(r.dpe_class),
      dpe_energy: said(r.dpe_kwh_m2),
      listed_on: said(r.listed_on),
      sale_date: said(r.sold_on),
      longitude: said(r.longitude),
      latitude: said(r.latitude),
      contact_phone: said(r.contact_phone),
      contact_email: said(r.contact_email),
    })),
  )
  const own = ['staged_id', 'session_id', 'raw_fingerprint', 'unreadable', 'city_confidence']
  const form = (r: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(r).filter(([key]) => !own.includes(key)))
  const changed = once.flatMap((r, i) => {
    const [a, b] = [JSON.stringify(form(r)), JSON.stringify(form(again[i] ?? {}))]
    return a === b ? [] : [[a, b]]
  })
  t.strictSame(changed, [])
})

t.test('no row makes a session fail, and every row is there', async (t) => {
  const db = await database(t)
  const columns = [
    ...[
      'property_url',
      'status',
      'title',
      'address',
      'postal_code',
      'city',
      'insee_code',
      'parcel_id',
      'property_type',
    ],
    ...[
      'price',
      'surface',
      'land_surface',
      'rooms',
      'bedrooms',
      'floor',
      'built_year',
      'dpe_number',
      'dpe_class',
    ],
    ...[
      'dpe_energy',
      'ghg_class',
      'dpe_emissions',
      'listed_on',
      'sale_date',
      'longitude',
      'latitude',
      'agency_name',
    ],
    ...['contact_phone', 'contact_email', 'description'],
  ]
  const text = fc.oneof(
    fc.constant(null),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.string({ unit: fc.constantFrom(...'0123456789 .,€-/+eT\u00a0\u001e\u001f:'), maxLength: 16 }),
    fc.constantFrom(
      '252 000 €',
      '99999999999',
      '1e99',
      'NaN',
      '2024-13-45',
      '48.85',
      '2.35',
      '75002',
      'Paris',
      'T3',
    ),
  )
  const row = fc
    .tuple(...columns.map(() => text))
    .map((values) => Object.fromEntries(columns.map((c, i) => [c, values[i]?.replaceAll('\0', '') ?? null])))
  const staged = fc.sample(row, 200)
  const normal = await normalise(db, staged)
  t.equal(normal.length, staged.length)
  for (const [i, r] of normal.entries()) {
    const wrong = Object.entries(r.unreadable ?? {}).filter(
      ([field, raw]) => staged[i]?.[field]?.trim() !== raw.trim(),
    )
    // A code is shown in capitals, white space is not kept.
    const told = wrong.filter(([field]) => field !== 'insee_code' && !staged[i]?.[field]?.includes('\u001f'))
    if (told.length > 0) t.strictSame(told, [], JSON.stringify(staged[i]))
  }
})

t.test('a session that is not there is refused', async (t) => {
  const db = await database(t)
  await db.query('create temp table session_todo (staged_id bigint, property_id bigint)')
  await t.rejects(db.query(`select app_private.normalise_session('00000000-0000-0000-0000-000000000000')`), {
    code: 'PC404',
  })
})
