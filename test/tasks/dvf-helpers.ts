import { createRequire } from 'node:module'
import { createCommuneIndex, type KnownCommune } from '../../tasks/lib/dvf/index.ts'

interface Entry {
  code: string
  type: string
  departement?: string
  chefLieu?: string
  commune?: string
  anciensCodes?: string[]
}

/** Every code a line may carry, from the package that the reference geography is made of. */
export function knownCommunes(): KnownCommune[] {
  const entries = createRequire(import.meta.url)(
    '@etalab/decoupage-administratif/data/communes.json',
  ) as Entry[]
  const present = new Map<string, string>()
  const rows: KnownCommune[] = []
  for (const entry of entries) {
    if (entry.type !== 'commune-actuelle' && entry.type !== 'arrondissement-municipal') continue
    present.set(entry.code, entry.departement ?? entry.code.slice(0, entry.code.startsWith('97') ? 3 : 2))
  }
  for (const entry of entries) {
    const presentCode = entry.chefLieu ?? entry.code
    const departmentCode = present.get(presentCode)
    if (departmentCode === undefined) continue
    for (const code of [entry.code, ...(entry.anciensCodes ?? [])])
      rows.push({ code, presentCode, departmentCode })
  }
  return rows
}

export const communes = createCommuneIndex(knownCommunes())
