import { errorClasses } from '../../../seeds/world/listings/errors.ts'
import type { SomeFacts, TruthRow } from '../../../seeds/world/listings/truth.ts'
import { noTally, type Tally } from './figures.ts'
import { adOf, type WorldMemory } from './memory.ts'
import type { Failure } from './session.ts'

/** How far rules found the rows that are wrong, and only those. */
export interface RuleFigures {
  /** By error class: rows that are wrong, and of them those a default rule failed or that were read right all the same. */
  classes: Map<string, Tally>
  /** Rows that a default rule other than a comparison with peers failed, and of them those that are wrong. */
  alarms: Tally
  /** Rows that a comparison with peers failed, and of them those that are wrong. */
  outliers: Tally
}

const peerTypes = new Set(['peer_outlier', 'zscore', 'rate_of_change'])

/** Nothing judged yet. */
export function noRuleFigures(): RuleFigures {
  return { classes: new Map(), alarms: noTally(), outliers: noTally() }
}

/** The last row of each key whose class is hard or soft, with the class. */
function plantedRows(rows: ReadonlyMap<string, TruthRow>): [string, TruthRow, keyof typeof errorClasses][] {
  return [...rows].flatMap(([key, row]) =>
    (row.errors ?? [])
      .filter((name) => errorClasses[name].kind !== 'counted')
      .map((name): [string, TruthRow, keyof typeof errorClasses] => [key, row, name]),
  )
}

/** Keys whose rows nobody but a rule can have kept, with the last row of each. */
export function lastRows(rows: readonly TruthRow[]): Map<string, TruthRow> {
  return new Map(rows.filter(({ key }) => key !== '').map((row) => [row.key, row]))
}

/** Keys of which some row is wrong; a twin is right in all it says. */
export function keysOfWrongRows(rows: readonly TruthRow[]): Set<string> {
  return new Set(rows.filter(({ errors }) => errors?.some((name) => name !== 'twin')).map(({ key }) => key))
}

/**
 * Compares what the rules of a session failed with what is wrong in its rows; `staged` tells how a row was read, for
 * rows that a careful reader may read right although they are wrong (two prices in one field).
 */
export function judgeRules(
  rows: ReadonlyMap<string, TruthRow>,
  wrongKeys: ReadonlySet<string>,
  failures: readonly Failure[],
  staged: ReadonlyMap<string, Record<string, unknown>>,
  memory: WorldMemory,
  night: number,
  label: string,
): RuleFigures {
  const figures = noRuleFigures()
  const failed = new Map<string, Failure[]>()
  for (const failure of failures) {
    if (failure.key === null || !failure.isDefault) continue
    failed.set(failure.key, [...(failed.get(failure.key) ?? []), failure])
  }
  for (const [key, row, name] of plantedRows(rows)) {
    const tally = figures.classes.get(name) ?? noTally()
    figures.classes.set(name, tally)
    tally.due++
    const fields: readonly string[] = errorClasses[name].fields
    const isCaught = (failed.get(key) ?? []).some(({ column }) => column === null || fields.includes(column))
    const ad = row.home === null ? {} : { ...adOf(memory, row.home, row.asOf ?? night), ...row.shown }
    if (isCaught || isReadRight(fields, staged.get(key), ad)) {
      tally.given++
      tally.right++
    } else tally.wrong.push(`${label}: ${name} of ${key} passes: ${JSON.stringify(staged.get(key) ?? null)}`)
  }
  for (const [key, all] of failed) {
    const row = rows.get(key)
    const isWrong = wrongKeys.has(key)
    const isPeer = ({ type }: Failure): boolean => peerTypes.has(type)
    // An alarm is one however many nights the row stays as it is.
    const fresh = all.filter((one) => !one.isInherited)
    const hard = fresh.filter((one) => !isPeer(one) && one.severity !== 'info')
    if (hard.length > 0)
      tell(figures.alarms, isWrong, `${label}: ${key} fails ${hard.map(({ rule }) => rule)}`)
    if (fresh.some((one) => isPeer(one) && one.type !== 'rate_of_change')) {
      const isOff = isWrong || row?.shown?.price_eur !== undefined || row?.shown?.surface_m2 !== undefined
      tell(figures.outliers, isOff, `${label}: ${key} fails ${fresh.filter(isPeer).map(({ rule }) => rule)}`)
    }
  }
  return figures
}

function tell(tally: Tally, isRight: boolean, example: string): void {
  tally.given++
  if (isRight) tally.right++
  else if (tally.wrong.length < 20) tally.wrong.push(example)
}

function isReadRight(
  fields: readonly string[],
  row: Record<string, unknown> | undefined,
  ad: SomeFacts,
): boolean {
  if (row === undefined || fields.length === 0) return false
  const facts: Record<string, unknown> = ad
  return fields.every((field) => {
    const [read, meant] = [row[field] ?? null, facts[field] ?? null]
    return typeof meant === 'number' && read !== null ? Math.abs(Number(read) - meant) < 0.01 : read === meant
  })
}
