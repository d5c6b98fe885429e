import { join } from 'node:path'
import pg from 'pg'
import type { Logger } from 'pino'
import {
  type ListingManifest,
  type ListingSession,
  readListingManifest,
  readTruthRows,
} from '../../../seeds/world/listings/truth.ts'
import { stageFiles } from '../../../tasks/stage_file.ts'
import { expectChanges, nothingShown, type RemovalRule, type ShownHomes } from './expect.ts'
import { addTally, classify, noTally, type Outcome, type Tally } from './figures.ts'
import { isForSale, readMemory, type WorldMemory } from './memory.ts'
import { judgeRules, keysOfWrongRows, lastRows, noRuleFigures, type RuleFigures } from './rules.ts'
import {
  makeSource,
  readSession,
  readStaged,
  removalRule,
  type SyncedSession,
  syncSession,
} from './session.ts'

/** What syncing a listing world and comparing it with its truth came to. */
export interface SyncTruth {
  /** Rows staged. */
  rows: number
  sessions: number
  faultySessions: number
  /** By kind of change. */
  changes: Map<string, Tally>
  /** Changes in fields of which nobody can tell what a wrong row says. */
  tolerated: number
  rules: RuleFigures
  /** What faulty sessions took away although it stands. */
  falseRemovals: string[]
  /** Faulty sessions by what became of them. */
  faults: Map<string, number>
  /** Sound sessions that were held. */
  falseHolds: string[]
  outcomes: Outcome[]
}

/** Where a world is synced. */
export interface SyncTruthOptions {
  url: string
  folder: string
  /** Code of the source that is made for it. */
  source: string
  log: Logger
  signal?: AbortSignal | undefined
  /** Called after each session with its label and what became of it. */
  say?: ((text: string) => void) | undefined
}

interface Run {
  client: pg.Client
  options: SyncTruthOptions
  manifest: ListingManifest
  memory: WorldMemory
  rule: RemovalRule
  shown: ShownHomes
  truth: SyncTruth
}

/** Nothing compared yet. */
export function noSyncTruth(): SyncTruth {
  return {
    rows: 0,
    sessions: 0,
    faultySessions: 0,
    changes: new Map(),
    tolerated: 0,
    rules: noRuleFigures(),
    falseRemovals: [],
    faults: new Map(),
    falseHolds: [],
    outcomes: [],
  }
}

/** Adds what one world came to to the sum of several. */
export function addSyncTruth(sum: SyncTruth, more: SyncTruth): void {
  sum.rows += more.rows
  sum.sessions += more.sessions
  sum.faultySessions += more.faultySessions
  sum.tolerated += more.tolerated
  addTallies(sum.changes, more.changes)
  addRules(sum.rules, more.rules)
  sum.falseRemovals.push(...more.falseRemovals)
  for (const [fault, count] of more.faults) sum.faults.set(fault, (sum.faults.get(fault) ?? 0) + count)
  sum.falseHolds.push(...more.falseHolds)
  // One by one: there are more than a call takes arguments.
  for (const outcome of more.outcomes) sum.outcomes.push(outcome)
}

function addTallies(sum: Map<string, Tally>, more: ReadonlyMap<string, Tally>): void {
  for (const [name, tally] of more) {
    const known = sum.get(name) ?? noTally()
    sum.set(name, known)
    addTally(known, tally)
  }
}

function addRules(sum: RuleFigures, more: RuleFigures): void {
  addTallies(sum.classes, more.classes)
  addTally(sum.alarms, more.alarms)
  addTally(sum.outliers, more.outliers)
}

/** Stages and syncs every session of a listing world as one source and compares what comes of it with the truth. */
export async function runSyncTruth(options: SyncTruthOptions): Promise<SyncTruth> {
  const client = new pg.Client({ connectionString: options.url })
  await client.connect()
  try {
    const manifest = await readListingManifest(options.folder)
    await makeSource(client, options.source, `${manifest.habits} ${manifest.seed}`)
    const run: Run = {
      client,
      options,
      manifest,
      memory: await readMemory(options.folder),
      rule: await removalRule(client, options.source),
      shown: nothingShown(),
      truth: noSyncTruth(),
    }
    for (const [index, session] of manifest.sessions.entries()) {
      options.signal?.throwIfAborted()
      await runOne(
        run,
        session,
        `${options.source} ${String(index + 1)}${session.fault ? ` ${session.fault}` : ''}`,
      )
    }
    return run.truth
  } finally {
    await client.end()
  }
}

async function runOne(run: Run, session: ListingSession, label: string): Promise<void> {
  const { client, manifest, memory, options, truth } = run
  const rows = await Array.fromAsync(readTruthRows(options.folder, session))
  const begun = performance.now()
  const staged = await stageFiles({
    url: options.url,
    log: options.log,
    paths: [join(options.folder, session.path)],
    source: options.source,
    name: label,
    inseeCodes: manifest.inseeCodes,
    isComplete: true,
  })
  let synced = await syncSession(client, staged.sessionId)
  truth.rows += rows.length
  truth.sessions++
  const took = Math.round(performance.now() - begun)
  options.say?.(`${label}: ${synced.status} in ${took} ms ${synced.heldReasons.join('; ')}`)

  if (session.fault !== null) {
    truth.faultySessions++
    const became = synced.status === 'held' ? 'held' : synced.isComplete ? 'applied' : 'applied, not complete'
    const name = `${session.fault}: ${became}`
    truth.faults.set(name, (truth.faults.get(name) ?? 0) + 1)
    noteFalseRemovals(run, session, synced, label)
    if (synced.status === 'held') {
      await client.query('select app_public.reject_session($1)', [synced.id])
      return
    }
  } else if (synced.status === 'held') {
    truth.falseHolds.push(`${label}: ${synced.heldReasons.join('; ')}`)
    await client.query('select app_public.accept_session($1)', [synced.id])
    synced = await readSession(client, synced.id)
  }
  if (synced.status !== 'completed') throw new Error(`${label} is ${synced.status}`)

  const last = lastRows(rows)
  if (session.fault === null) {
    const wrongKeys = [...last].filter(([, row]) => row.errors !== undefined).map(([key]) => key)
    const read = await readStaged(client, synced.id, wrongKeys)
    addRules(
      truth.rules,
      judgeRules(last, keysOfWrongRows(rows), synced.failures, read, memory, session.night, label),
    )
  }
  const expectation = expectChanges(
    run.shown,
    rows,
    session.night,
    memory,
    synced.keptOut,
    run.rule,
    synced.isComplete,
  )
  const { tallies, outcomes, tolerated } = classify(expectation, synced.found, label)
  addTallies(truth.changes, tallies)
  truth.tolerated += tolerated
  // To its first session everything is new, which says nothing of what a new home is worth.
  if (truth.sessions > 1) for (const outcome of outcomes) truth.outcomes.push(outcome)
}

/** Notes what a faulty session took away although its ad stands: any removal, and doubts about more than one in five. */
function noteFalseRemovals(run: Run, session: ListingSession, synced: SyncedSession, label: string): void {
  const { memory, shown, truth } = run
  const stands = (key: string): boolean => {
    const home = shown.known.get(key)?.home
    if (home === undefined || !isForSale(memory, home, session.night)) return false
    return memory.homes.get(home)?.keys.findLast(({ from }) => from <= session.night)?.key === key
  }
  const gone = (kind: string): string[] =>
    synced.found.filter((change) => change.kind === kind && stands(change.key)).map(({ key }) => key)
  truth.falseRemovals.push(...gone('removed').map((key) => `${label}: ${key} removed`))
  const doubted = gone('likely_removed').length
  if (doubted > shown.known.size / 5) truth.falseRemovals.push(`${label}: ${doubted} homes doubted`)
}
