import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { openOutput } from '../output.ts'
import { pick, randomFrom } from '../random.ts'
import { columns, csvLine, rowLine } from './columns.ts'
import { type Facts, factNames } from './facts.ts'
import { type Fault, faults, faultyRows } from './faults.ts'
import { chooseGrounds } from './grounds.ts'
import { type HabitsName, habitsByName } from './habits.ts'
import { newMarket } from './market.ts'
import { newSource, type ShownRow } from './source.ts'
import type { ListingManifest, ListingSession, SomeFacts, TruthRow } from './truth.ts'

/** What listing world to generate. */
export interface ListingOptions {
  /** Where; files of an earlier listing world there are replaced. */
  folder: string
  /** Homes for sale on the first night, at least 100. */
  homes: number
  /** Sound sessions. */
  sessions: number
  /** Nights from one to the next; 1 by default. */
  nightsBetween?: number
  /** Any text or number: the same seed and sizes give the same bytes. */
  seed: string | number
  /** What the source is like; `ordinary` by default. */
  habits?: HabitsName
  /** After how many sound sessions a faulty one comes, from the second night on; 0, the default, for none. */
  faultEvery?: number
  /** The faults that come, in turn; all of them by default. */
  faults?: readonly Fault[]
  /** Called after each session with the number written. */
  progress?: (sessions: number) => void
  /** Stops the generation between two sessions, with the signal's reason as error. */
  signal?: AbortSignal
}

// What appears in a file from one night to the next when a site adds to its pages.
const grown = ['photo_count', 'virtual_tour', 'energy_cost'] as const

function truthOf(one: ShownRow, night: number, line: number): TruthRow {
  return {
    line,
    key: one.broken === undefined ? one.row.source_key : '',
    home: one.home,
    ...(one.asOf === night || one.home === null ? {} : { asOf: one.asOf }),
    ...(Object.keys(one.shown).length === 0 ? {} : { shown: one.shown }),
    ...(one.doubtful.length === 0 ? {} : { doubtful: [...one.doubtful] }),
    ...(one.errors.length === 0 ? {} : { errors: [...one.errors] }),
  }
}

function changedFacts(before: Facts | undefined, now: Facts): SomeFacts {
  if (before === undefined) return now
  return Object.fromEntries(
    factNames.filter((name) => before[name] !== now[name]).map((name) => [name, now[name]]),
  )
}

/**
 * Writes a market of homes for sale as a listing source shows it, session by session, and the truth about it: files in
 * the form `parcelle stage` reads, truth/ beside them, manifest.json, which is also what is returned. See README.md.
 *
 * Throws RangeError for an impossible size.
 */
export async function generateListings(options: ListingOptions): Promise<ListingManifest> {
  const { folder, homes, sessions, signal, progress } = options
  if (!(homes >= 100 && homes <= 1_000_000)) throw new RangeError('between 100 and 1000000 homes')
  if (!(sessions >= 1 && sessions <= 1000)) throw new RangeError('between 1 and 1000 sessions')
  const seed = String(options.seed)
  const habits = habitsByName[options.habits ?? 'ordinary']
  const faultEvery = options.faultEvery ?? 0
  const nightsBetween = options.nightsBetween ?? 1
  const kinds = options.faults ?? faults
  for (const name of ['sessions', 'truth', 'manifest.json']) {
    await rm(join(folder, name), { recursive: true, force: true })
  }

  const grounds = chooseGrounds(homes, seed)
  const market = newMarket(grounds, seed, habits)
  const source = newSource(habits, grounds, seed)
  const random = randomFrom(`faults/${seed}`)
  const ads = openOutput(join(folder, 'truth/ads.jsonl'))
  const told = new Map<number, Facts>()
  const written: ListingSession[] = []

  const write = (rows: readonly ShownRow[], fault: Fault | null): void => {
    const { night } = market
    const name = String(written.length + 1).padStart(3, '0')
    const path = `sessions/${name}.csv`
    const truth = `truth/session-${name}.jsonl`
    const isGrown = fault === 'schema_grown'
    const file = openOutput(join(folder, path))
    const truths = openOutput(join(folder, truth))
    file.line(csvLine(isGrown ? [...columns, ...grown] : columns))
    for (const one of rows) {
      const more = isGrown && one.broken === undefined ? `,${one.row.price.length + 4},,1200` : ''
      const line = file.line((one.broken ?? rowLine(one.row)) + more)
      truths.line(JSON.stringify(truthOf(one, night, line)))
    }
    truths.close()
    file.close()
    written.push({ path, truth, night, fault, rows: rows.length })
    progress?.(written.length)
  }

  let sound: ShownRow[] = []
  let faultCount = 0
  for (let index = 0; index < sessions; index++) {
    await setImmediate()
    signal?.throwIfAborted()
    if (index > 0) for (let i = 0; i < nightsBetween; i++) market.pass()
    const { night } = market
    for (const { number, facts } of market.homes) {
      const before = told.get(number)
      if (before === facts) continue
      ads.line(JSON.stringify({ home: number, night, facts: changedFacts(before, facts) }))
      told.set(number, facts)
    }
    const tonight = source.show(market)
    if (faultEvery > 0 && index > 0 && index % faultEvery === 0) {
      const fault = kinds[faultCount++ % kinds.length] ?? pick(random, faults)
      write(faultyRows(fault, random, tonight, sound), fault)
    }
    write(tonight, null)
    sound = tonight
  }
  ads.close()
  const ends = openOutput(join(folder, 'truth/homes.jsonl'))
  for (const { number, keys, spans, soldAt } of market.homes) {
    ends.line(JSON.stringify({ home: number, keys, spans, soldAt }))
  }
  ends.close()
  const manifest: ListingManifest = {
    seed,
    homes,
    habits: options.habits ?? 'ordinary',
    inseeCodes: grounds.map(({ place }) => place.code),
    sessions: written,
  }
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}
