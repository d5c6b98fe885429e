import { z } from 'zod'
import { type ErrorName, errorClasses } from '../../seeds/world/listings/errors.ts'
import { createLog } from '../../server/log.ts'
import { type Calibration, calibrate } from '../lib/sync-truth/calibrate.ts'
import { addTally, noTally, precisionOf, recallOf, type Tally } from '../lib/sync-truth/figures.ts'
import { addSyncTruth, noSyncTruth, type SyncTruth } from '../lib/sync-truth/run.ts'
import { syncFaultyWorlds } from '../lib/sync-truth/worlds.ts'
import { type BenchContext, withFreshDatabase } from './imports.ts'

/** One figure of the comparison of syncs with the simulated market, and what it must reach or not exceed. */
export const syncTruthFindingSchema = z.object({
  bench: z.literal('sync-truth'),
  case: z.string(),
  value: z.number(),
  bar: z.number(),
  /** Whether the value must be at least or at most the bar. */
  must_be: z.enum(['at least', 'at most']),
  /** Changes, rows or sessions compared. */
  rows: z.int(),
})

/** One figure of the comparison of syncs with the simulated market. */
export type SyncTruthFinding = z.infer<typeof syncTruthFindingSchema>

/** Whether a figure misses its bar. */
export function missesBar({
  value,
  bar,
  must_be,
}: Pick<SyncTruthFinding, 'value' | 'bar' | 'must_be'>): boolean {
  return must_be === 'at least' ? value < bar : value > bar
}

/** Faulty sessions of the bench: ten of each of ten kinds, in worlds of every habit. */
const faultyWorlds = 20
const faultyHomes = 300
/** Worlds to fit on, and as many others to measure on: of each habit so many, of such a size. */
const size = { seeds: 3, homes: 4000, sessions: 20 }
/** A bin says something from so many changes on. */
const binLeast = 1000

type Tell = (finding: SyncTruthFinding) => void

function teller(tell: Tell, say: (text: string) => void) {
  const round = (value: number): number => Math.round(value * 1e5) / 1e5
  const give =
    (must_be: SyncTruthFinding['must_be']) => (name: string, value: number, bar: number, rows: number) =>
      tell({ bench: 'sync-truth', case: name, value: round(value), bar, must_be, rows })
  const both = (name: string, tally: Tally, bar: number): void => {
    for (const wrong of tally.wrong.slice(0, 5)) say(`${name}: ${wrong}`)
    give('at least')(`${name}: precision`, precisionOf(tally), bar, tally.given)
    give('at least')(`${name}: recall`, recallOf(tally), bar, tally.due)
  }
  return { atLeast: give('at least'), atMost: give('at most'), both }
}

function tellTruth(truth: SyncTruth, tell: Tell, say: (text: string) => void): void {
  const { atLeast, atMost, both } = teller(tell, say)
  const all = noTally()
  for (const [kind, tally] of truth.changes) {
    both(kind, tally, 0.999)
    addTally(all, tally)
  }
  both('all changes', all, 0.999)
  const { classes, alarms, outliers } = truth.rules
  const ofKind = (kind: string): Tally => {
    const sum = noTally()
    for (const [name, tally] of classes)
      if (errorClasses[name as ErrorName].kind === kind) addTally(sum, tally)
    for (const wrong of sum.wrong.slice(0, 5)) say(wrong)
    return sum
  }
  const [hard, soft] = [ofKind('hard'), ofKind('soft')]
  atLeast('hard rules: recall', recallOf(hard), 1, hard.due)
  for (const wrong of alarms.wrong) say(`false alarm: ${wrong}`)
  atMost('hard rules: false alarms', alarms.given - alarms.right, 0, alarms.given)
  for (const wrong of outliers.wrong) say(`outlier that is none: ${wrong}`)
  atLeast('peer outliers: precision', precisionOf(outliers), 0.95, outliers.given)
  atLeast('prices tenfold or a tenth: recall', recallOf(soft), 0.95, soft.due)
  for (const removal of truth.falseRemovals) say(`false removal: ${removal}`)
  atMost('false removals in faulty sessions', truth.falseRemovals.length, 0, truth.faultySessions)
  for (const hold of truth.falseHolds) say(`held without need: ${hold}`)
  atMost('sound sessions held', truth.falseHolds.length, 0, truth.sessions - truth.faultySessions)
  for (const [fault, count] of truth.faults) say(`${fault}: ${count}`)
}

function tellCalibration(
  { fit, bins, all, doubted }: Calibration,
  tell: Tell,
  say: (text: string) => void,
): void {
  const { atLeast, atMost } = teller(tell, say)
  say(`fitted on ${fit.outcome_count} outcomes: Brier ${fit.brier_before} before, ${fit.brier_after} after`)
  let judged = 0
  for (const { bin_no, change_count, said, true_share, difference } of bins) {
    say(`bin ${bin_no}: ${change_count} changes, said ${said}, true ${true_share}, difference ${difference}`)
    if (bin_no === null || bin_no < 6 || change_count < binLeast) continue
    judged++
    const name = `calibration from ${(bin_no - 1) / 10}: |said - true|`
    atMost(name, Math.abs(difference), 0.02, change_count)
  }
  atLeast('calibration: bins from 0.5 up with a thousand changes', judged, 5, all.change_count)
  atMost('calibration: Brier score', all.brier, 0.25, all.change_count)
  atLeast('changes whose confidence is below 0.7', doubted, 0.05, all.change_count)
}

/**
 * Syncs simulated listing sources and compares what the database found, caught, held and believed with what they showed
 * and what really happened. Confidences are fitted on some seeds and measured on others, all of which also count for the
 * changes and the rules; then come 200 faulty sessions.
 */
export async function benchSyncTruth(context: BenchContext & { tell: Tell }): Promise<void> {
  const { say, signal, tell } = context
  const log = createLog({ logLevel: 'warn', serverPassword: undefined })
  const truth = noSyncTruth()
  const calibration = await withFreshDatabase(context, 'bench_calibration', (url) =>
    calibrate(size, { url, log, signal, say }),
  )
  addSyncTruth(truth, calibration.truth)
  addSyncTruth(
    truth,
    await withFreshDatabase(context, 'bench_faulty', (url) =>
      syncFaultyWorlds(faultyWorlds, faultyHomes, 'bench', { url, log, signal, say }),
    ),
  )
  tellTruth(truth, tell, say)
  tellCalibration(calibration, tell, say)
}
