import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { z } from 'zod'
import { departmentCentres } from './department-centres.ts'
import { hashText, normal, randomFrom } from './random.ts'

/** A part of a commune that was a commune of its own, or the whole commune. */
export interface Territory {
  /** The INSEE code the parcels were registered under. */
  code: string
  name: string
  /**
   * How the CSV form shows it: `present` (never merged), `same` (former name, same code), `prefix` (the parcel got the
   * former number as section prefix), `kept` (the parcel kept the former code).
   */
  form: 'present' | 'same' | 'prefix' | 'kept'
}

/** A commune or municipal arrondissement of the world, with what governs its market. */
export interface Place {
  code: string
  name: string
  department: string
  postalCodes: readonly string[]
  population: number
  territories: readonly Territory[]
  /** 0 in the countryside to 1 in a big city. */
  urbanity: number
  /** The price of a square metre of flat at the beginning of the first year, in €; told to no file. */
  flatEuro: number
  longitude: number
  latitude: number
  sectionCount: number
}

const communeSchema = z.object({
  code: z.string(),
  nom: z.string(),
  type: z.string(),
  departement: z.string().optional(),
  chefLieu: z.string().optional(),
  codesPostaux: z.array(z.string()).optional(),
  population: z.number().optional(),
})

// Left out of the sources: Alsace and Moselle keep a land register of their own, Mayotte is not published.
const unpublished = new Set(['57', '67', '68', '976'])

const priceLevels: Readonly<Record<string, number>> = {
  '75': 5,
  '92': 3.1,
  '94': 2.3,
  '93': 1.9,
  '78': 2,
  '91': 1.6,
  '95': 1.6,
  '77': 1.5,
  '06': 2.4,
  '83': 1.8,
  '74': 2.2,
  '73': 1.7,
  '69': 1.7,
  '13': 1.6,
  '33': 1.7,
  '44': 1.5,
  '35': 1.35,
  '31': 1.4,
  '64': 1.5,
  '17': 1.6,
  '2A': 1.8,
  '2B': 1.4,
  '974': 1.3,
  '971': 1.3,
  '972': 1.25,
  '973': 1.3,
  '23': 0.55,
  '36': 0.65,
  '58': 0.65,
  '52': 0.6,
  '55': 0.65,
  '08': 0.7,
  '03': 0.75,
  '61': 0.75,
  '88': 0.7,
  '70': 0.75,
}

function placeFrom(
  row: z.infer<typeof communeSchema>,
  former: readonly { code: string; name: string }[],
): Place | undefined {
  const department = row.departement
  const centre = department === undefined ? undefined : departmentCentres[department]
  const population = row.population
  const postalCodes = row.codesPostaux
  if (department === undefined || centre === undefined || !population || !postalCodes?.length)
    return undefined
  const urbanity = Math.min(1, Math.max(0, (Math.log10(population) - 2.9) / 2))
  const random = randomFrom(`place/${row.code}`)
  const size = Math.min(4, Math.max(0.2, population / 6000)) ** 0.12
  const level = priceLevels[department] ?? 0.85 + 0.35 * ((hashText(`level/${department}`) % 1000) / 1000)
  const spread = department === '75' ? 0.015 : ['92', '93', '94'].includes(department) ? 0.05 : 0.22
  const merged = former.filter((f) => f.code !== row.code)
  const territories: Territory[] =
    former.length === 0 || department === '75'
      ? [{ code: row.code, name: row.nom, form: 'present' }]
      : former.map((f) => ({
          ...f,
          form: f.code === row.code ? 'same' : hashText(f.code) % 4 === 0 ? 'kept' : 'prefix',
        }))
  if (merged.length > 0 && !territories.some((t) => t.code === row.code)) {
    territories.unshift({ code: row.code, name: row.nom, form: 'present' })
  }
  return {
    code: row.code,
    name: row.nom,
    department,
    postalCodes,
    population,
    territories,
    urbanity,
    flatEuro: 1500 * level * size * Math.exp(0.16 * normal(random)),
    longitude: centre[0] + spread * normal(random) * 0.8,
    latitude: centre[1] + spread * normal(random) * 0.6,
    sectionCount: Math.min(60, 3 + Math.floor(population / 1200)) + former.length,
  }
}

let known: readonly Place[] | undefined

/**
 * Every commune the sources publish, in the order of their codes: arrondissements instead of Paris, Lyon and Marseille,
 * no Alsace, Moselle or Mayotte, no commune without inhabitants. Read once in a process.
 */
export function readPlaces(): readonly Place[] {
  known ??= readAll()
  return known
}

function readAll(): Place[] {
  const file = createRequire(import.meta.url).resolve('@etalab/decoupage-administratif/data/communes.json')
  const rows = z.array(communeSchema).parse(JSON.parse(readFileSync(file, 'utf8')))
  const whole = new Set(['75056', '69123', '13055'])
  const former = new Map<string, { code: string; name: string }[]>()
  for (const row of rows) {
    if (row.chefLieu === undefined || !row.type.startsWith('commune-')) continue
    // A few changed their département when they merged, which no line of the raw form could say.
    if (row.code.slice(0, 2) !== row.chefLieu.slice(0, 2)) continue
    const known = former.get(row.chefLieu) ?? []
    known.push({ code: row.code, name: row.nom })
    former.set(row.chefLieu, known)
  }
  const places: Place[] = []
  for (const row of rows) {
    if (row.type !== 'commune-actuelle' && row.type !== 'arrondissement-municipal') continue
    if (whole.has(row.code) || unpublished.has(row.departement ?? '')) continue
    const place = placeFrom(row, (former.get(row.code) ?? []).slice(0, 4))
    if (place !== undefined) places.push(place)
  }
  return places.sort((a, b) => (a.code < b.code ? -1 : 1))
}

// In every world, however small: what reads differently from an ordinary commune.
const always = [
  '75115',
  '69383',
  '13208',
  '01033',
  '97411',
  '2A004',
  '69179',
  '01053',
  '85194',
  '01001',
  '49018',
  '83137',
  '75108',
  '69386',
  '13213',
  '92078',
  '33063',
  '2B033',
  '97105',
  '59350',
  '31555',
  '44109',
  '35238',
  '06088',
  '01344',
  '97302',
  '97209',
  '62041',
]

/** A commune of the world with the number of lines of release A it is to bring. */
export interface Quota {
  place: Place
  lines: number
}

/**
 * The communes of a world of so many lines, in the order of the files (département, commune), with their share; shares
 * add up to `lines`. Bigger worlds hold more communes.
 */
export function choosePlaces(all: readonly Place[], lines: number, seed: string): Quota[] {
  const byCode = new Map(all.map((place) => [place.code, place]))
  const wanted = Math.min(all.length, Math.max(24, Math.min(25_000, Math.round(lines / 200))))
  const chosen = new Map<string, Place>()
  const add = (place: Place | undefined): void => {
    if (place !== undefined && chosen.size < wanted) chosen.set(place.code, place)
  }
  for (const code of always) add(byCode.get(code))
  if (wanted >= 300) {
    const largest = new Map<string, Place>()
    for (const place of all) {
      if (place.population > (largest.get(place.department)?.population ?? 0))
        largest.set(place.department, place)
      if (place.name.includes('Arrondissement')) add(place)
    }
    for (const place of largest.values()) add(place)
  }
  const random = randomFrom(`places/${seed}`)
  const lots = all.map((place) => ({ place, ticket: -Math.log(1 - random()) / place.population ** 0.7 }))
  lots.sort((a, b) => a.ticket - b.ticket)
  for (const { place } of lots) add(place)
  const places = [...chosen.values()].sort((a, b) =>
    a.department === b.department ? (a.code < b.code ? -1 : 1) : a.department < b.department ? -1 : 1,
  )
  const weight = (place: Place): number => Math.min(place.population, 120_000) ** 0.75 + 25
  const total = places.reduce((sum, place) => sum + weight(place), 0)
  let passed = 0
  let given = 0
  return places.map((place) => {
    passed += weight(place)
    const upTo = Math.round((lines * passed) / total)
    const share = upTo - given
    given = upTo
    return { place, lines: share }
  })
}
