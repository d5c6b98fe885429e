import type { Expectation, Expected } from './expect.ts'

/** A change as the sync recorded it. */
export interface Found {
  key: string
  kind: string
  field: string | null
  value: unknown
  batch: string
  ordinal: number
  confidence: number | null
}

/** How what was found compares with what was due, for one sort of things. */
export interface Tally {
  due: number
  given: number
  right: number
  /** Some of what is wrong, in words. */
  wrong: string[]
}

/** Nothing compared yet. */
export function noTally(): Tally {
  return { due: 0, given: 0, right: 0, wrong: [] }
}

/** Right of given; 1 where nothing was given. */
export function precisionOf({ given, right }: Tally): number {
  return given === 0 ? 1 : right / given
}

/** Right of due; 1 where nothing was due. */
export function recallOf({ due, right }: Tally): number {
  return due === 0 ? 1 : right / due
}

/** Adds one tally to another; of what is wrong the first twenty are kept. */
export function addTally(sum: Tally, more: Tally): void {
  sum.due += more.due
  sum.given += more.given
  sum.right += more.right
  sum.wrong.push(...more.wrong.slice(0, 20 - sum.wrong.length))
}

// Fields whose value a reader may rightly write otherwise than the source did, or whose values the audit digests.
const rewritten = new Set(['address', 'city_name', 'property_url', 'contact_phone', 'contact_email'])

function isSameValue({ field, value }: Expected, found: unknown): boolean {
  if (field === null || rewritten.has(field)) return true
  const expected = value ?? null
  if (typeof expected === 'number' && found !== null) return Math.abs(Number(found) - expected) < 0.01
  return expected === found
}

const nameOf = (key: string, kind: string, field: string | null): string =>
  kind === 'updated' ? `${key} updated ${field}` : `${key} ${kind}`

/** A change that was recorded and is due, with whether it happened. */
export interface Outcome {
  batch: string
  ordinal: number
  isTrue: boolean
  confidence: number | null
  sort: string
}

/** What the comparison of one session came to. */
export interface Classified {
  /** By kind of change; `unchanged` counts homes. */
  tallies: Map<string, Tally>
  outcomes: Outcome[]
  /** Changes found in fields of which nobody can tell. */
  tolerated: number
}

/** Compares the changes a session recorded with those it is to have found. `label` names the session in examples. */
export function classify(expectation: Expectation, found: readonly Found[], label: string): Classified {
  const tallies = new Map<string, Tally>()
  const tally = (kind: string): Tally => {
    const known = tallies.get(kind) ?? noTally()
    tallies.set(kind, known)
    return known
  }
  const due = new Map(
    expectation.changes.map((change) => [nameOf(change.key, change.kind, change.field), change]),
  )
  const outcomes: Outcome[] = []
  const changedKeys = new Set<string>()
  let tolerated = 0
  for (const { kind } of expectation.changes) tally(kind).due++
  const wrong = (kind: string, text: string): void => {
    const { wrong: list } = tally(kind)
    if (list.length < 20) list.push(`${label}: ${text}`)
  }
  for (const change of found) {
    const name = nameOf(change.key, change.kind, change.field)
    const expected = due.get(name)
    if (expected === undefined && expectation.doubtful.has(`${change.key} ${change.field ?? 'status'}`)) {
      tolerated++
      continue
    }
    tally(change.kind).given++
    changedKeys.add(change.key)
    if (expected === undefined) wrong(change.kind, `${name} = ${JSON.stringify(change.value)} is not due`)
    else if (!isSameValue(expected, change.value)) {
      wrong(change.kind, `${name} = ${JSON.stringify(change.value)}, due ${JSON.stringify(expected.value)}`)
      due.delete(name)
    } else {
      tally(change.kind).right++
      due.delete(name)
      outcomes.push({
        batch: change.batch,
        ordinal: change.ordinal,
        isTrue: expected.isTrue,
        confidence: change.confidence,
        sort: change.kind === 'updated' ? `updated ${change.field}` : change.kind,
      })
    }
  }
  for (const [name, { kind, value }] of due) wrong(kind, `${name} = ${JSON.stringify(value)} is missing`)
  return { tallies, outcomes, tolerated }
}
