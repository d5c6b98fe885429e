import type { CommuneIndex } from './communes.ts'

/** Lines of one département and year of sale. */
export interface LineCount {
  departmentCode: string
  year: number
  lines: number
}

/** Counts accepted lines by commune and year. */
export interface Tally {
  /** One more line of this commune (its number in the index) and year. */
  add(commune: number, year: number): void
  byCommune(): (LineCount & { inseeCode: string })[]
  byDepartment(): LineCount[]
}

/** An empty tally. */
export function createTally(communes: CommuneIndex): Tally {
  const counts = new Map<number, number>()
  // Files come commune by commune, so a run of lines is counted before the map is touched.
  let key = -1
  let run = 0

  const closeRun = () => {
    if (run > 0) counts.set(key, (counts.get(key) ?? 0) + run)
    run = 0
  }
  const byCommune = () => {
    closeRun()
    return [...counts]
      .sort(([a], [b]) => a - b)
      .map(([at, lines]) => ({
        inseeCode: communes.codes[at >> 12]!,
        departmentCode: communes.departments[at >> 12]!,
        year: at & 4095,
        lines,
      }))
  }
  return {
    add(commune, year) {
      const next = commune * 4096 + year
      if (next !== key) {
        closeRun()
        key = next
      }
      run++
    },
    byCommune,
    byDepartment() {
      const sums = new Map<string, LineCount>()
      for (const { departmentCode, year, lines } of byCommune()) {
        const sum = sums.get(`${departmentCode} ${year}`)
        if (sum) sum.lines += lines
        else sums.set(`${departmentCode} ${year}`, { departmentCode, year, lines })
      }
      return [...sums.values()].sort(
        (a, b) => a.departmentCode.localeCompare(b.departmentCode, 'en') || a.year - b.year,
      )
    },
  }
}
