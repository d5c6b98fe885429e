import type pg from 'pg'
import { DeployError, isDatabaseError } from './error.ts'
import { sha256 } from './files.ts'

/**
 * Rows the code relies on. `hash` changes whenever what `merge` would write changes; `merge` runs inside the deploy's
 * transaction and writes nothing where nothing differs.
 */
export type Reference = {
  readonly name: string
  hash(): string | Promise<string>
  merge(client: pg.Client): Promise<unknown>
}

/** A seed with the path and hash it is recorded under. */
export type Seed = { path: string; hash: string; reference: Reference }

/** Works out under which path and hash each reference seed is recorded. */
export async function readSeeds(references: readonly Reference[]): Promise<Seed[]> {
  const seeds: Seed[] = []
  for (const reference of references) {
    seeds.push({
      path: `seeds/reference/${reference.name}`,
      hash: sha256(await reference.hash()),
      reference,
    })
  }
  return seeds
}

/** Merges each seed inside the open transaction. Throws DeployError naming the seed. */
export async function mergeSeeds(client: pg.Client, seeds: Seed[]): Promise<void> {
  for (const { path, reference } of seeds) {
    try {
      await reference.merge(client)
    } catch (error) {
      if (!isDatabaseError(error)) throw error
      throw new DeployError(error.message, {
        code: error.code,
        detail: error.detail,
        hint: error.hint,
        file: path,
        cause: error,
      })
    }
  }
}
