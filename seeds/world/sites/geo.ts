import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { departmentCentres } from '../department-centres.ts'
import { readPlaces } from '../places.ts'
import { communeOutline, type Outline } from './contours.ts'
import { type Site, type SiteOptions, startSite } from './server.ts'

const communeSchema = z.object({
  code: z.string(),
  nom: z.string(),
  type: z.string(),
  departement: z.string().optional(),
  region: z.string().optional(),
  siren: z.string().optional(),
  codesPostaux: z.array(z.string()).default([]),
  population: z.number().default(0),
})

type Commune = z.infer<typeof communeSchema>

const areaSchema = z.object({ code: z.string(), nom: z.string(), region: z.string().optional() })

type Area = z.infer<typeof areaSchema>

/** What the service knows: the official list of communes, each at the place the world gives it. */
interface Gazetteer {
  communes: Map<string, Commune>
  departments: Map<string, Area>
  regions: Map<string, Area>
  outline: (commune: Commune) => Outline | null
}

function read<T>(name: string, schema: z.ZodType<T>): T[] {
  const file = createRequire(import.meta.url).resolve(`@etalab/decoupage-administratif/data/${name}.json`)
  return z.array(schema).parse(JSON.parse(readFileSync(file, 'utf8')))
}

let known: Gazetteer | undefined

function gazetteer(): Gazetteer {
  if (known !== undefined) return known
  const communes = read('communes', communeSchema).filter(
    ({ type }) => type === 'commune-actuelle' || type === 'arrondissement-municipal',
  )
  const places = new Map(readPlaces().map((place) => [place.code, place]))
  const byCode = <T extends { code: string }>(rows: T[]) => new Map(rows.map((row) => [row.code, row]))
  known = {
    communes: byCode(communes),
    departments: byCode(read('departements', areaSchema)),
    regions: byCode(read('regions', areaSchema)),
    outline(commune) {
      const place = places.get(commune.code)
      if (place !== undefined) return communeOutline(place)
      // Paris, Lyon and Marseille as a whole, and what the register does not publish, lie where their département does.
      const centre = departmentCentres[commune.departement ?? '']
      if (centre === undefined) return null
      const { code, population } = commune
      return communeOutline({ code, population, longitude: centre[0], latitude: centre[1] })
    },
  }
  return known
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}

/** A commune in the fields that were asked for; `nom` and `code` are always there. */
function describe(commune: Commune, fields: ReadonlySet<string>): Record<string, unknown> {
  const world = gazetteer()
  const department = world.departments.get(commune.departement ?? '')
  const region = world.regions.get(commune.region ?? '')
  const outline = ['centre', 'contour', 'bbox'].some((name) => fields.has(name))
    ? world.outline(commune)
    : null
  const [west, south, east, north] = outline?.bbox ?? [0, 0, 0, 0]
  const ring = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
  const all: Record<string, unknown> = {
    nom: commune.nom,
    code: commune.code,
    siren: commune.siren,
    codesPostaux: commune.codesPostaux,
    codeDepartement: commune.departement,
    codeRegion: commune.region,
    population: commune.population,
    departement: department && { code: department.code, nom: department.nom },
    region: region && { code: region.code, nom: region.nom },
    centre: outline && { type: 'Point', coordinates: outline.centre },
    contour: outline?.contour,
    bbox: outline && { type: 'Polygon', coordinates: [ring] },
  }
  return Object.fromEntries(
    Object.entries(all).filter(
      ([name, value]) =>
        value !== undefined && value !== null && (name === 'nom' || name === 'code' || fields.has(name)),
    ),
  )
}

const usual = 'nom,code,siren,codesPostaux,codeDepartement,codeRegion,population'

const querySchema = z.object({
  fields: z.string().default(usual),
  codePostal: z.string().optional(),
  code: z.string().optional(),
  nom: z.string().optional(),
  codeDepartement: z.string().optional(),
  type: z.string().default('commune-actuelle'),
  limit: z.coerce.number().int().positive().optional(),
  format: z.enum(['json', 'geojson']).catch('json'),
  geometry: z.enum(['centre', 'contour']).catch('centre'),
})

type Query = z.infer<typeof querySchema>

const notFound = (reply: FastifyReply) => reply.code(404).type('text/plain; charset=utf-8').send('Not Found')

function feature(commune: Commune, { fields, geometry }: Query): Record<string, unknown> {
  const { [geometry]: shape } = describe(commune, new Set([geometry]))
  const names = new Set(fields.split(',').filter((name) => name !== 'centre' && name !== 'contour'))
  return { type: 'Feature', properties: describe(commune, names), geometry: shape ?? null }
}

function found(query: Query): Commune[] {
  const types = new Set(query.type.split(','))
  const wanted = plain(query.nom ?? '')
  const communes = [...gazetteer().communes.values()].filter(
    (one) =>
      types.has(one.type) &&
      (query.code === undefined || one.code === query.code) &&
      (query.codePostal === undefined || one.codesPostaux.includes(query.codePostal)) &&
      (query.codeDepartement === undefined || one.departement === query.codeDepartement) &&
      (wanted === '' || plain(one.nom).includes(wanted)),
  )
  return wanted === '' ? communes : communes.sort((a, b) => b.population - a.population)
}

/**
 * Starts a service that speaks the protocol of geo.api.gouv.fr: communes by code, postal code or name, with centre,
 * outline and box; départements and regions. It stands 50 requests a second unless told otherwise.
 */
export async function startGeo(
  options: Omit<SiteOptions, 'routes' | 'name'> & { name?: string },
): Promise<Site> {
  return startSite({
    name: 'geo',
    rate: 50,
    ...options,
    routes(app) {
      app.get<{ Params: { code: string } }>('/communes/:code', (request, reply) => {
        const query = querySchema.parse(request.query)
        const commune = gazetteer().communes.get(request.params.code)
        if (commune === undefined) return notFound(reply)
        if (query.format === 'geojson') return reply.send(feature(commune, query))
        return reply.send(describe(commune, new Set(query.fields.split(','))))
      })
      app.get('/communes', (request, reply) => {
        const query = querySchema.parse(request.query)
        const communes = found(query).slice(0, query.limit)
        if (query.format === 'geojson') {
          const features = communes.map((one) => feature(one, query))
          return reply.send({ type: 'FeatureCollection', features })
        }
        const fields = new Set(query.fields.split(','))
        return reply.send(communes.map((one) => describe(one, fields)))
      })
      app.get<{ Params: { code: string } }>('/departements/:code', (request, reply) => {
        const area = gazetteer().departments.get(request.params.code)
        return area ? { nom: area.nom, code: area.code, codeRegion: area.region } : notFound(reply)
      })
      app.get<{ Params: { code: string } }>('/departements/:code/communes', (request, reply) => {
        const query = querySchema.parse(request.query)
        if (!gazetteer().departments.has(request.params.code)) return notFound(reply)
        const fields = new Set(query.fields.split(','))
        return reply.send(
          found({ ...query, codeDepartement: request.params.code }).map((one) => describe(one, fields)),
        )
      })
      app.get<{ Params: { code: string } }>('/regions/:code', (request, reply) => {
        const area = gazetteer().regions.get(request.params.code)
        return area ? { nom: area.nom, code: area.code } : notFound(reply)
      })
    },
  })
}
