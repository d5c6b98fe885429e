import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { faults } from '../../../seeds/world/listings/faults.ts'
import { generateListings, type ListingOptions } from '../../../seeds/world/listings/generate.ts'
import { type HabitsName, habitsByName } from '../../../seeds/world/listings/habits.ts'
import { addSyncTruth, noSyncTruth, runSyncTruth, type SyncTruth } from './run.ts'

/** Where worlds are synced, and who is told how it goes. */
export interface WorldsOptions {
  url: string
  log: Logger
  signal?: AbortSignal | undefined
  say?: ((text: string) => void) | undefined
}

/** All habits, in turn. */
export const allHabits = Object.keys(habitsByName) as HabitsName[]

/** Generates one listing world, syncs it as a source of its own, and compares it with its truth. */
export async function syncWorld(
  code: string,
  world: Omit<ListingOptions, 'folder'>,
  options: WorldsOptions,
): Promise<SyncTruth> {
  const folder = await mkdtemp(join(tmpdir(), 'parcelle-listings-'))
  try {
    await generateListings({ ...world, folder })
    return await runSyncTruth({ ...options, folder, source: code })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Syncs so many worlds in which every sound session but the first is preceded by a faulty one, ten to a world; habits
 * take turns, and so does the order of the faults.
 */
export async function syncFaultyWorlds(
  count: number,
  homes: number,
  seed: string,
  options: WorldsOptions,
): Promise<SyncTruth> {
  const sum = noSyncTruth()
  for (let i = 0; i < count; i++) {
    const habits = allHabits[i % allHabits.length] as HabitsName
    const turn = (i * 3) % faults.length
    const world = {
      homes,
      sessions: faults.length + 1,
      seed: `${seed}-${i}`,
      habits,
      faultEvery: 1,
      faults: [...faults.slice(turn), ...faults.slice(0, turn)],
    }
    addSyncTruth(sum, await syncWorld(`faulty-${i}`, world, options))
  }
  return sum
}
