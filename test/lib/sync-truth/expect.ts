import { type FactName, type FactValue, factNames } from '../../../seeds/world/listings/facts.ts'
import type { SomeFacts, TruthRow } from '../../../seeds/world/listings/truth.ts'
import { hasChanged, hasLeft, isForSale, saidBy, type WorldMemory } from './memory.ts'

/** A change that the sync of a session is to find. */
export interface Expected {
  key: string
  kind: 'new' | 'updated' | 'likely_removed' | 'removed' | 'reactivated' | 'sold'
  /** Only for `updated`. */
  field: FactName | null
  value: FactValue | undefined
  /** Whether it happened in the world, not only in what the source showed. */
  isTrue: boolean
}

interface Known {
  home: number
  said: SomeFacts
  /** Fields of which nobody can tell what was said last. */
  doubtful: Set<FactName>
  status: 'active' | 'under_offer' | 'sold' | 'likely_removed' | 'removed'
  missed: number
  lastSeen: number
}

/** The homes of one source as it showed them, which is all that a sync can know. */
export interface ShownHomes {
  known: Map<string, Known>
}

/** What a session is to change: what must be found, and fields of which nobody can tell. */
export interface Expectation {
  changes: Expected[]
  /** key, a space, field: may be found changed or not. */
  doubtful: Set<string>
  /** Homes seen, known before. */
  seen: number
  /** Of them, those of which nothing is to be found changed. */
  unchanged: number
}

/** A source of which nothing has been shown. */
export function nothingShown(): ShownHomes {
  return { known: new Map() }
}

/** How absence is judged: complete sessions until a home is likely removed, and until it is removed. */
export interface RemovalRule {
  likelyAfter: number
  removedAfter: number
}

const amounts: ReadonlySet<FactName> = new Set(['price_eur', 'surface_m2', 'land_surface_m2'])

/** Whether a step is so small that it may be below what counts as a change: half a per cent of an amount. */
function isTiny(before: FactValue | undefined, now: FactValue | undefined): boolean {
  if (typeof before !== 'number' || typeof now !== 'number' || before <= 0 || now <= 0) return false
  return before !== now && Math.abs(Math.log(now / before)) < 0.006
}

function rowsByKey(rows: readonly TruthRow[]): Map<string, TruthRow> {
  // The last row that speaks of a home is what the session says of it.
  return new Map(rows.filter(({ key, home }) => key !== '' && home !== null).map((row) => [row.key, row]))
}

/**
 * What the sync of a complete session must find, from what the source showed before and shows now; `shown` is brought
 * up to date. Rows of keys in `keptOut` stand in quarantine: seen, but not applied.
 */
export function expectChanges(
  shown: ShownHomes,
  rows: readonly TruthRow[],
  night: number,
  memory: WorldMemory,
  keptOut: ReadonlySet<string>,
  rule: RemovalRule,
  isComplete: boolean,
): Expectation {
  const expectation: Expectation = { changes: [], doubtful: new Set(), seen: 0, unchanged: 0 }
  const changed = new Set<string>()
  const tell = (
    key: string,
    kind: Expected['kind'],
    isTrue: boolean,
    field: FactName | null = null,
    value?: FactValue,
  ) => {
    expectation.changes.push({ key, kind, field, value, isTrue })
    changed.add(key)
  }
  const seen = rowsByKey(rows)
  const homesKnown = new Set([...shown.known.values()].map(({ home }) => home))
  for (const [key, row] of seen) {
    const home = row.home as number
    const known = shown.known.get(key)
    if (known !== undefined) expectation.seen++
    if (keptOut.has(key)) continue
    const said = saidBy(memory, row, night)
    const doubtful = new Set(row.doubtful)
    if (known === undefined) {
      tell(key, 'new', !homesKnown.has(home) && isForSale(memory, home, row.asOf ?? night))
      shown.known.set(key, {
        home,
        said,
        doubtful,
        status: (said.status ?? 'active') as Known['status'],
        missed: 0,
        lastSeen: night,
      })
      homesKnown.add(home)
      continue
    }
    for (const field of factNames) {
      if (field === 'status') continue
      if (known.doubtful.has(field) || doubtful.has(field)) {
        expectation.doubtful.add(`${key} ${field}`)
        continue
      }
      const [before, now] = [known.said[field], said[field]]
      if (amounts.has(field) && isTiny(before, now)) {
        expectation.doubtful.add(`${key} ${field}`)
        continue
      }
      if (before !== now)
        tell(key, 'updated', hasChanged(memory, home, night, field, before, now), field, now)
    }
    tellStatus(known, said, doubtful)
    known.said = said
    known.doubtful = doubtful
    known.missed = 0
    known.lastSeen = night

    function tellStatus(was: Known, now: SomeFacts, unclear: Set<FactName>): void {
      if (unclear.has('status') || was.doubtful.has('status')) {
        was.status = (now.status ?? 'active') as Known['status']
        expectation.doubtful.add(`${key} status`)
        return
      }
      const status = (now.status ?? 'active') as Known['status']
      if (status === was.status) return
      if (status === 'sold') tell(key, 'sold', (memory.homes.get(home)?.soldAt ?? Infinity) <= night)
      else if (was.status === 'likely_removed' || was.status === 'removed') {
        tell(key, 'reactivated', hasLeft(memory, home, was.lastSeen, night))
      } else
        tell(key, 'updated', hasChanged(memory, home, night, 'status', was.status, status), 'status', status)
      was.status = status
    }
  }
  if (isComplete) {
    for (const [key, known] of shown.known) {
      if (seen.has(key) || known.status === 'sold' || known.status === 'removed') continue
      known.missed++
      if (known.doubtful.has('insee_code')) {
        // Whether it lies inside the scope depends on what was made of its city.
        expectation.doubtful.add(`${key} status`)
        known.doubtful.add('status')
        continue
      }
      const isGone = !isForSale(memory, known.home, night)
      if (known.missed >= rule.removedAfter) {
        tell(key, 'removed', isGone)
        known.status = 'removed'
      } else if (known.missed >= rule.likelyAfter && known.status !== 'likely_removed') {
        tell(key, 'likely_removed', isGone)
        known.status = 'likely_removed'
      }
    }
  }
  expectation.unchanged = [...seen.keys()].filter((key) => shown.known.has(key) && !changed.has(key)).length
  return expectation
}
