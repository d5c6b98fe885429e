import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Client } from 'pg'
import type { CommuneEntry, Decoupage, DepartmentEntry, RegionEntry } from './decoupage.ts'
import { digestDecoupage, readDecoupage } from './decoupage.ts'
import type { ReferenceSeed } from './index.ts'

/** A code that no longer designates a present commune, or a name that one of its parts still bears. */
export interface FormerCity {
  readonly formerCode: string
  readonly code: string
  readonly kind: 'merged' | 'delegated' | 'associated' | 'recoded'
  readonly name: string | null
}

// INSEE gave these two communes of Guadeloupe the codes of collectivities in 2007; the package starts later.
// Source: INSEE, code officiel géographique, mouvements (mod 41), effective 2007-07-15.
const recoded: readonly FormerCity[] = [
  { formerCode: '97123', code: '97701', kind: 'recoded', name: 'Saint-Barthélemy' },
  { formerCode: '97127', code: '97801', kind: 'recoded', name: 'Saint-Martin' },
]

/**
 * Every former code once, with the present commune it belongs to.
 * A delegated or associated commune's own seat wins over the list of the present commune, which is stale for
 * two communes that changed hands after their merger (55273, 60455).
 */
export function formerCities(communes: readonly CommuneEntry[]): FormerCity[] {
  const byCode = new Map<string, FormerCity>(recoded.map((city) => [city.formerCode, city]))
  for (const commune of communes) {
    if (commune.type !== 'commune-actuelle') continue
    for (const formerCode of commune.anciensCodes) {
      byCode.set(formerCode, { formerCode, code: commune.code, kind: 'merged', name: null })
    }
  }
  for (const commune of communes) {
    if (commune.type !== 'commune-deleguee' && commune.type !== 'commune-associee') continue
    byCode.set(commune.code, {
      formerCode: commune.code,
      code: commune.chefLieu,
      kind: commune.type === 'commune-deleguee' ? 'delegated' : 'associated',
      name: commune.nom,
    })
  }
  return [...byCode.values()]
}

const zones = { metro: 'metropolitan', drom: 'overseas_department', com: 'overseas_collectivity' } as const

async function mergeRegions(client: Client, regions: readonly RegionEntry[]): Promise<number> {
  const { rowCount } = await client.query(
    `merge into app_public.regions as t
     using unnest($1::text[], $2::text[], $3::app_base.territory_zone[]) as s (code, name, zone)
       on t.code = s.code
     when matched and (t.name, t.zone) is distinct from (s.name, s.zone) then
       update set name = s.name, zone = s.zone
     when not matched then insert (code, name, zone) values (s.code, s.name, s.zone)`,
    [regions.map((r) => r.code), regions.map((r) => r.nom), regions.map((r) => zones[r.zone])],
  )
  return rowCount ?? 0
}

async function mergeDepartments(client: Client, departments: readonly DepartmentEntry[]): Promise<number> {
  const { rowCount } = await client.query(
    `merge into app_public.departments as t
     using unnest($1::text[], $2::text[], $3::text[], $4::app_base.territory_zone[])
       as s (code, name, region_code, zone)
       on t.code = s.code
     when matched and (t.name, t.region_code, t.zone) is distinct from (s.name, s.region_code, s.zone) then
       update set name = s.name, region_code = s.region_code, zone = s.zone
     when not matched then insert (code, name, region_code, zone)
       values (s.code, s.name, s.region_code, s.zone)`,
    [
      departments.map((d) => d.code),
      departments.map((d) => d.nom),
      departments.map((d) => d.region),
      departments.map((d) => zones[d.zone]),
    ],
  )
  return rowCount ?? 0
}

type PresentEntry = Exclude<CommuneEntry, { type: 'commune-deleguee' | 'commune-associee' }>

function isPresent(commune: CommuneEntry): commune is PresentEntry {
  return commune.type === 'commune-actuelle' || commune.type === 'arrondissement-municipal'
}

function cityKind(city: PresentEntry): 'commune' | 'arrondissement' | 'overseas_collectivity_commune' {
  if (city.type === 'arrondissement-municipal') return 'arrondissement'
  return city.zone === 'com' ? 'overseas_collectivity_commune' : 'commune'
}

async function mergeCities(client: Client, cities: readonly PresentEntry[]): Promise<number> {
  const { rowCount } = await client.query(
    `merge into app_public.cities as t
     using unnest($1::text[], $2::text[], $3::app_base.city_kind[], $4::text[], $5::text[], $6::integer[])
       as s (insee_code, name, kind, department_code, parent_insee_code, population)
       on t.insee_code = s.insee_code
     when matched and (t.name, t.kind, t.department_code, t.parent_insee_code, t.population)
       is distinct from (s.name, s.kind, s.department_code, s.parent_insee_code, s.population) then
       update set name = s.name, kind = s.kind, department_code = s.department_code,
         parent_insee_code = s.parent_insee_code, population = s.population
     when not matched then insert (insee_code, name, kind, department_code, parent_insee_code, population)
       values (s.insee_code, s.name, s.kind, s.department_code, s.parent_insee_code, s.population)
     when not matched by source then delete`,
    [
      cities.map((c) => c.code),
      cities.map((c) => c.nom),
      cities.map(cityKind),
      cities.map((c) => c.departement),
      cities.map((c) => (c.type === 'arrondissement-municipal' ? c.commune : null)),
      cities.map((c) => c.population ?? null),
    ],
  )
  return rowCount ?? 0
}

async function mergePostalCodes(client: Client, cities: readonly PresentEntry[]): Promise<number> {
  const pairs = cities.flatMap((c) => [...new Set(c.codesPostaux)].map((postal) => [postal, c.code] as const))
  const { rowCount } = await client.query(
    `merge into app_public.city_postal_codes as t
     using unnest($1::text[], $2::text[]) as s (postal_code, insee_code)
       on t.postal_code = s.postal_code and t.insee_code = s.insee_code
     when not matched then insert (postal_code, insee_code) values (s.postal_code, s.insee_code)
     when not matched by source then delete`,
    [pairs.map(([postal]) => postal), pairs.map(([, code]) => code)],
  )
  return rowCount ?? 0
}

async function mergeFormerCities(client: Client, former: readonly FormerCity[]): Promise<number> {
  const { rowCount } = await client.query(
    `merge into app_public.former_cities as t
     using unnest($1::text[], $2::text[], $3::app_base.former_city_kind[], $4::text[])
       as s (former_insee_code, insee_code, kind, name)
       on t.former_insee_code = s.former_insee_code
     when matched and (t.insee_code, t.kind, t.name) is distinct from (s.insee_code, s.kind, s.name) then
       update set insee_code = s.insee_code, kind = s.kind, name = s.name
     when not matched then insert (former_insee_code, insee_code, kind, name)
       values (s.former_insee_code, s.insee_code, s.kind, s.name)
     when not matched by source then delete`,
    [
      former.map((f) => f.formerCode),
      former.map((f) => f.code),
      former.map((f) => f.kind),
      former.map((f) => f.name),
    ],
  )
  return rowCount ?? 0
}

// Parents go last, once nothing points at them any more.
async function removeStale(client: Client, { regions, departments }: Decoupage): Promise<number> {
  const removed = await client.query('delete from app_public.departments as d where d.code <> all($1)', [
    departments.map((d) => d.code),
  ])
  const also = await client.query('delete from app_public.regions as r where r.code <> all($1)', [
    regions.map((r) => r.code),
  ])
  return (removed.rowCount ?? 0) + (also.rowCount ?? 0)
}

/**
 * Makes the reference tables say what `data` says, and returns the number of rows written: 0 when they did.
 * Runs inside the caller's transaction.
 */
export async function mergeGeography(client: Client, data: Decoupage): Promise<number> {
  const cities = data.communes.filter(isPresent)
  let written = await mergeRegions(client, data.regions)
  written += await mergeDepartments(client, data.departments)
  written += await mergeCities(client, cities)
  written += await mergePostalCodes(client, cities)
  written += await mergeFormerCities(client, formerCities(data.communes))
  written += await removeStale(client, data)
  // Copies of this database (the tests' template among them) would otherwise be planned blind.
  if (written > 0) {
    await client.query(
      'analyze app_public.regions, app_public.departments, app_public.cities, app_public.city_postal_codes, app_public.former_cities',
    )
  }
  return written
}

/** Regions, departments, communes, arrondissements, postal codes and former codes, from the package. */
export const geography: ReferenceSeed = {
  name: 'geography',
  async hash() {
    const code = await readFile(new URL(import.meta.url), 'utf8')
    return createHash('sha256')
      .update(code)
      .update(await digestDecoupage())
      .digest('hex')
  },
  async merge(client) {
    await mergeGeography(client, await readDecoupage())
  },
}
