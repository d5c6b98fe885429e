import t from 'tap'
import { DialectError, recogniseDialect } from '../../tasks/lib/dvf/index.ts'
import {
  geoColumns,
  geoFile,
  geoLine,
  geoValues,
  quoted,
  rawColumns,
  rawFile,
  rawLine,
  rawValues,
} from './dvf-forms.ts'
import { canonical, type Row, translated } from './dvf-helpers.ts'

const expected = async () => canonical((await translated(geoFile(geoLine()))).rows[0] as Row)

/** A file of the geo form as a table program saves it. */
function saved(delimiter: string, names: string[], values: string[], lineEnd = '\n'): string {
  return [names, values]
    .map((row) => row.map((value) => quoted(value, delimiter)).join(delimiter))
    .join(lineEnd)
}

const geoRow = () => geoColumns.map((name) => geoValues()[name] ?? '')
const rawRow = () => rawColumns.map((name) => rawValues()[name] ?? '')

t.test('the official forms are recognised', async (t) => {
  const geo = recogniseDialect(geoColumns.join(','), [geoLine()])
  t.match(geo, { form: 'geo', delimiter: ',', isQuoted: true, fieldCount: 40, absent: [], extra: [] })
  t.equal(geo.description, 'Etalab geo-dvf, separated by comma')
  const raw = recogniseDialect(rawColumns.join('|'), [rawLine()])
  t.match(raw, { form: 'raw', delimiter: '|', isQuoted: false, fieldCount: 43, absent: [], extra: [] })
  const older = recogniseDialect(
    rawColumns.join('|').replace('Identifiant de document', 'Code service CH'),
    [],
  )
  t.match(older, { form: 'raw', fieldCount: 43, absent: [] })
})

t.test('every copy of one line gives the row of the original', async (t) => {
  const copies: Record<string, string> = {
    'Excel: semicolons, CRLF, French dates, lost zeros': saved(
      ';',
      geoColumns,
      geoColumns.map((name) => {
        const changes = { date_mutation: '06/01/2018', numero_disposition: '1', lot1_surface_carrez: '17,22' }
        return geoValues(changes)[name] ?? ''
      }),
      '\r\n',
    ),
    tabs: saved('\t', geoColumns, geoRow()),
    'raw names by comma': saved(',', rawColumns, rawRow()),
    'raw names by semicolon': saved(';', rawColumns, rawRow()),
    'raw by pipe with CRLF and no last line end': `${rawColumns.join('|')}\r\n${rawLine()}`,
    'an unnamed index column': saved(',', ['', ...geoColumns], ['17', ...geoRow()]),
    'an unnamed index column by pipe': saved('|', ['', ...rawColumns], ['17', ...rawRow()]),
    'an index column that the header lacks': saved(',', geoColumns, ['17', ...geoRow()]),
    'an index column by pipe that the header lacks': saved('|', rawColumns, ['17', ...rawRow()]),
    'an index column that only the header has': saved(',', ['', ...geoColumns], geoRow()),
    'a closing delimiter on the lines': saved(',', geoColumns, [...geoRow(), '']),
    'a closing delimiter in the header': saved(',', [...geoColumns, ''], geoRow()),
    'further columns': saved(',', [...geoColumns, 'month', 'm2'], [...geoRow(), '1', 'inf']),
    'another order': saved(',', [...geoColumns].reverse(), geoRow().reverse()),
    'a byte order mark': `\ufeff${geoFile(geoLine())}`,
    'quotes around everything': [geoColumns, geoRow()]
      .map((row) => row.map((value) => `"${value}"`).join(','))
      .join('\r\n'),
    'columns nobody needs dropped': saved(
      ',',
      geoColumns.filter((name) => !/^(nom_|ancien_|nature_culture|type_local|code_departement)/.test(name)),
      geoColumns
        .filter((name) => !/^(nom_|ancien_|nature_culture|type_local|code_departement)/.test(name))
        .map((name) => geoValues()[name] ?? ''),
    ),
    'names in capitals with accents': saved(
      ';',
      rawColumns.map((name) => name.replace('fonciere', 'foncière').toUpperCase()),
      rawRow(),
    ),
  }
  for (const [title, copy] of Object.entries(copies)) {
    const { rows, rejects } = await translated(copy)
    t.same(rejects, [], title)
    t.same(rows.length === 1 && canonical(rows[0] as Row), await expected(), title)
  }
})

t.test('the section NA, which pandas loses, is found again', async (t) => {
  const values = { Section: '', 'No voie': '19.0', 'Code postal': '69009.0' }
  const { rows } = await translated(rawFile(rawLine(values)))
  t.equal(rows[0]?.parcel_id, '69389000NA0111')
  const { rejects } = await translated(rawFile(rawLine({ Section: '' })))
  t.match(rejects, [{ reason: 'missing_value' }], 'but only in what pandas saved')
})

t.test('a header that is no DVF header names what is missing and the nearest form', async (t) => {
  const names = geoColumns.filter((name) => name !== 'valeur_fonciere' && name !== 'id_parcelle')
  try {
    recogniseDialect(names.join(','), [])
    t.fail('it was taken')
  } catch (error) {
    t.ok(error instanceof DialectError)
    t.match(error, { missing: ['valeur_fonciere', 'id_parcelle'], nearest: 'geo', code: 'PC422' })
    t.match(
      (error as Error).message,
      /lacks valeur_fonciere, id_parcelle; the nearest known form is Etalab geo-dvf/,
    )
  }
  const twice = () => recogniseDialect([...geoColumns, 'Date mutation'].join(','), [])
  t.throws(twice, { name: 'DialectError', message: /hold the same thing/ })
  for (const text of ['name,age\nalice,3\n', geoLine(), '\n\n', '%PDF-1.4\n']) {
    await t.rejects(translated(text), { name: 'DialectError' })
  }
  await t.rejects(translated(''), { name: 'DvfInputError', message: 'the file is empty' })
  await t.rejects(translated(Buffer.from(`\ufeff${geoFile()}`, 'utf16le')), { message: /UTF-16/ })
  await t.rejects(translated(Buffer.alloc(3_000_000, 65)), { name: 'DvfInputError', message: /no text/ })
})
