import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { type ErrorName, errorNames } from './errors.ts'
import { factNames } from './facts.ts'
import { faults } from './faults.ts'
import { habitsByName } from './habits.ts'

const factNameSchema = z.enum(factNames)
const valueSchema = z.union([z.string(), z.number(), z.null()])

/** Some fields of an ad and what they say. */
export const someFactsSchema = z.partialRecord(factNameSchema, valueSchema)

/** Some fields of an ad and what they say. */
export type SomeFacts = z.infer<typeof someFactsSchema>

const errorSchema = z.enum(errorNames as [ErrorName, ...ErrorName[]])

/** What a row of a session truly is. */
export const truthRowSchema = z.strictObject({
  /** The line of the file; the header is line 1. */
  line: z.int(),
  /** What the row says is its key; empty where it says none. */
  key: z.string(),
  /** The home; null where the row is no ad. */
  home: z.int().nullable(),
  /** The night whose ad is shown, where it is not tonight's. */
  asOf: z.int().optional(),
  /** What the row says otherwise than that ad. */
  shown: someFactsSchema.optional(),
  /** Fields of which nobody can tell what the row says. */
  doubtful: z.array(factNameSchema).optional(),
  errors: z.array(errorSchema).optional(),
})

/** What a row of a session truly is. */
export type TruthRow = z.infer<typeof truthRowSchema>

/** What changed in an ad from one night on; the first entry of a home says everything. */
export const truthAdSchema = z.strictObject({ home: z.int(), night: z.int(), facts: someFactsSchema })

/** What changed in an ad from one night on. */
export type TruthAd = z.infer<typeof truthAdSchema>

/** What became of a home, nights counted from 0. */
export const truthHomeSchema = z.strictObject({
  home: z.int(),
  /** Keys the source gave it, each with the night from which it held. */
  keys: z.array(z.strictObject({ key: z.string(), from: z.int() })),
  /** When it was for sale: from a night to the first night when it no longer was. */
  spans: z.array(z.strictObject({ from: z.int(), until: z.int().nullable() })),
  soldAt: z.int().nullable(),
})

/** What became of a home. */
export type TruthHome = z.infer<typeof truthHomeSchema>

/** A session of a listing world. */
export const listingSessionSchema = z.strictObject({
  /** The file, from the world's folder. */
  path: z.string(),
  /** The truth about its rows, from the world's folder. */
  truth: z.string(),
  night: z.int(),
  /** What is wrong with the session as a whole. */
  fault: z.enum(faults).nullable(),
  rows: z.int(),
})

/** A session of a listing world. */
export type ListingSession = z.infer<typeof listingSessionSchema>

/** What a listing world consists of. */
export const listingManifestSchema = z.strictObject({
  seed: z.string(),
  homes: z.int(),
  habits: z.enum(Object.keys(habitsByName) as [keyof typeof habitsByName]),
  /** Communes of the market: the scope of every session. */
  inseeCodes: z.array(z.string()),
  sessions: z.array(listingSessionSchema),
})

/** What a listing world consists of. */
export type ListingManifest = z.infer<typeof listingManifestSchema>

/** Reads what a listing world consists of. */
export async function readListingManifest(folder: string): Promise<ListingManifest> {
  return listingManifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')))
}

async function* readLines<T>(path: string, schema: z.ZodType<T>): AsyncGenerator<T> {
  for await (const line of createInterface({ input: createReadStream(path) })) {
    yield schema.parse(JSON.parse(line))
  }
}

/** The rows of a session as they truly are, in the order of its file. */
export function readTruthRows(folder: string, session: ListingSession): AsyncGenerator<TruthRow> {
  return readLines(join(folder, session.truth), truthRowSchema)
}

/** Every ad and what agents changed in it, in the order of nights. */
export function readTruthAds(folder: string): AsyncGenerator<TruthAd> {
  return readLines(join(folder, 'truth/ads.jsonl'), truthAdSchema)
}

/** What became of every home. */
export function readTruthHomes(folder: string): AsyncGenerator<TruthHome> {
  return readLines(join(folder, 'truth/homes.jsonl'), truthHomeSchema)
}
