import type { CommuneIndex } from './communes.ts'

/** Which shard takes the lines of a commune. A deed lies in one département, so a shard holds whole ones. */
export interface ShardPlan {
  /** Per present commune its shard; `NO_SHARD` while no line of its département was met. */
  shards: Uint8Array
  /** Lines that each shard was given. */
  lines: [number, number]
  /** Gives a commune's département to the shard that has fewer lines so far. */
  assign(commune: number): 0 | 1
}

/** Stands for a département that no line was met of. */
export const NO_SHARD = 2

/**
 * The plan of one import, for all its files. Files come département by département, so that both shards end up with
 * about as many lines and are grouped in about the same time.
 */
export function createShardPlan(communes: CommuneIndex): ShardPlan {
  const shards = new Uint8Array(communes.codes.length).fill(NO_SHARD)
  const lines: [number, number] = [0, 0]
  return {
    shards,
    lines,
    assign(commune) {
      const shard = lines[0] <= lines[1] ? 0 : 1
      const department = communes.departments[commune]
      communes.departments.forEach((code, index) => {
        if (code === department) shards[index] = shard
      })
      return shard
    },
  }
}
