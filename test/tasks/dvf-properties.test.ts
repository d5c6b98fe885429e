import fc from 'fast-check'
import t from 'tap'
import { long } from '../lib/long.ts'
import { geoColumns, geoFile, geoLine, quoted, rawFile, rawLine, type Values } from './dvf-forms.ts'
import { canonical, communes, type Row, translated } from './dvf-helpers.ts'

const numRuns = long ? 2000 : 150

const upper = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const word = fc.string({ unit: fc.constantFrom(...upper, ...'ÉÈÇ '), minLength: 1, maxLength: 12 })
const wholeOrEmpty = (max: number) => fc.option(fc.integer({ min: 0, max }).map(String), { nil: '' })
const twoDecimals = (max: number) => fc.integer({ min: 1, max }).map((n) => n / 100)
const lot = fc.oneof(
  fc.constant(''),
  fc.integer({ min: 1, max: 9999 }).map(String),
  fc.constantFrom('22MR', '60B', 'A'),
)

// What a line says, free of any form.
const facts = fc.record({
  day: fc.date({ min: new Date('2014-01-01'), max: new Date('2026-12-31'), noInvalidDate: true }),
  disposition: fc.integer({ min: 1, max: 40 }),
  nature: fc.constantFrom('Vente', "Vente en l'état futur d'achèvement", 'Echange', 'Adjudication'),
  cents: fc.option(fc.integer({ min: 1, max: 99_999_999_99 }), { nil: null }),
  number: wholeOrEmpty(9999),
  suffix: fc.constantFrom('', 'B', 'T', 'Q', '2'),
  type: fc.constantFrom('', 'RUE', 'AV', 'ALL'),
  street: word.map((text) => text.trim()),
  code: fc.constantFrom('', '0560', 'B011', '9999'),
  commune: fc.constantFrom(...communes.codes),
  postal: fc.option(fc.integer({ min: 1000, max: 97_999 }), { nil: null }),
  prefix: fc.integer({ min: 0, max: 999 }),
  section: fc.constantFrom('A', 'ZD', 'AN', 'NA'),
  plan: fc.integer({ min: 1, max: 9999 }),
  volume: wholeOrEmpty(99),
  lots: fc.array(fc.tuple(lot, fc.option(twoDecimals(50_000), { nil: null })), {
    minLength: 5,
    maxLength: 5,
  }),
  lotCount: fc.integer({ min: 0, max: 900 }),
  premises: fc.constantFrom('', '1', '2', '3', '4'),
  built: fc.integer({ min: 0, max: 70_000 }),
  rooms: wholeOrEmpty(30),
  use: fc.constantFrom('', 'S', 'AG', 'VI'),
  special: fc.constantFrom('', 'JARD', 'POTAG'),
  land: wholeOrEmpty(999_999),
})
type Facts = Parameters<Parameters<typeof facts.map>[0]>[0]

const comma = (value: number) => String(value).replace('.', ',')
const pad = (value: number, width: number) => String(value).padStart(width, '0')

function asGeo(f: Facts): string {
  const values: Values = {
    date_mutation: f.day.toISOString().slice(0, 10),
    numero_disposition: pad(f.disposition, 6),
    nature_mutation: f.nature,
    valeur_fonciere: f.cents === null ? '' : String(f.cents / 100),
    adresse_numero: f.number,
    adresse_suffixe: f.suffix,
    adresse_nom_voie: `${f.type} ${f.street}`.trim(),
    adresse_code_voie: f.code,
    code_postal: f.postal === null ? '' : pad(f.postal, 5),
    code_commune: f.commune,
    id_parcelle: `${f.commune}${pad(f.prefix, 3)}${f.section.padStart(2, '0')}${pad(f.plan, 4)}`,
    numero_volume: f.volume,
    nombre_lots: String(f.lotCount),
    code_type_local: f.premises,
    type_local: '',
    surface_reelle_bati: f.built === 0 ? '' : String(f.built),
    nombre_pieces_principales: f.rooms,
    code_nature_culture: f.use,
    code_nature_culture_speciale: f.special,
    surface_terrain: f.land,
  }
  for (const [index, [number, surface]] of f.lots.entries()) {
    values[`lot${index + 1}_numero`] = number
    values[`lot${index + 1}_surface_carrez`] = surface === null ? '' : String(surface)
  }
  return geoLine(values)
}

function asRaw(f: Facts): string {
  const department = f.commune.slice(0, f.commune.startsWith('97') || f.commune.startsWith('98') ? 3 : 2)
  const values: Values = {
    'Date mutation': f.day.toISOString().slice(0, 10).split('-').reverse().join('/'),
    'No disposition': pad(f.disposition, 6),
    'Nature mutation': f.nature,
    'Valeur fonciere': f.cents === null ? '' : (f.cents / 100).toFixed(2).replace('.', ','),
    'No voie': f.number,
    'B/T/Q': f.suffix,
    'Type de voie': f.type,
    'Code voie': f.code,
    Voie: f.street,
    'Code postal': f.postal === null ? '' : String(f.postal),
    'Code departement': department,
    'Code commune': String(Number(f.commune.slice(department.length))),
    'Prefixe de section': f.prefix === 0 ? '' : String(f.prefix),
    Section: f.section,
    'No plan': String(f.plan),
    'No Volume': f.volume,
    'Nombre de lots': String(f.lotCount),
    'Code type local': f.premises,
    'Type local': '',
    'Surface reelle bati': String(f.built),
    'Nombre pieces principales': f.rooms,
    'Nature culture': f.use,
    'Nature culture speciale': f.special,
    'Surface terrain': f.land,
  }
  for (const [index, [number, surface]] of f.lots.entries()) {
    const ordinal = index === 0 ? '1er' : `${index + 1}eme`
    values[`${ordinal} lot`] = number
    values[`Surface Carrez du ${ordinal} lot`] = surface === null ? '' : comma(surface)
  }
  return rawLine(values)
}

t.test('what a line says is the same in both forms', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(facts, { minLength: 1, maxLength: 4 }), async (lines) => {
      const geo = await translated(geoFile(...lines.map(asGeo)))
      const raw = await translated(rawFile(...lines.map(asRaw)))
      t.same(geo.rejects, [])
      t.same(raw.rows.map(canonical), geo.rows.map(canonical))
      t.equal(geo.rows.length, lines.length)
    }),
    { numRuns },
  )
})

t.test('where the input is cut into chunks does not matter', async (t) => {
  const broken = fc.constantFrom('', '\r', 'x', '"', '"a', '\u00e9', ','.repeat(39), '"a\nb"', '\n\n')
  // Reading begins once a quarter of a megabyte is there: these few lines fill it.
  const opening = Array.from({ length: 5 }, () => geoLine({ adresse_nom_voie: 'A'.repeat(60_000) }))
  const openingSize = 301_000
  const line = fc.oneof(facts.map(asGeo), facts.map(asGeo), broken)
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 12 }),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.boolean(),
      fc.integer({ min: 1, max: 700 }),
      async (lines, lineEnd, isClosed, isLatin1, size) => {
        const text = [geoColumns.join(','), ...opening, ...lines].join(lineEnd) + (isClosed ? lineEnd : '')
        const bytes = Buffer.from(text, isLatin1 ? 'latin1' : 'utf8')
        const whole = await translated(bytes)
        const cut = await translated(bytes, size, openingSize)
        t.same(cut, whole)
        t.equal(whole.report.accepted + whole.report.rejected, whole.report.lines)
        t.equal(whole.rows.length, whole.report.accepted)
        t.equal(whole.rejects.length, whole.report.rejected)
      },
    ),
    { numRuns },
  )
})

t.test('any text in quotes is read as it was', async (t) => {
  const unit = fc.constantFrom(...'AB"\',;|\n\r\t É€')
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit, maxLength: 20 }),
      fc.constantFrom(',', ';', '\t', '|'),
      async (text, delimiter) => {
        const columns = ['', ...geoColumns]
        const line = geoLine({ adresse_nom_voie: 'STREET' }).split(',')
        const fields = ['1', ...line].map((value) =>
          value === 'STREET' ? `"${text.replaceAll('"', '""')}"` : quoted(value, delimiter),
        )
        const { rows, rejects } = await translated(`${columns.join(delimiter)}\n${fields.join(delimiter)}\n`)
        t.same(rejects, [])
        t.equal(rows[0]?.street_name ?? '', text.replace(/^[\s]+|[\s]+$/g, ''))
      },
    ),
    { numRuns },
  )
})

t.test('digests of different lines differ, each 32 bits of them too', async (t) => {
  const count = long ? 400_000 : 60_000
  const lines = Array.from({ length: count }, (_, i) => {
    // Neighbouring values in two fields: what a weak digest would confuse.
    return geoLine({
      valeur_fonciere: String(1000 + (i % 1000)),
      surface_terrain: String(1 + Math.floor(i / 1000)),
    })
  })
  const { rows } = await translated([geoColumns.join(','), ...lines].join('\n'))
  const distinct = (part: (row: Row) => unknown) => new Set(rows.map(part)).size
  t.equal(
    distinct((row) => row.fingerprint),
    count,
  )
  t.equal(
    distinct((row) => row.key_digest),
    1000,
  )
  t.equal(
    distinct((row) => row.land_digest),
    count / 1000,
  )
  // Of n values in 2³² about n²/2³³ pairs meet by chance.
  const chance = (count * count) / 2 ** 33
  for (const [from, to] of [
    [0, 8],
    [8, 16],
    [4, 12],
  ]) {
    const met = count - distinct((row) => String(row.fingerprint).slice(from, to))
    t.ok(met <= chance + 6 * Math.sqrt(chance) + 3, `${met} meet where ${chance.toFixed(1)} are expected`)
  }
})
