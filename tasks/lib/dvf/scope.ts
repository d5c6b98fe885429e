import path from 'node:path'

/** A claim of what a release covers. Years null: those its lines speak of. */
export interface ScopeClaim {
  area: 'FR' | 'department' | 'commune'
  code: string
  years: number[] | null
}

const departmentCode = /^(?:0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-8])$/
const communeCode = /^(?:\d{5}|2[AB]\d{3})$/

/**
 * Reads a scope as a person writes it: `FR`, `69`, `69123`, several joined by commas, each with years behind a colon:
 * `FR:2020-2024`, `69:2023,01:2022-2023`.
 *
 * RangeError: a part is no département, commune or `FR`, or its years are no years.
 */
export function parseScope(text: string): ScopeClaim[] {
  return text.split(',').map((part) => {
    const [place = '', years] = part.trim().toUpperCase().split(':')
    const area = place === 'FR' ? 'FR' : departmentCode.test(place) ? 'department' : 'commune'
    if (area === 'commune' && !communeCode.test(place)) {
      throw new RangeError(`${part} is no scope: FR, a département (69) or a commune (69123) was expected`)
    }
    return { area, code: place, years: years === undefined ? null : parseYears(years, part) }
  })
}

function parseYears(text: string, part: string): number[] {
  const match = /^(\d{4})(?:-(\d{4}))?$/.exec(text)
  const first = Number(match?.[1])
  const last = Number(match?.[2] ?? match?.[1])
  if (!match || first < 1900 || last > 2100 || last < first) {
    throw new RangeError(
      `${part} is no scope: a year (2023) or years (2020-2024) were expected behind the colon`,
    )
  }
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/**
 * What files claim to cover by the names they are published under: `ValeursFoncieres-2023.txt`,
 * `2023/full.csv.gz`, `2023/departements/69.csv.gz`, `2023/communes/69/69123.csv`. Null when any of them has
 * another name: its lines then tell.
 */
export function claimsOf(names: readonly string[]): ScopeClaim[] | null {
  const claims = names.map(claimOf)
  return claims.every((claim) => claim !== null) ? claims : null
}

function claimOf(name: string): ScopeClaim | null {
  const parts = name.split(path.sep).join('/').split('/')
  const stem = (parts.at(-1) ?? '').replace(/(?:\.csv|\.txt)?(?:\.gz|\.zip)?$/i, '')
  const raw = /^valeursfoncieres-(\d{4})(?:-?s[12])?$/i.exec(stem)
  if (raw) return { area: 'FR', code: 'FR', years: [Number(raw[1])] }
  const yearIn = (part: string | undefined) => (/^(?:19|20)\d{2}$/.test(part ?? '') ? [Number(part)] : null)
  if (/^full$/i.test(stem)) return { area: 'FR', code: 'FR', years: yearIn(parts.at(-2)) }
  if (parts.at(-2) === 'departements' && departmentCode.test(stem)) {
    return { area: 'department', code: stem, years: yearIn(parts.at(-3)) }
  }
  if (parts.at(-3) === 'communes' && communeCode.test(stem)) {
    return { area: 'commune', code: stem, years: yearIn(parts.at(-4)) }
  }
  return null
}
