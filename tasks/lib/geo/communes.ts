import { z } from 'zod'
import type { Answer } from '../scrape/adapter.ts'
import { areaSchema } from './outline.ts'

// The protocol of geo.api.gouv.fr: communes with their centre, box and outline.

const position = z.tuple([z.number(), z.number()]).rest(z.number())
const area = z.object({ code: z.string(), nom: z.string() })

const communeSchema = z.object({
  code: z.string(),
  nom: z.string(),
  centre: z.object({ type: z.literal('Point'), coordinates: position }).nullish(),
  // A geometry, or four numbers, as GeoJSON's own `bbox`.
  bbox: z.union([z.tuple([z.number(), z.number(), z.number(), z.number()]), areaSchema]).nullish(),
  contour: z.unknown().optional(),
  codesPostaux: z.array(z.string()).nullish(),
  departement: area.nullish(),
  region: area.nullish(),
  population: z.number().nullish(),
})

/** What the service says of a commune. */
export interface CommuneFacts {
  inseeCode: string
  name: string
  department: { code: string; name: string } | null
  region: { code: string; name: string } | null
  postalCodes: readonly string[]
  population: number | null
  place: CommunePlace | null
}

/** Where a commune lies, in degrees; `outline` is GeoJSON as the service sent it. */
export interface CommunePlace {
  centre: [longitude: number, latitude: number]
  /** West, south, east, north. */
  bbox: [number, number, number, number] | null
  outline: unknown
  /** Host of the service. */
  source: string
}

/** A commune that the service does not know, or an answer that is none. */
export class GeoError extends Error {
  override name = 'GeoError'
}

const fields = 'nom,code,centre,bbox,contour,codesPostaux,departement,region,population'
const arrondissement = /^(?:751\d\d|6938\d|132\d\d)$/

/** Whether a code is that of an arrondissement of Paris, Lyon or Marseille, which the service keeps apart. */
export function isArrondissement(inseeCode: string): boolean {
  return arrondissement.test(inseeCode)
}

const withoutSlash = (url: string): string => url.replace(/\/+$/, '')

/** The address that tells of a commune; arrondissements are asked for by their type, as the service wants it. */
export function communeUrl(baseUrl: string, inseeCode: string): string {
  const base = withoutSlash(baseUrl)
  return isArrondissement(inseeCode)
    ? `${base}/communes?code=${inseeCode}&type=arrondissement-municipal&fields=${fields}`
    : `${base}/communes/${inseeCode}?fields=${fields}`
}

/** The address that tells of all communes of a département, without the arrondissements of the big cities. */
export function departmentUrl(baseUrl: string, department: string): string {
  return `${withoutSlash(baseUrl)}/departements/${department}/communes?fields=${fields}&format=json`
}

type Box = [number, number, number, number]

function boxOf(bbox: z.infer<typeof communeSchema>['bbox']): Box | null {
  if (bbox === null || bbox === undefined) return null
  if (typeof bbox[0] === 'number') return bbox as Box
  const corners = (bbox as z.infer<typeof areaSchema>).flat(2)
  const [longitudes, latitudes] = [corners.map(([x]) => x), corners.map(([, y]) => y)]
  return [Math.min(...longitudes), Math.min(...latitudes), Math.max(...longitudes), Math.max(...latitudes)]
}

function readJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new GeoError(`${source} answered what is no JSON`, { cause: error })
  }
}

/**
 * Reads what the service answered of one commune.
 *
 * GeoError: it is no commune.
 */
export function readCommune(text: string, source: string): CommuneFacts {
  const json = readJson(text, source)
  return factsOf(Array.isArray(json) ? json[0] : json, source)
}

function factsOf(json: unknown, source: string): CommuneFacts {
  const parsed = communeSchema.safeParse(json)
  if (!parsed.success)
    throw new GeoError(`${source} answered what is no commune: ${parsed.error.issues[0]?.message ?? ''}`)
  const { code, nom, centre, bbox, contour, codesPostaux, departement, region, population } = parsed.data
  // An outline that cannot be read is as good as none: the box remains.
  const outline = areaSchema.safeParse(contour).success ? contour : null
  const named = (one: typeof departement) => (one ? { code: one.code, name: one.nom } : null)
  return {
    inseeCode: code,
    name: nom,
    department: named(departement),
    region: named(region),
    postalCodes: codesPostaux ?? [],
    population: population ?? null,
    place: centre
      ? { centre: [centre.coordinates[0], centre.coordinates[1]], bbox: boxOf(bbox), outline, source }
      : null,
  }
}

/** How the service is asked: a polite GET. */
type Get = (url: string, options?: { accept?: string }) => Promise<Answer>

/**
 * Asks the service for a commune.
 *
 * GeoError: it does not know it, or does not answer with a commune.
 */
export async function askCommune(baseUrl: string, inseeCode: string, get: Get): Promise<CommuneFacts> {
  const url = communeUrl(baseUrl, inseeCode)
  const { host } = new URL(url)
  const answer = await get(url, { accept: 'application/json' })
  if (answer.status === 404 || (answer.status === 200 && answer.text.trim() === '[]'))
    throw new GeoError(`${host} knows no commune ${inseeCode}`)
  if (answer.status !== 200) throw new GeoError(`${host} answered ${answer.status} for commune ${inseeCode}`)
  const facts = readCommune(answer.text, host)
  if (facts.inseeCode !== inseeCode)
    throw new GeoError(`${host} answered with commune ${facts.inseeCode} for ${inseeCode}`)
  return facts
}

/**
 * Asks the service for all communes of a département at once, by their codes; those it tells of in a way that cannot be
 * read are left out.
 *
 * GeoError: it does not know the département, or does not answer with a list.
 */
export async function askDepartment(
  baseUrl: string,
  department: string,
  get: Get,
): Promise<Map<string, CommuneFacts>> {
  const url = departmentUrl(baseUrl, department)
  const { host } = new URL(url)
  const answer = await get(url, { accept: 'application/json' })
  if (answer.status !== 200)
    throw new GeoError(`${host} answered ${answer.status} for département ${department}`)
  const json = readJson(answer.text, host)
  if (!Array.isArray(json)) throw new GeoError(`${host} answered what is no list of communes`)
  const known = new Map<string, CommuneFacts>()
  for (const one of json) {
    try {
      const facts = factsOf(one, host)
      known.set(facts.inseeCode, facts)
    } catch (error) {
      if (!(error instanceof GeoError)) throw error
    }
  }
  return known
}
