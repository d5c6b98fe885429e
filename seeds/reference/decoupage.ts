import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { z } from 'zod'

const resolve = createRequire(import.meta.url).resolve

const zone = z.enum(['metro', 'drom', 'com'])

const region = z.object({ code: z.string(), nom: z.string(), zone })

const department = z.object({ code: z.string(), nom: z.string(), region: z.string(), zone })

const commune = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('commune-actuelle'),
    code: z.string(),
    nom: z.string(),
    zone,
    departement: z.string(),
    population: z.number().int().nonnegative().optional(),
    codesPostaux: z.array(z.string()).default([]),
    anciensCodes: z.array(z.string()).default([]),
  }),
  z.object({
    type: z.literal('arrondissement-municipal'),
    code: z.string(),
    nom: z.string(),
    departement: z.string(),
    commune: z.string(),
    population: z.number().int().nonnegative().optional(),
    codesPostaux: z.array(z.string()).default([]),
  }),
  z.object({
    type: z.enum(['commune-deleguee', 'commune-associee']),
    code: z.string(),
    nom: z.string(),
    chefLieu: z.string(),
  }),
])

/** One entry of the package's `regions.json`, under its official field names. */
export type RegionEntry = z.infer<typeof region>
/** One entry of `departements.json`. */
export type DepartmentEntry = z.infer<typeof department>
/** One entry of `communes.json`: present communes, arrondissements, delegated and associated communes. */
export type CommuneEntry = z.infer<typeof commune>

/** The three files of `@etalab/decoupage-administratif` that the reference geography is made of. */
export interface Decoupage {
  readonly regions: readonly RegionEntry[]
  readonly departments: readonly DepartmentEntry[]
  readonly communes: readonly CommuneEntry[]
}

const files = ['regions', 'departements', 'communes'] as const

async function readData(file: (typeof files)[number]): Promise<string> {
  return readFile(resolve(`@etalab/decoupage-administratif/data/${file}.json`), 'utf8')
}

/**
 * Reads the package's files and checks their shape.
 * Throws a ZodError naming the entry when a later version of the package has changed it.
 */
export async function readDecoupage(): Promise<Decoupage> {
  const [regions, departments, communes] = await Promise.all(
    files.map(async (file) => JSON.parse(await readData(file)) as unknown),
  )
  return {
    regions: z.array(region).parse(regions),
    departments: z.array(department).parse(departments),
    communes: z.array(commune).parse(communes),
  }
}

/** A digest of the three files' contents, so that a new version of the package is merged by the next deploy. */
export async function digestDecoupage(): Promise<string> {
  const digest = createHash('sha256')
  for (const file of files) digest.update(await readData(file))
  return digest.digest('hex')
}
