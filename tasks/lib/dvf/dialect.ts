import { comparableName, type Field, type Form, type FormName, fieldNo, fields, forms } from './columns.ts'
import { DialectError } from './errors.ts'
import { splitLine } from './records.ts'

/** How one file writes a DVF line. */
export interface Dialect {
  form: FormName
  delimiter: string
  /** RFC 4180 double quotes; in the official raw form a quote is data. */
  isQuoted: boolean
  /** Fields on every line of data; a line with another number is rejected. */
  fieldCount: number
  /** Per field number its position on a line; `fieldCount` where the column is absent. */
  positions: Int32Array
  /** Column name in the file by field number, for messages. */
  names: (string | undefined)[]
  /** Saved again by pandas: numbers as `12.0`, and a section called NA lost as a missing value. */
  isPandas: boolean
  /** Official columns that the file lacks; what they hold is read as absent. */
  absent: string[]
  /** Columns of the file that no official form has; ignored. */
  extra: string[]
  /** One sentence for people. */
  description: string
}

const delimiters = ['|', ',', ';', '\t']
const delimiterNames: Record<string, string> = { '|': 'pipe', ',': 'comma', ';': 'semicolon', '\t': 'tab' }
const maxColumns = 200

/**
 * Recognises how a file is written from its header and some lines of data (about 200 are plenty).
 *
 * Both official forms, with any of `|` `,` `;` tab, columns added, dropped (see `required` in columns.ts) or in
 * another order, and an index column before the first that the header may or may not name. Spellings of values
 * (`1000.0`, lost zeros, dd/mm/yyyy, decimal comma) need no recognising: the readers take them in any dialect.
 *
 * DialectError: the header is not one of these; it names what is missing and the nearest known form.
 */
export function recogniseDialect(headerLine: string, sampleLines: readonly string[]): Dialect {
  const header = headerLine.replace(/^\ufeff/, '').replace(/\r?\n?$/, '')
  if (header.trim() === '') {
    throw new DialectError(
      'the first line is empty, a DVF file begins with its column names',
      hint(null),
      [],
      null,
    )
  }
  const { form, delimiter, names } = nearest(header)
  const missing = missingColumns(form, names)
  if (missing.length > 0 || names.length > maxColumns) refuse(form, names, missing)
  refuseRepeated(form, names)

  const isOfficialRaw = form.name === 'raw' && delimiter === '|'
  const hasIndex = names[0]?.trim() === ''
  let isQuoted = !isOfficialRaw || hasIndex
  const lines = sampleLines.map((line) => line.replace(/\r?\n?$/, '')).filter((line) => line !== '')
  let rows = lines.map((line) => splitLine(line, delimiter, isQuoted))
  const { fieldCount, shift } = alignment(form, names, rows)
  if (shift === 1 && !isQuoted) {
    isQuoted = true
    rows = lines.map((line) => splitLine(line, delimiter, isQuoted))
  }

  const positions = new Int32Array(fields.length).fill(fieldCount)
  const fieldNames: (string | undefined)[] = []
  const extra: string[] = []
  names.forEach((name, index) => {
    const field = form.comparable.get(comparableName(name))
    if (field === undefined) {
      if (name.trim() !== '') extra.push(name)
      return
    }
    if (field === null) return
    positions[fieldNo[field]] = index + shift
    fieldNames[fieldNo[field]] = name
  })
  const present = new Set(names.map(comparableName))
  const absent = [...form.columns].filter(([name, field]) => {
    if (present.has(comparableName(name)) || field === null) return false
    return positions[fieldNo[field]] === fieldCount
  })
  const isPandas = hasIndex || shift === 1 || rows.some((row) => savedByPandas(row, positions))
  const dialect = {
    form: form.name,
    delimiter,
    isQuoted,
    fieldCount,
    positions,
    names: fieldNames,
    isPandas,
    absent: absent.map(([name]) => name),
    extra,
  }
  return { ...dialect, description: describe(form, dialect, hasIndex || shift === 1) }
}

function nearest(header: string): { form: Form; delimiter: string; names: string[]; known: number } {
  const candidates = delimiters.flatMap((delimiter) => {
    const names = splitLine(header, delimiter, true)
    return forms.map((form) => {
      return {
        form,
        delimiter,
        names,
        known: names.filter((name) => form.comparable.has(comparableName(name))).length,
      }
    })
  })
  return candidates.reduce((best, next) => (next.known > best.known ? next : best))
}

function missingColumns(form: Form, names: string[]): string[] {
  const present = new Set(names.map(comparableName))
  return form.required
    .filter((alternatives) => !alternatives.some((name) => present.has(comparableName(name))))
    .map((alternatives) => alternatives.join(' or '))
}

function refuse(form: Form, names: string[], missing: string[]): never {
  const known = names.filter((name) => form.comparable.has(comparableName(name))).length
  const found = names
    .slice(0, 6)
    .map((name) => JSON.stringify(name.slice(0, 40)))
    .join(', ')
  if (known === 0) {
    const message = `the first line names no column of a DVF file; it begins with ${found}`
    throw new DialectError(message, hint(null), missing, null)
  }
  const message =
    missing.length > 0
      ? `the header lacks ${missing.join(', ')}; the nearest known form is ${form.title} (${known} columns of it found)`
      : `the header has ${names.length} columns, more than ${maxColumns}`
  throw new DialectError(message, hint(form), missing, form.name)
}

function hint(form: Form | null): string {
  return form === null
    ? 'Give a file as published by the DGFiP (ValeursFoncieres) or by Etalab (geo-dvf), its first line included.'
    : 'Keep these columns when you save a copy, or give the file as it was published.'
}

function refuseRepeated(form: Form, names: string[]) {
  const seen = new Map<Field, string>()
  for (const name of names) {
    const field = form.comparable.get(comparableName(name))
    if (!field) continue
    const earlier = seen.get(field)
    if (earlier !== undefined) {
      const message = `the columns ${JSON.stringify(earlier)} and ${JSON.stringify(name)} hold the same thing`
      throw new DialectError(message, 'Keep one of them.', [], form.name)
    }
    seen.set(field, name)
  }
}

// An index column may be on the lines and not in the header, or the other way round; so may a closing delimiter.
// Which one it is shows in the data: dates and natures stand where the header says, or one further.
function alignment(form: Form, names: string[], rows: string[][]): { fieldCount: number; shift: number } {
  const declared = { fieldCount: names.length, shift: 0 }
  const widths = new Map<number, number>()
  for (const row of rows) widths.set(row.length, (widths.get(row.length) ?? 0) + 1)
  const width = [...widths].reduce((best, next) => (next[1] > best[1] ? next : best), [names.length, 0])[0]
  if (Math.abs(width - names.length) !== 1) return declared
  const alike = rows.filter((row) => row.length === width)
  const at = (field: Field) => names.findIndex((name) => form.comparable.get(comparableName(name)) === field)
  const [soldOn, disposition, nature] = [at('soldOn'), at('disposition'), at('nature')]
  const fits = (row: string[], shift: number) =>
    /^(\d{4}-\d\d-\d\d|\d{1,2}\/\d{1,2}\/\d{4})/.test(row[soldOn + shift] ?? '') &&
    /^\d+(\.0)?$/.test(row[disposition + shift] ?? '') &&
    /^\p{L}/u.test(row[nature + shift] ?? '')
  const shift = [0, width - names.length].find((shift) => {
    return alike.filter((row) => fits(row, shift)).length * 2 > alike.length
  })
  return shift === undefined ? declared : { fieldCount: width, shift }
}

const wholeNumbers: Field[] = [
  'streetNumber',
  'postalCode',
  'premisesCode',
  'roomCount',
  'landSurface',
  'builtSurface',
]

function savedByPandas(row: string[], positions: Int32Array): boolean {
  return wholeNumbers.some((field) => /^\d+\.0$/.test(row[positions[fieldNo[field]]!] ?? ''))
}

function describe(form: Form, dialect: Omit<Dialect, 'description'>, hasIndex: boolean): string {
  const delimiter = delimiterNames[dialect.delimiter]
  const isOfficial = dialect.delimiter === (form.name === 'raw' ? '|' : ',')
  const parts = [`${form.title}, separated by ${delimiter}${isOfficial ? '' : ' (an altered copy)'}`]
  if (hasIndex) parts.push('with an index column')
  if (dialect.isPandas) parts.push('saved again by pandas')
  if (dialect.extra.length > 0) parts.push(`further columns ignored: ${dialect.extra.join(', ')}`)
  const open = ['documentService', 'documentReference', 'premisesReference']
  const dropped = dialect.absent.filter((name) => !open.includes(form.columns.get(name) ?? ''))
  if (dropped.length > 0) parts.push(`columns dropped: ${dropped.join(', ')}`)
  return parts.join('; ')
}
