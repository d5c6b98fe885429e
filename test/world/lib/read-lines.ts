import { readFileSync } from 'node:fs'

/** A line of a file of the world, read without any help from the generator or the importer. */
export interface ReadLine {
  /** Fields as they stand in the CSV form's order; the raw form is translated to the same names. */
  date: string
  number: number
  nature: string
  /** The price as a number; null when empty or 0. */
  price: number | null
  department: string
  commune: string
  /** The parcel under its registered code, 14 characters. */
  parcel: string
  lots: string
  type: string
  builtM2: string
  rooms: string
  streetNumber: string
  land: string
  service: string
  reference: string
  fields: number
}

/** Splits a CSV line by RFC 4180. */
export function splitCsv(text: string): string[] {
  const fields: string[] = []
  let field = ''
  let inside = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (inside) {
      if (c === '"' && text[i + 1] === '"') {
        field += '"'
        i++
      } else if (c === '"') inside = false
      else field += c
    } else if (c === '"' && field === '') inside = true
    else if (c === ',') {
      fields.push(field)
      field = ''
    } else field += c
  }
  fields.push(field)
  return fields
}

const blank = { service: '', reference: '' }

/** Reads a line of the CSV form. */
export function readGeo(text: string): ReadLine {
  const f = splitCsv(text)
  const at = (i: number): string => f[i] ?? ''
  return {
    ...blank,
    date: at(1),
    number: Number(at(2)),
    nature: at(3),
    price: at(4) === '' ? null : Number(at(4)),
    streetNumber: at(5),
    department: at(12),
    commune: at(13) || at(10),
    parcel: at(16) || at(15),
    lots: [18, 20, 22, 24, 26].map(at).filter(Boolean).join('+'),
    type: at(29),
    builtM2: at(31),
    rooms: at(32),
    land: at(33) === '' ? '' : `${at(33)}/${at(35)}/${at(37)}`,
    fields: f.length,
  }
}

/** Reads a line of the raw form. */
export function readRaw(text: string): ReadLine {
  const f = text.split('|')
  const at = (i: number): string => f[i] ?? ''
  const price = Number(at(10).replace(',', '.'))
  const department = at(18).padStart(2, '0')
  const commune = department + at(19).padStart(5 - department.length, '0')
  return {
    service: at(0),
    reference: at(1),
    date: at(8).split('/').reverse().join('-'),
    number: Number(at(7)),
    nature: at(9),
    price: at(10) === '' || price === 0 ? null : price,
    streetNumber: at(11),
    department,
    commune,
    parcel: commune + at(20).padStart(3, '0') + at(21).padStart(2, '0') + at(22).padStart(4, '0'),
    lots: [24, 26, 28, 30, 32].map(at).filter(Boolean).join('+'),
    type: at(35),
    builtM2: at(38) === '0' ? '' : at(38),
    rooms: at(39),
    land: at(40) === '' ? '' : `${at(40)}/${at(41)}/${at(42)}`,
    fields: f.length,
  }
}

/** The lines of a file, by their number: the header is at 1. */
export function fileLines(path: string): string[] {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/)
  if (lines.at(-1) === '') lines.pop()
  return ['', ...lines]
}
