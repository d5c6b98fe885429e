import type { BadLine } from './truth.ts'

/** The ways a planted line is spoilt, in the order they are planted. */
export const badReasons: readonly BadLine['reason'][] = [
  'few-fields',
  'impossible-date',
  'bad-number',
  'unknown-commune',
  'many-fields',
]

// Field positions, counted from 0, in a geo line and in a raw line.
const places = {
  geo: { date: 1, price: 4, commune: 10, department: 12 },
  raw: { date: 8, price: 10, commune: 19, department: 18 },
} as const

function splitGeo(line: string): string[] {
  return (
    line
      .match(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)
      ?.map((field) => field.replace(/,$/, ''))
      .slice(0, 40) ?? []
  )
}

/** Spoils a readable line so that it must be rejected for one reason, everything else being right. */
export function spoil(line: string, form: 'geo' | 'raw', reason: BadLine['reason']): string {
  const separator = form === 'geo' ? ',' : '|'
  const fields = form === 'geo' ? splitGeo(line) : line.split('|')
  const at = places[form]
  switch (reason) {
    case 'few-fields':
      return fields.slice(0, -4).join(separator)
    case 'many-fields':
      return [...fields.slice(0, 17), '', ...fields.slice(17)].join(separator)
    case 'impossible-date': {
      const date = fields[at.date] ?? ''
      fields[at.date] = form === 'geo' ? `${date.slice(0, 4)}-02-30` : `30/02/${date.slice(6)}`
      break
    }
    case 'bad-number':
      fields[at.price] = form === 'geo' ? '12O000' : '12O000,00'
      break
    case 'unknown-commune': {
      const department = fields[at.department] ?? ''
      const overseas = department.length === 3
      fields[at.commune] = form === 'geo' ? department + (overseas ? '99' : '999') : overseas ? '99' : '999'
      break
    }
  }
  return fields.join(separator)
}
