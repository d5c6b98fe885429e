import type { ReadLine } from './read-lines.ts'

// What the lines can tell, worked out the slow way from the lines alone. It shares nothing with the generator, which
// reaches the same by construction, nor with the importer's SQL.

/** A line with its place in the file. */
export interface Placed extends ReadLine {
  line: number
}

/** What the lines say: a group that is one mutation, or lines of which nobody can say it. */
export interface Verdict {
  lines: number[]
  undecidable?: 'U1' | 'U2' | 'U3' | 'U4'
  partial: boolean
}

interface Disposition {
  number: number
  lines: Placed[]
  undecidable?: 'U1' | 'U2' | 'U3'
}

const section = (line: Placed): string => line.parcel.slice(0, 10)
const isHome = (line: Placed): boolean => line.type === '1' || line.type === '2' || line.type === '4'

function homesApart(lines: readonly Placed[]): boolean {
  return new Set(lines.filter(isHome).map((line) => line.parcel)).size > 1
}

function dispositionsOf(lines: Placed[]): Disposition[] {
  const [first] = lines
  if (first === undefined) return []
  const { number, price } = first
  const bySection = [...Map.groupBy(lines, section).values()]
  if (price === null) {
    return bySection.map((own) => {
      const open = new Set(own.map((line) => `${line.parcel} ${line.lots}`)).size > 1
      return { number, lines: own, ...(open ? { undecidable: 'U3' as const } : {}) }
    })
  }
  if (Math.round(price * 100) % 10_000 !== 0) return [{ number, lines }]
  if (bySection.length === 1)
    return [{ number, lines, ...(homesApart(lines) ? { undecidable: 'U1' as const } : {}) }]
  if (!bySection.every((own) => own.some(isHome))) return [{ number, lines, undecidable: 'U2' }]
  return bySection.map((own) => ({
    number,
    lines: own,
    ...(homesApart(own) ? { undecidable: 'U1' as const } : {}),
  }))
}

function joined(dispositions: readonly Disposition[]): Disposition[][] {
  const groups: Disposition[][] = []
  const groupOf = new Map<string, Disposition[]>()
  for (const disposition of dispositions) {
    const keys = new Set(disposition.lines.map(section))
    const met = new Set(
      [...keys].flatMap((key) => groupOf.get(key) ?? []).map((d) => groups.find((g) => g.includes(d))),
    )
    const merged = [...[...met].flatMap((group) => group ?? []), disposition]
    for (const group of met) if (group !== undefined) groups.splice(groups.indexOf(group), 1)
    groups.push(merged)
    for (const d of merged) for (const line of d.lines) groupOf.set(section(line), merged)
  }
  return groups
}

/** What the lines of an open edition say about which of them are one mutation. */
export function decide(all: readonly Placed[]): Verdict[] {
  const verdicts: Verdict[] = []
  for (const day of Map.groupBy(all, (line) => `${line.department}|${line.date}|${line.nature}`).values()) {
    const keys = Map.groupBy(day, (line) => `${line.number}|${line.price}`)
    const dispositions = [...keys.values()].flatMap((lines) => dispositionsOf([...lines]))
    for (const group of joined(dispositions)) {
      const numbers = group.map((d) => d.number)
      const lines = group.flatMap((d) => d.lines.map((line) => line.line))
      const open = group.find((d) => d.undecidable !== undefined)?.undecidable
      if (group.length > 1 && numbers.some((n) => n > 1)) {
        const distinct = new Set(numbers).size === numbers.length
        const undecidable = open ?? (distinct ? undefined : 'U4')
        verdicts.push({ lines, partial: false, ...(undecidable === undefined ? {} : { undecidable }) })
        continue
      }
      for (const d of group) {
        const own = d.lines.map((line) => line.line)
        const more = d.undecidable === undefined ? {} : { undecidable: d.undecidable }
        verdicts.push({ lines: own, partial: d.number > 1, ...more })
      }
    }
  }
  return verdicts
}
