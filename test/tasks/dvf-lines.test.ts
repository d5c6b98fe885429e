import t from 'tap'
import { geoFile, geoLine, rawFile, rawLine, type Values } from './dvf-forms.ts'
import { canonical, type Row, translated } from './dvf-helpers.ts'

async function geoRow(changes: Values): Promise<Row | undefined> {
  return (await translated(geoFile(geoLine(changes)))).rows[0]
}

async function rawRow(changes: Values): Promise<Row | undefined> {
  return (await translated(rawFile(rawLine(changes)))).rows[0]
}

t.test('a line becomes typed canonical columns', async (t) => {
  const { rows, report } = await translated(geoFile(geoLine()))
  t.match(report, { lines: 1, accepted: 1, rejected: 0, encoding: 'ascii' })
  t.match(report.byCommune, [{ inseeCode: '69389', departmentCode: '69', year: 2018, lines: 1 }])
  t.match(report.byDepartment, [{ departmentCode: '69', year: 2018, lines: 1 }])
  const { fingerprint, key_digest, unit_digest, premises_digest, land_digest, ...rest } = rows[0] as Row
  t.same(rest, {
    release_id: 7,
    shard: 0,
    source_no: 3,
    line_no: 2,
    sold_on: '2018-01-06',
    nature: 'sale',
    disposition_no: 1,
    price_cents: 18_560_550,
    document_service: null,
    document_reference: null,
    mutation_hint: '2018-656195',
    street_number: 19,
    street_suffix: 'B',
    street_name: 'RUE DE LA FRATERNELLE',
    street_code: '0895',
    postal_code: '69009',
    insee_code: '69389',
    registered_insee_code: null,
    department_code: '69',
    parcel_id: '69389000BV0111',
    registered_parcel_id: null,
    volume_no: null,
    lots: ['30', '22MR'],
    lot_carrez_m2: [17.22, null],
    carrez_surface_m2: 17.22,
    lot_count: 2,
    premises_type: 'flat',
    premises_reference: null,
    built_surface_m2: 17,
    room_count: 1,
    land_use_code: null,
    special_land_use_code: null,
    land_surface_m2: null,
    longitude: 4.804004,
    latitude: 45.768488,
  })
})

t.test('both forms of one line give one row', async (t) => {
  const geo = await translated(geoFile(geoLine()))
  const raw = await translated(rawFile(rawLine()))
  t.same(canonical(raw.rows[0] as Row), canonical(geo.rows[0] as Row))
})

t.test('natures and premises are known by their official words', async (t) => {
  const natures = {
    Vente: 'sale',
    "Vente en l'état futur d'achèvement": 'off_plan_sale',
    'Vente en l’état futur d’achèvement': 'off_plan_sale',
    'Vente terrain à bâtir': 'building_land_sale',
    Echange: 'exchange',
    Adjudication: 'auction',
    Expropriation: 'expropriation',
  }
  for (const [word, nature] of Object.entries(natures)) {
    t.equal((await geoRow({ nature_mutation: word }))?.nature, nature, word)
  }
  const types = [null, 'house', 'flat', 'annex', 'commercial']
  for (const [code, type] of types.entries()) {
    const values = { code_type_local: code === 0 ? '' : String(code), type_local: '' }
    t.equal((await geoRow(values))?.premises_type, type)
  }
  t.equal((await geoRow({ code_type_local: '', type_local: 'Dépendance' }))?.premises_type, 'annex')
})

t.test('what says nothing is null, and no rooms are 0 rooms', async (t) => {
  const nothing = { 'Valeur fonciere': '0', 'Surface reelle bati': '0', 'Nombre pieces principales': '0' }
  t.match(await rawRow(nothing), { price_cents: null, built_surface_m2: null, room_count: 0 })
  t.match(await rawRow({ 'Valeur fonciere': '', 'Nombre pieces principales': '' }), {
    price_cents: null,
    room_count: null,
  })
})

t.test('altered spellings are the values they were', async (t) => {
  const original = canonical((await geoRow({})) as Row)
  const spellings: Values[] = [
    { valeur_fonciere: '185605.50' },
    { valeur_fonciere: '185605,5' },
    { valeur_fonciere: '185605.50000000003' },
    { numero_disposition: '1' },
    { numero_disposition: '1.0' },
    { date_mutation: '06/01/2018' },
    { date_mutation: '6/1/2018' },
    { date_mutation: '2018-01-06 00:00:00' },
    { adresse_numero: '19.0', nombre_pieces_principales: '1.0', surface_reelle_bati: '17.0' },
    { code_postal: '69009.0', code_commune: '69389.0', code_type_local: '2.0' },
    { lot1_numero: '30.0', lot1_surface_carrez: '17,22' },
    { lot1_numero: '0030' },
    { surface_terrain: 'NaN', adresse_code_voie: '895' },
    { adresse_nom_voie: ' RUE DE LA FRATERNELLE ' },
    { code_commune: '' },
  ]
  for (const changes of spellings) {
    t.same(canonical((await geoRow(changes)) as Row), original, JSON.stringify(changes))
  }
})

t.test('zeros that got lost come back', async (t) => {
  const written = { code_commune: '01004', id_parcelle: '010040000A0012', code_postal: '01500' }
  const kept = canonical((await geoRow(written)) as Row)
  const lost = { code_commune: '1004', id_parcelle: '10040000A0012', code_postal: '1500' }
  t.same(canonical((await geoRow(lost)) as Row), kept)
  const raw = {
    'Code departement': '1',
    'Code commune': '4',
    Section: 'A',
    'No plan': '12',
    'Code postal': '1500',
  }
  t.same(canonical((await rawRow(raw)) as Row), kept)
})

t.test('Corsica, overseas and the arrondissements have their codes', async (t) => {
  const places: [string, string, string, string][] = [
    ['2A', '4', '2A004', '2A'],
    ['2B', '033', '2B033', '2B'],
    ['974', '11', '97411', '974'],
    ['75', '107', '75107', '75'],
    ['13', '208', '13208', '13'],
  ]
  for (const [department, commune, insee, code] of places) {
    const row = await rawRow({ 'Code departement': department, 'Code commune': commune })
    t.match(row, { insee_code: insee, department_code: code, parcel_id: `${insee}000BV0111` }, insee)
    const geo = await geoRow({ code_commune: insee, id_parcelle: `${insee}000BV0111` })
    t.equal(geo?.unit_digest, row?.unit_digest)
  }
})

t.test('a département goes whole to the shard that has fewer lines', async (t) => {
  const line = (insee: string) => geoLine({ code_commune: insee, id_parcelle: `${insee}000BV0111` })
  const codes = ['69389', '69389', '69381', '01004', '75107', '2A004', '01004', '75107', '69389', '13208']
  const { rows } = await translated(geoFile(...codes.map(line)))
  t.same(
    rows.map((row) => row.shard),
    [0, 0, 0, 1, 1, 1, 1, 1, 0, 0],
  )
})

t.test('a merged commune is the present one, and its parcels keep apart', async (t) => {
  const expected = {
    insee_code: '69179',
    registered_insee_code: '69048',
    parcel_id: '691790480C1046',
    registered_parcel_id: '690480000C1046',
  }
  const raw = { 'Code departement': '69', 'Code commune': '48', Section: 'C', 'No plan': '1046' }
  t.match(await rawRow(raw), expected)
  const geo = {
    code_commune: '69179',
    ancien_code_commune: '69048',
    id_parcelle: '691790480C1046',
    ancien_id_parcelle: '690480000C1046',
  }
  t.match(await geoRow(geo), expected)
  t.equal((await geoRow(geo))?.fingerprint, (await rawRow(raw))?.fingerprint)
  const prefixed = { ...geo, ancien_id_parcelle: '690481230C1046' }
  t.match(await geoRow(prefixed), { parcel_id: '691791230C1046' })
  const present = { code_commune: '69179', id_parcelle: '691790480C1046', ancien_code_commune: '69179' }
  t.match(await geoRow(present), { registered_insee_code: null, registered_parcel_id: null })
})

t.test('the restricted edition brings its references', async (t) => {
  const row = await rawRow({
    'Identifiant de document': '0104P01',
    'Reference document': '2018P01234',
    'Identifiant local': '0690000123',
  })
  t.match(row, {
    document_service: '0104P01',
    document_reference: '2018P01234',
    premises_reference: '690000123',
  })
})

t.test('lots keep their order, their surfaces and their gaps', async (t) => {
  const row = await geoRow({
    lot1_numero: '',
    lot1_surface_carrez: '',
    lot3_numero: '60B',
    lot3_surface_carrez: '12.5',
    lot5_numero: '7',
    lot5_surface_carrez: '0',
  })
  t.same(row?.lots, ['22MR', '60B', '7'])
  t.same(row?.lot_carrez_m2, [null, 12.5, null])
  t.equal(row?.carrez_surface_m2, 12.5)
  const none = await geoRow({ lot1_numero: '', lot1_surface_carrez: '', lot2_numero: '' })
  t.match(none, { lots: null, lot_carrez_m2: null, carrez_surface_m2: null })
  const sum = await geoRow({ lot1_surface_carrez: '0.1', lot2_surface_carrez: '0.2' })
  t.equal(sum?.carrez_surface_m2, 0.3)
})

t.test('digests tell key, section, premises and land apart', async (t) => {
  const base = (await geoRow({})) as Row
  const changed = async (changes: Values) => {
    const row = (await geoRow(changes)) as Row
    const names = ['key_digest', 'unit_digest', 'premises_digest', 'land_digest', 'fingerprint'] as const
    return names.filter((name) => row[name] !== base[name])
  }
  const all = ['key_digest', 'unit_digest', 'fingerprint']
  t.same(await changed({ valeur_fonciere: '185605.51' }), all)
  t.same(await changed({ date_mutation: '2018-01-07' }), all)
  t.same(await changed({ nature_mutation: 'Echange' }), all)
  t.same(await changed({ numero_disposition: '2' }), all)
  t.same(await changed({ id_parcelle: '69389000BW0111' }), ['unit_digest', 'fingerprint'])
  t.same(await changed({ id_parcelle: '69389000BV0112' }), ['fingerprint'])
  t.same(await changed({ code_commune: '69388' }), ['fingerprint'])
  t.same(await changed({ surface_terrain: '17' }), ['land_digest', 'fingerprint'])
  t.same(await changed({ code_nature_culture: 'S' }), ['land_digest', 'fingerprint'])
  for (const changes of [
    { adresse_numero: '20' },
    { adresse_suffixe: '' },
    { adresse_nom_voie: 'RUE DE LA FRATERNELL' },
    { code_postal: '69008' },
    { numero_volume: '1' },
    { lot2_numero: '23MR' },
    { lot1_surface_carrez: '17.23' },
    { nombre_lots: '3' },
    { code_type_local: '1' },
    { surface_reelle_bati: '18' },
    { nombre_pieces_principales: '2' },
  ]) {
    t.same(await changed(changes), ['premises_digest', 'fingerprint'], JSON.stringify(changes))
  }
  t.same(await changed({ id_mutation: '2018-1', longitude: '', latitude: '1' }), [])
})

t.test('main premises sort first, the largest first among them', async (t) => {
  const premises = [
    ['1', '200'],
    ['2', '80'],
    ['2', '79'],
    ['4', '900'],
    ['4', ''],
    ['3', ''],
    ['', ''],
  ]
  const digests: string[] = []
  for (const [type = '', surface = ''] of premises) {
    const changes = { code_type_local: type, type_local: '', surface_reelle_bati: surface }
    digests.push((await geoRow(changes))?.premises_digest as string)
  }
  t.same([...digests].sort(), digests)
  t.ok(digests.every((digest) => /^[0-7]/.test(digest)))
})
