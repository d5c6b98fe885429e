import type { FactName, FactValue } from '../../../seeds/world/listings/facts.ts'
import {
  readTruthAds,
  readTruthHomes,
  type SomeFacts,
  type TruthHome,
  type TruthRow,
} from '../../../seeds/world/listings/truth.ts'

/** Everything that really happened in a listing world, by home. */
export interface WorldMemory {
  homes: ReadonlyMap<number, TruthHome>
  /** What each ad said, from which night on, oldest first. */
  ads: ReadonlyMap<number, readonly { night: number; facts: SomeFacts }[]>
}

/** Reads what really happened. */
export async function readMemory(folder: string): Promise<WorldMemory> {
  const homes = new Map<number, TruthHome>()
  for await (const home of readTruthHomes(folder)) homes.set(home.home, home)
  const ads = new Map<number, { night: number; facts: SomeFacts }[]>()
  for await (const { home, night, facts } of readTruthAds(folder)) {
    const known = ads.get(home)
    if (known === undefined) ads.set(home, [{ night, facts }])
    else known.push({ night, facts: { ...known.at(-1)?.facts, ...facts } })
  }
  return { homes, ads }
}

/** What an ad said that night. */
export function adOf(memory: WorldMemory, home: number, night: number): SomeFacts {
  return memory.ads.get(home)?.findLast((ad) => ad.night <= night)?.facts ?? {}
}

/** What a row says: the ad it shows, with what it says otherwise. */
export function saidBy(memory: WorldMemory, row: TruthRow, night: number): SomeFacts {
  return row.home === null ? {} : { ...adOf(memory, row.home, row.asOf ?? night), ...row.shown }
}

/** Whether a home was for sale that night. */
export function isForSale(memory: WorldMemory, home: number, night: number): boolean {
  const spans = memory.homes.get(home)?.spans ?? []
  return spans.some(({ from, until }) => from <= night && (until === null || night < until))
}

/** Whether a home left the market after one night and not later than another. */
export function hasLeft(memory: WorldMemory, home: number, after: number, by: number): boolean {
  const spans = memory.homes.get(home)?.spans ?? []
  return spans.some(({ until }) => until !== null && until > after && until <= by)
}

/** Whether the ad went from one value of a field to another, which it has that night. */
export function hasChanged(
  memory: WorldMemory,
  home: number,
  night: number,
  field: FactName,
  from: FactValue | undefined,
  to: FactValue | undefined,
): boolean {
  if (adOf(memory, home, night)[field] !== to) return false
  return (memory.ads.get(home) ?? []).some((ad) => ad.night <= night && ad.facts[field] === from)
}
