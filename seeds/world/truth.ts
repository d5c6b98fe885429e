import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'

/** The forms a release is written in; `restricted` is a small extract of release A with its references. */
export const forms = ['geo', 'raw', 'restricted'] as const

/** One of the forms a release is written in. */
export type Form = (typeof forms)[number]

const runs = z.array(z.tuple([z.int(), z.int(), z.int()]))

const dispositionSchema = z.object({
  number: z.int(),
  price: z.number().nullable(),
  geo: runs,
  raw: runs,
  restricted: runs.optional(),
})

/** A mutation as it truly is in one release; see `seeds/world/README.md` for every field. */
export const truthMutationSchema = z.object({
  id: z.int(),
  date: z.string(),
  nature: z.string(),
  department: z.string(),
  price: z.number().nullable(),
  partial: z.boolean(),
  decidable: z.boolean(),
  case: z.enum(['U1', 'U2', 'U3', 'U4']).optional(),
  set: z.int().optional(),
  houses: z.int(),
  flats: z.int(),
  annexes: z.int(),
  commercial: z.int(),
  countCertain: z.boolean(),
  dispositions: z.array(dispositionSchema),
})

/** A mutation as it truly is in one release. */
export type TruthMutation = z.infer<typeof truthMutationSchema>

const changeSchema = z.object({
  field: z.enum(['price', 'date', 'built_surface', 'rooms', 'type', 'street_number', 'parcel', 'nature']),
  disposition: z.int().optional(),
  old: z.union([z.string(), z.number()]),
  new: z.union([z.string(), z.number()]),
})

/** What release B does to one mutation; mutations that it leaves alone have no step. */
export const truthStepSchema = z.discriminatedUnion('kind', [
  z.object({ id: z.int(), kind: z.literal('added'), why: z.enum(['late', 'new-month']) }),
  z.object({
    id: z.int(),
    kind: z.literal('corrected'),
    decidable: z.boolean(),
    set: z.int().optional(),
    changes: z.array(changeSchema),
  }),
  z.object({ id: z.int(), kind: z.literal('withdrawn') }),
  z.object({ id: z.int(), kind: z.literal('merged'), from: z.string(), to: z.string() }),
])

/** What release B does to one mutation. */
export type TruthStep = z.infer<typeof truthStepSchema>

/** A planted line that nobody can read. */
export const badLineSchema = z.object({
  release: z.enum(['A', 'B']),
  form: z.enum(forms),
  file: z.int(),
  line: z.int(),
  reason: z.enum(['few-fields', 'many-fields', 'impossible-date', 'bad-number', 'unknown-commune']),
  text: z.string(),
})

/** A planted line that nobody can read. */
export type BadLine = z.infer<typeof badLineSchema>

const fileSchema = z.object({
  form: z.enum(forms),
  /** Relative to the world's folder. */
  path: z.string(),
  /** Lines after the header, the bad ones included. */
  lines: z.int(),
  bad: z.int(),
  newline: z.enum(['lf', 'crlf']),
  finalNewline: z.boolean(),
})

const releaseSchema = z.object({
  code: z.enum(['A', 'B']),
  /** Readable lines, the same in both forms. */
  lines: z.int(),
  mutations: z.int(),
  undecidable: z.int(),
  /** Truth files point into this list: a run is [file, first line, number of lines]. */
  files: z.array(fileSchema),
})

/** What a world consists of: `manifest.json` in its folder. */
export const worldManifestSchema = z.object({
  format: z.literal(1),
  lines: z.int(),
  seed: z.string(),
  communes: z.int(),
  releases: z.array(releaseSchema),
  steps: z.record(z.string(), z.int()),
  cases: z.record(z.string(), z.int()),
  truth: z.object({
    mutations: z.object({ A: z.string(), B: z.string() }),
    steps: z.string(),
    badLines: z.string(),
  }),
})

/** What a world consists of. */
export type WorldManifest = z.infer<typeof worldManifestSchema>

/** A file of a release, as the manifest lists it. */
export type WorldFile = z.infer<typeof fileSchema>

/** Reads a world's manifest; throws when the folder has none or it is not one. */
export async function readManifest(folder: string): Promise<WorldManifest> {
  return worldManifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')))
}

async function* records<T>(path: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  for await (const line of createInterface({ input: createReadStream(path, 'utf8') })) {
    if (line !== '') yield schema.parse(JSON.parse(line))
  }
}

/** The true mutations of a release, one after the other in the order of the files. */
export function readMutations(folder: string, release: 'A' | 'B'): AsyncGenerator<TruthMutation> {
  return records(join(folder, 'truth', `mutations-${release}.jsonl`), truthMutationSchema)
}

/** What release B adds, corrects, withdraws and merges, one after the other. */
export function readSteps(folder: string): AsyncGenerator<TruthStep> {
  return records(join(folder, 'truth', 'steps.jsonl'), truthStepSchema)
}

/** The lines planted to be rejected, one after the other. */
export function readBadLines(folder: string): AsyncGenerator<BadLine> {
  return records(join(folder, 'truth', 'bad-lines.jsonl'), badLineSchema)
}
