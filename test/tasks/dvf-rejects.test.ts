import t from 'tap'
import { geoColumns, geoFile, geoLine, rawColumns, rawFile, rawLine, type Values } from './dvf-forms.ts'
import { translated } from './dvf-helpers.ts'

t.test('a line that cannot be read is put aside with its reason and the rest goes on', async (t) => {
  const bad: [Values, string, RegExp][] = [
    [{ date_mutation: '2018-02-30' }, 'bad_date', /date_mutation: expected a day .*, got "2018-02-30"/],
    [{ date_mutation: '01/13/2018' }, 'bad_date', /13/],
    [{ date_mutation: '' }, 'missing_value', /date_mutation/],
    [{ nature_mutation: 'Donation' }, 'bad_nature', /one of Vente, .*"Donation"/],
    [{ nature_mutation: '' }, 'missing_value', /nature_mutation/],
    [{ numero_disposition: 'x' }, 'bad_disposition', /"x"/],
    [{ numero_disposition: '0' }, 'bad_disposition', /"0"/],
    [{ numero_disposition: '' }, 'missing_value', /numero_disposition/],
    [{ valeur_fonciere: '12 000' }, 'bad_number', /valeur_fonciere: .*euros.*"12 000"/],
    [{ valeur_fonciere: '-1' }, 'bad_number', /valeur_fonciere/],
    [{ valeur_fonciere: '1.005' }, 'bad_number', /valeur_fonciere/],
    [{ valeur_fonciere: '1.2.3' }, 'bad_number', /valeur_fonciere/],
    [{ valeur_fonciere: '1e15' }, 'bad_number', /valeur_fonciere/],
    [{ surface_reelle_bati: '17.5' }, 'bad_number', /surface_reelle_bati/],
    [{ surface_reelle_bati: '99999999999' }, 'bad_number', /surface_reelle_bati/],
    [{ nombre_pieces_principales: '40000' }, 'bad_number', /nombre_pieces_principales/],
    [{ nombre_lots: '-1' }, 'bad_number', /nombre_lots/],
    [{ lot2_surface_carrez: 'grand' }, 'bad_number', /lot2_surface_carrez: expected a decimal/],
    [{ adresse_numero: 'douze' }, 'bad_number', /adresse_numero/],
    [{ code_postal: '690091' }, 'bad_number', /postal code/],
    [{ longitude: '181' }, 'bad_number', /longitude/],
    [{ latitude: 'north' }, 'bad_number', /latitude/],
    [{ code_type_local: '5' }, 'bad_premises_type', /code_type_local.*"5"/],
    [{ code_type_local: '', type_local: 'Château' }, 'bad_premises_type', /type_local.*"Château"/],
    [{ code_commune: '99999' }, 'unknown_commune', /code_commune: .*"99999"/],
    [{ code_commune: '2C001' }, 'unknown_commune', /code_commune/],
    [{ id_parcelle: '99999000BV0111' }, 'unknown_commune', /id_parcelle/],
    [{ id_parcelle: '69389000BV011' }, 'bad_parcel', /id_parcelle/],
    [{ id_parcelle: '69389000BV01' }, 'bad_parcel', /id_parcelle: expected 14 characters/],
    [{ id_parcelle: '69389000bv0111' }, 'bad_parcel', /id_parcelle/],
    [{ id_parcelle: '' }, 'missing_value', /id_parcelle/],
    [{ adresse_nom_voie: 'RUE\0BIS' }, 'encoding', /byte 0/],
  ]
  const lines = bad.flatMap(([values]) => [geoLine(values), geoLine()])
  const { report, rows, rejects } = await translated(geoFile(...lines))
  t.equal(report.lines, lines.length)
  t.equal(report.accepted + report.rejected, report.lines)
  t.equal(rows.length, bad.length)
  for (const [index, [values, reason, detail]] of bad.entries()) {
    const line = rejects[index]
    t.match(line, { reason, sourceNo: 3, lineNo: 2 + 2 * index }, JSON.stringify(values))
    t.match(line?.detail, detail)
    t.equal(line?.raw.toString(), `${lines[2 * index]}\n`)
  }
  const counted = Object.values(report.rejectedByReason).reduce((sum, count) => sum + count, 0)
  t.equal(counted, report.rejected)
})

t.test('the raw form names its own columns', async (t) => {
  const bad: [Values, string, RegExp][] = [
    [{ 'Date mutation': '31/11/2018' }, 'bad_date', /^Date mutation/],
    [{ 'Code departement': '' }, 'missing_value', /^Code departement/],
    [{ 'Code commune': '' }, 'missing_value', /^Code commune/],
    [{ 'Code commune': '999' }, 'unknown_commune', /^Code commune/],
    [{ 'Code departement': '971', 'Code commune': '105' }, 'unknown_commune', /^Code commune/],
    [{ 'Prefixe de section': '1000' }, 'bad_parcel', /^Prefixe de section/],
    [{ Section: 'ABC' }, 'bad_parcel', /^Section/],
    [{ Section: '' }, 'missing_value', /^Section/],
    [{ 'No plan': '' }, 'missing_value', /^No plan/],
    [{ 'No plan': '12345' }, 'bad_parcel', /^No plan/],
  ]
  const { rejects } = await translated(rawFile(...bad.map(([values]) => rawLine(values))))
  for (const [index, [values, reason, detail]] of bad.entries()) {
    t.match(rejects[index], { reason }, JSON.stringify(values))
    t.match(rejects[index]?.detail, detail)
  }
})

t.test('a line with another number of fields is put aside, never shifted', async (t) => {
  const more = `${geoLine()},`
  const fewer = geoLine().replace(/,[^,]*$/, '')
  const { report, rejects } = await translated(geoFile(geoLine(), more, fewer, geoLine()))
  t.match(report, { lines: 4, accepted: 2, rejectedByReason: { field_count: 2 } })
  t.match(rejects, [{ detail: 'expected 40 fields, got 41' }, { detail: 'expected 40 fields, got 39' }])
})

t.test('a last line that was cut is put aside as it stands', async (t) => {
  const cut = rawLine().slice(0, 60)
  const { report, rejects } = await translated(rawFile(rawLine()) + cut)
  t.match(report, { lines: 2, accepted: 1, rejected: 1 })
  t.equal(rejects[0]?.raw.toString(), cut)
})

t.test('blank lines count inside the file and not at its end', async (t) => {
  const inside = await translated(geoFile(geoLine(), '', '\r', geoLine()))
  t.match(inside.report, { lines: 4, accepted: 2, rejectedByReason: { field_count: 2 } })
  t.same(
    inside.rejects.map((line) => [line.lineNo, line.raw.toString()]),
    [
      [3, '\n'],
      [4, '\r\n'],
    ],
  )
  const end = await translated(`${geoFile(geoLine())}\n\r\n\n`)
  t.match(end.report, { lines: 1, accepted: 1 })
  const header = await translated(geoColumns.join(','))
  t.match(header.report, { lines: 0, accepted: 0, rejected: 0 })
})

t.test('quotes that do not close cost one line', async (t) => {
  const open = geoLine().replace('RUE DE', '"RUE DE')
  const stray = geoLine().replace('RUE DE LA', '"RUE" DE LA')
  const lines = [open, ...Array.from({ length: 300 }, () => geoLine()), stray, geoLine()]
  for (const size of [1 << 20, 700]) {
    const { report, rejects, rows } = await translated(geoFile(...lines), size)
    t.match(report, { lines: 303, accepted: 301, rejectedByReason: { bad_quoting: 2 } })
    t.same(
      rejects.map((line) => line.lineNo),
      [2, 303],
    )
    t.equal(rows[0]?.line_no, 3)
  }
})

t.test('a quoted line end belongs to its field and keeps the line numbers right', async (t) => {
  const lines = [geoLine({ adresse_nom_voie: 'RUE\nNEUVE' }), geoLine({ valeur_fonciere: 'x' })]
  const { rows, rejects, report } = await translated(geoFile(...lines))
  t.equal(rows[0]?.street_name, 'RUE\nNEUVE')
  t.match(report, { lines: 2, accepted: 1 })
  t.equal(rejects[0]?.lineNo, 4)
})

t.test('in the official raw form a quote is data', async (t) => {
  const { rows } = await translated(rawFile(rawLine({ Voie: '"LE PRE' }), rawLine({ Voie: 'DIT "LE PRE"' })))
  t.same(
    rows.map((row) => row.street_name),
    ['RUE "LE PRE', 'RUE DIT "LE PRE"'],
  )
})

t.test('a line longer than any real one is put aside', async (t) => {
  const long = geoLine({ adresse_nom_voie: 'A'.repeat(100_000) })
  const { report, rejects } = await translated(geoFile(geoLine(), long, geoLine()))
  t.match(report, { accepted: 2, rejectedByReason: { line_too_long: 1 } })
  t.equal(rejects[0]?.raw.length, long.length + 1)
  const large = await translated(geoFile(geoLine({ adresse_nom_voie: 'A'.repeat(60_000) })))
  t.equal(String(large.rows[0]?.street_name).length, 60_000)
})

t.test('Latin-1 is read as what it was, and broken UTF-8 is put aside', async (t) => {
  const lines = [
    geoLine({ adresse_nom_voie: 'ALLÉE DE L’ÉTÉ', nature_mutation: 'Vente terrain à bâtir' }),
    geoLine(),
  ]
  const latin1 = Buffer.from(geoFile(...lines).replace('’', '\u0092'), 'latin1')
  const { rows, report } = await translated(latin1)
  t.match(report, { encoding: 'latin1', accepted: 2 })
  t.match(rows[0], { street_name: 'ALLÉE DE L’ÉTÉ', nature: 'building_land_sale' })
  const mixed = Buffer.concat([Buffer.from(geoFile(...lines)), latin1.subarray(latin1.indexOf(10) + 1)])
  const broken = await translated(mixed)
  t.match(broken.report, { encoding: 'utf8', accepted: 3, rejectedByReason: { encoding: 1 } })
  t.equal(broken.rejects[0]?.raw.includes(Buffer.from('ALL\u00c9E', 'latin1')), true)
})

t.test('what was put aside restores the lines byte for byte', async (t) => {
  const lines = [
    `${rawLine({ 'No plan': 'x' })}\r`,
    rawLine(),
    rawLine({ 'No plan': 'y' }),
    `${rawLine().slice(0, 9)}`,
  ]
  const text = [rawColumns.join('|'), ...lines].join('\n')
  const { rejects } = await translated(text)
  t.equal(
    Buffer.concat(rejects.map((line) => line.raw)).toString(),
    [`${lines[0]}\n`, `${lines[2]}\n`, lines[3]].join(''),
  )
})
