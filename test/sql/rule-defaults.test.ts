import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { z } from 'zod'
import { database, type TestDatabase } from '../lib/database.ts'
import { makeSource, type StagedRow, stage } from '../lib/sessions.ts'

const data = new URL('../../../shared/data/', import.meta.url)

/** A flat of which nothing is wrong. */
const sound: StagedRow = {
  property_url: 'https://annonces.example/flat/1',
  status: 'active',
  title: 'Appartement T3 lumineux',
  address: '12 bis rue de la Paix',
  postal_code: '69003',
  city: 'Lyon',
  insee_code: '69383',
  parcel_id: '69383000AB0012',
  property_type: 'Appartement',
  price: '252 000 €',
  surface: '68 m²',
  rooms: 'T3',
  bedrooms: '2',
  floor: '4',
  built_year: '1932',
  dpe_number: '2169E1234567A',
  dpe_class: 'D',
  dpe_energy: '210',
  ghg_class: 'B',
  dpe_emissions: '8',
  listed_on: '2024-05-02',
  longitude: '4.85',
  latitude: '45.76',
  agency_name: 'Agence du Parc',
  contact_phone: '04 78 12 34 56',
  contact_email: 'parc@agence.example.fr',
  description: 'Belle vue.',
}

/** The default rules that each row fails, by its key. */
async function failing(db: TestDatabase, rows: StagedRow[]): Promise<Map<string, string[]>> {
  const session = await stage(db, 'portal', rows)
  await db.query('select count(*) from validate_staging_data($1)', [session])
  const found = await db.query<{ key: string; rules: string[] }>(
    `select f.source_key as key, array_agg(r.rule_name order by r.rule_name) as rules
     from validation_failures as f join validation_rules as r on r.id = f.rule_id
     where f.session_id = $1 group by 1`,
    [session],
  )
  return new Map(found.map(({ key, rules }) => [key, rules]))
}

const lyon = { longitude: null, latitude: null }
const nowhere = { insee_code: null, postal_code: null, parcel_id: null, ...lyon }

/** What is changed in the sound row, and the default rules that say so. */
const slips: [StagedRow, string[]][] = [
  [{}, []],
  [{ insee_code: '69123', postal_code: '69003' }, []],
  [{ parcel_id: '69123000AB0012', insee_code: '69383' }, []],
  [{ city: null, ...nowhere }, ['city_present', 'commune_known']],
  [{ city: 'Sainte-Colombine-sur-Nulle', ...nowhere }, ['commune_known', 'commune_sure']],
  [{ price: null }, ['price_present']],
  [{ price: 'Prix sur demande' }, ['price_present']],
  [{ price: '-252000' }, ['fields_readable', 'price_present', 'price_readable']],
  [{ price: '1' }, ['asking_price', 'flat_price']],
  [{ price: '1', status: 'vendu', sale_date: '2024-06-01' }, ['flat_price']],
  [{ property_type: null, title: null }, ['type_present']],
  [{ surface: null }, ['surface_present']],
  [{ surface: '6800' }, ['flat_surface']],
  [{ surface: 'grand' }, ['fields_readable', 'surface_present', 'surface_readable']],
  [{ surface: '12', dpe_class: 'A' }, ['rooms_fit_surface']],
  [{ rooms: '45', bedrooms: null }, ['rooms', 'rooms_fit_surface']],
  [{ bedrooms: '4' }, ['bedrooms_fit_rooms']],
  [{ floor: '187' }, ['floor']],
  [{ built_year: '3021' }, ['built_year']],
  [{ postal_code: '35000', insee_code: '69383' }, ['postal_code_in_commune']],
  [{ parcel_id: '35238000AB0012' }, ['parcel_in_commune']],
  [{ parcel_id: '69383AB12' }, ['parcel_id_format']],
  [{ listed_on: '2099-05-02' }, ['listed_by_now']],
  [{ sale_date: '2099-05-02', status: 'vendu' }, ['sold_by_now']],
  [{ dpe_class: 'A' }, ['dpe_fits_figures']],
  [{ dpe_class: 'C', dpe_energy: '110', dpe_emissions: '30' }, []],
  [{ dpe_class: 'B', dpe_energy: '110', dpe_emissions: '12' }, ['dpe_fits_figures']],
  [{ dpe_class: 'A', surface: '39', rooms: 'T1', bedrooms: null }, []],
  [{ dpe_class: 'A', surface: null }, ['surface_present']],
  [{ dpe_class: 'E', dpe_energy: '380' }, []],
  [{ dpe_number: 'DPE-123' }, ['dpe_number_format']],
  [{ longitude: '2.35', latitude: '48.85' }, ['coordinates_in_department']],
  [{ longitude: '13.4', latitude: '52.5' }, ['coordinates_in_department', 'coordinates_in_france']],
  [{ property_url: 'javascript:void(0)' }, ['property_url_format']],
  [{ contact_email: 'parc(at)agence.fr' }, ['contact_email_format']],
  [{ contact_phone: '01 23' }, ['fields_readable']],
  [{ title: '<b>Appartement</b>' }, ['title_is_text']],
  [{ postal_code: '99999' }, ['postal_code_format', 'postal_code_in_commune']],
  [{ property_type: 'Maison', price: '9000' }, ['house_price']],
  [{ property_type: 'Maison', surface: '2000' }, ['house_surface']],
  [{ land_surface: '6000000' }, ['land_surface']],
]

t.test('each default rule says what is wrong with a home, and nothing of one that is right', async (t) => {
  const db = await database(t)
  await makeSource(db, 'portal')
  const rows = slips.map(([slip], n) => ({
    ...sound,
    source_key: `k${n}`,
    address: `${n + 1} rue de la Paix`,
    ...slip,
  }))
  const found = await failing(db, rows)
  for (const [n, [slip, rules]] of slips.entries()) {
    t.same(found.get(`k${n}`) ?? [], rules, JSON.stringify(slip))
  }
  const outside = await failing(
    db,
    [
      { dpe_class: 'E', dpe_energy: '380' },
      { dpe_class: 'F', dpe_energy: '380' },
    ].map((slip, n) => ({
      ...sound,
      ...slip,
      source_key: `r${n}`,
      address: `${n + 1} quai Vilaine`,
      city: 'Rennes',
      postal_code: '35000',
      insee_code: '35238',
      parcel_id: null,
      longitude: '-1.68',
      latitude: '48.11',
    })),
  )
  t.same(
    [...outside],
    [['r0', ['dpe_fits_figures']]],
    'where no home lies above 800 m only one class fits the figures',
  )
  const tried = new Set(slips.flatMap(([, rules]) => rules))
  const judged = await db.query<{ rule_name: string }>(
    `select rule_name from validation_rules as r where is_default and app_private.rule_sort(r) = 'row'`,
  )
  t.same(
    judged
      .map(({ rule_name }) => rule_name)
      .filter((name) => !tried.has(name))
      .sort(),
    ['mostly_filled', 'price_among_peers', 'price_step'],
    'every other rule has been broken here',
  )
})

const line = z.object({
  code_postal: z.string(),
  code_commune: z.string(),
  nom_commune: z.string(),
  id_parcelle: z.string(),
  longitude: z.string(),
  latitude: z.string(),
})

const files = ['geo_2018_rhone_14518.csv', 'geo_2023_toulon_83137.csv', 'geo_2020_ain_5k.csv']
const skip = files.every((name) => existsSync(new URL(`dvf/geo/${name}`, data)))
  ? false
  : 'the real files are not at hand'

t.test('real places pass the rules about places', { skip }, async (t) => {
  const db = await database(t)
  await makeSource(db, 'portal')
  const rows: StagedRow[] = []
  for (const name of files) {
    const lines: unknown[] = parse(await readFile(new URL(`dvf/geo/${name}`, data)), {
      columns: true,
      relax_column_count: true,
    })
    for (const [n, one] of lines.entries()) {
      const sale = line.parse(one)
      rows.push({
        source_key: `${name} ${n}`,
        property_type: 'Terrain',
        city: sale.nom_commune,
        insee_code: sale.code_commune,
        postal_code: sale.code_postal,
        parcel_id: sale.id_parcelle,
        longitude: sale.longitude,
        latitude: sale.latitude,
      })
    }
  }
  const found = await failing(db, rows)
  const counts = new Map<string, string[]>()
  for (const [key, rules] of found)
    for (const rule of rules) counts.set(rule, [...(counts.get(rule) ?? []), key])
  for (const rule of [
    'parcel_in_commune',
    'parcel_id_format',
    'coordinates_in_department',
    'coordinates_in_france',
    'postal_code_format',
    'commune_known',
  ]) {
    t.same(counts.get(rule) ?? [], [], rule)
  }
  const strange = counts.get('postal_code_in_commune') ?? []
  t.ok(
    strange.length < rows.length * 0.002,
    `${strange.length} of ${rows.length} postal codes of the register are another commune's`,
  )
})

t.test(
  'every real number of an energy certificate is well formed',
  { skip: existsSync(new URL('linkage/', data)) ? false : skip },
  async (t) => {
    const text = await readFile(new URL('linkage/savoies_dpe_numero_to_identifiant_ban.csv', data), 'utf8')
    const numbers = text
      .split('\n')
      .slice(1)
      .map((row) => (row.split(';')[1] ?? '').trim())
      .filter((number) => number !== '')
    t.ok(numbers.length > 90_000)
    const db = await database(t)
    const [preset] = await db.query<{ fails: string }>(
      `select app_private.compile_format('n.value', 'dpe_number') as fails`,
    )
    const [answer] = await db.query<{ wrong: number }>(
      `select count(*)::integer as wrong from unnest($1::text[]) as n (value) where ${preset?.fails}`,
      [numbers],
    )
    t.equal(answer?.wrong, 0)
  },
)
