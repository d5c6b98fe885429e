import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { badReasons } from './bad-lines.ts'
import { isoDay } from './calendar.ts'
import { countsOf, type Deed, deedCents, deedLines } from './deeds.ts'
import { writeLines } from './lines.ts'
import { caseCounts, type Mix, newMix, nextDeeds } from './mix.ts'
import { type Output, openOutput } from './output.ts'
import { type Ground, groundOf } from './parcels.ts'
import { choosePlaces, type Place, readPlaces } from './places.ts'
import { between, type Random, randomFrom, shuffle } from './random.ts'
import { newRegistry, type Registry } from './registry.ts'
import { type Entry, type GeoSplit, type ReleaseFiles, releaseFiles } from './release-files.ts'
import { type StepDebts, type Told, tellFirst, tellSecond } from './releases.ts'
import type { Scene } from './scene.ts'
import type { TruthMutation, TruthStep, WorldManifest } from './truth.ts'

/** What to generate. */
export interface WorldOptions {
  /** Where; files of an earlier world there are replaced. */
  folder: string
  /** Readable lines of release A, at least 500. */
  lines: number
  /** Any text or number: the same seed and lines give the same bytes. */
  seed: string | number
  /** How the CSV form is cut into files; one file by default. */
  geoSplit?: GeoSplit
  /** Called after each commune with the lines of release A written so far. */
  progress?: (lines: number) => void
  /** Stops the generation between two communes, with the signal's reason as error. */
  signal?: AbortSignal
}

interface Tally {
  mutations: number
  lines: number
  undecidable: number
}

interface World {
  mix: Mix
  debts: StepDebts
  ids: number
  sets: number
  told: number
  badDebt: number
  bad: number
  restricted: number
  steps: Record<string, number>
  tallies: { A: Tally; B: Tally }
}

const restrictedLines = 4000

/** Draws the deeds of a commune until release A has `until` lines in all, never more than `total`. */
function drawCommune(scene: Scene, world: World, until: number, total: number): Told[] {
  const all: Told[] = []
  let failures = 0
  while (world.told < until && failures < 400) {
    const room = total - world.told
    const { deeds, always } = nextDeeds(scene, world.mix, room)
    const lines = deeds?.reduce((sum, deed) => sum + deedLines(deed), 0) ?? 0
    if (deeds === undefined || lines > room) {
      failures++
      continue
    }
    const told = tellFirst(deeds, scene.random, always)
    if (told[0]?.a !== undefined) world.told += lines
    all.push(...told)
  }
  return all
}

/** The lines of a release in a commune: by date with some disorder in A, in any order in B; a few stray. */
function arrange(
  deeds: readonly { deed: Deed; entries: Entry[] }[],
  code: 'A' | 'B',
  random: Random,
): Entry[] {
  const placed = deeds.map((one) => ({ ...one, at: code === 'A' ? one.deed.day + 25 * random() : random() }))
  placed.sort((a, b) => a.at - b.at)
  const entries = placed.flatMap(({ entries: own }) => (code === 'A' ? own : shuffle(random, own)))
  const strays = Math.floor(entries.length / 150 + random())
  for (let i = 0; i < strays; i++) {
    const [stray] = entries.splice(between(random, 0, entries.length - 1), 1)
    if (stray !== undefined) entries.splice(between(random, 0, entries.length), 0, stray)
  }
  return entries
}

function truthOf(deed: Deed, entries: readonly Entry[], place: Place): TruthMutation {
  const { certain, ...counts } = countsOf(deed)
  const cents = deedCents(deed)
  const within = deed.undecidable === 'U5' ? undefined : deed.undecidable
  const refs = new Map(entries.map((entry) => [entry.line.disposition, entry.refs]))
  return {
    id: deed.id,
    date: isoDay(deed.day),
    nature: deed.nature,
    department: place.department,
    price: cents === null ? null : cents / 100,
    partial: deed.partial,
    decidable: within === undefined,
    ...(within === undefined ? {} : { case: within, set: deed.set ?? 0 }),
    ...counts,
    countCertain: certain,
    dispositions: deed.dispositions.map((disposition, index) => {
      const at = refs.get(index)
      return {
        number: disposition.number,
        price: disposition.cents === null ? null : disposition.cents / 100,
        geo: at?.geo ?? [],
        raw: at?.raw ?? [],
        ...(at === undefined || at.restricted.length === 0 ? {} : { restricted: at.restricted }),
      }
    }),
  }
}

function entriesOf(deed: Deed, code: 'A' | 'B', beforeMerger: boolean): Entry[] {
  const refs = deed.dispositions.map((): Entry['refs'] => ({ geo: [], raw: [], restricted: [] }))
  return writeLines(deed, { bareDepartment: code === 'B', beforeMerger }).map((line) => ({
    line,
    deed,
    refs: refs[line.disposition] ?? { geo: [], raw: [], restricted: [] },
  }))
}

function writeRelease(
  files: ReleaseFiles,
  truth: Output,
  badLines: Output,
  all: readonly Told[],
  scene: Scene,
  world: World,
): void {
  const { code } = files
  const { random } = scene
  const tally = world.tallies[code]
  const restricted = code === 'A' && world.restricted < restrictedLines
  const deeds = all.flatMap(({ a, b, step }) => {
    const deed = code === 'A' ? a : b
    return deed === undefined
      ? []
      : [{ deed, entries: entriesOf(deed, code, code === 'A' && step?.kind === 'merged') }]
  })
  const entries = arrange(
    deeds.map((one) => ({ ...one, entries: [...one.entries] })),
    code,
    random,
  )
  for (const entry of entries) {
    files.write(entry, restricted)
    world.badDebt += 1 / 5000
    if (world.badDebt < 1) continue
    world.badDebt--
    const reason = badReasons[world.bad++ % badReasons.length] ?? 'few-fields'
    for (const bad of files.plant(entry, reason)) badLines.line(JSON.stringify(bad))
  }
  if (restricted) world.restricted += entries.length
  tally.lines += entries.length
  for (const { deed, entries: own } of deeds) {
    const mutation = truthOf(deed, own, scene.ground.place)
    tally.mutations++
    if (!mutation.decidable) tally.undecidable++
    truth.line(JSON.stringify(mutation))
  }
}

function stepOf({ a, b, step }: Told): TruthStep | undefined {
  const deed = b ?? a
  if (step === undefined || deed === undefined) return undefined
  const { id, set } = deed
  return step.kind === 'corrected'
    ? { id, ...step, ...(step.decidable || set === undefined ? {} : { set }) }
    : { id, ...step }
}

function neighbourOf(place: Place, byDepartment: Map<string, Place[]>, random: Random): Place | undefined {
  const others = (byDepartment.get(place.department) ?? []).filter((other) => other.code !== place.code)
  return others[between(random, 0, others.length - 1)]
}

/**
 * Generates a simulated France into a folder: two releases in both official forms, the truth about them and a
 * manifest. The same lines and seed give the same bytes. Memory holds one commune and one département's register,
 * whatever the size. Throws a RangeError for an impossible size, and the signal's reason when it is aborted.
 */
export async function generateWorld(options: WorldOptions): Promise<WorldManifest> {
  const { folder, lines, geoSplit = 'full', progress, signal } = options
  const seed = String(options.seed)
  if (!Number.isInteger(lines) || lines < 500 || lines > 20_000_000) {
    throw new RangeError(`a world has 500 to 20000000 lines, not ${lines}`)
  }
  for (const part of ['release-A', 'release-B', 'truth', 'manifest.json']) {
    await rm(join(folder, part), { recursive: true, force: true })
  }
  const every = readPlaces()
  const byDepartment = Map.groupBy(every, (place) => place.department)
  const quotas = choosePlaces(every, lines, seed)
  const tally = (): Tally => ({ mutations: 0, lines: 0, undecidable: 0 })
  const world: World = {
    mix: newMix(),
    debts: { corrected: 0.5, withdrawn: 0.6, merged: 0.9 },
    ids: 0,
    sets: 0,
    told: 0,
    badDebt: 0.9,
    bad: 0,
    restricted: 0,
    steps: {},
    tallies: { A: tally(), B: tally() },
  }
  const A = releaseFiles(folder, 'A', geoSplit)
  const B = releaseFiles(folder, 'B', geoSplit)
  const truthFile = (name: string): Output => openOutput(join(folder, 'truth', `${name}.jsonl`))
  const truthA = truthFile('mutations-A')
  const truthB = truthFile('mutations-B')
  const steps = truthFile('steps')
  const badLines = truthFile('bad-lines')
  const outputs = [truthA, truthB, steps, badLines]
  let registry: Registry = newRegistry()
  let freshPlans = new Map<string, number>()
  let department = ''
  let until = 0
  try {
    for (const [index, { place, lines: share }] of quotas.entries()) {
      signal?.throwIfAborted()
      if (place.department !== department) {
        department = place.department
        registry = newRegistry()
        freshPlans = new Map()
      }
      until += share
      const random = randomFrom(`${seed}/${lines}/${place.code}`)
      const other = neighbourOf(place, byDepartment, random)
      const neighbour: Ground | undefined = other === undefined ? undefined : groundOf(other, freshPlans)
      const scene: Scene = {
        ground: groundOf(place, freshPlans),
        neighbour,
        random,
        registry,
        nextId: () => ++world.ids,
        nextSet: () => ++world.sets,
      }
      const all = drawCommune(scene, world, index === quotas.length - 1 ? lines : until, lines)
      tellSecond(scene, all, world.debts)
      writeRelease(A, truthA, badLines, all, scene, world)
      writeRelease(B, truthB, badLines, all, scene, world)
      for (const told of all) {
        const step = stepOf(told)
        if (step === undefined) continue
        const name = step.kind === 'added' ? `added-${step.why}` : step.kind
        world.steps[name] = (world.steps[name] ?? 0) + 1
        steps.line(JSON.stringify(step))
      }
      // Lets progress be drawn and ctrl-C be heard.
      await setImmediate()
      progress?.(world.told)
    }
  } finally {
    for (const output of [...outputs, A, B]) output.close()
  }
  const manifest: WorldManifest = {
    format: 1,
    lines,
    seed,
    communes: quotas.length,
    releases: [A, B].map(({ code, files }) => ({ code, ...world.tallies[code], files })),
    steps: world.steps,
    cases: caseCounts(world.mix),
    truth: {
      mutations: { A: 'truth/mutations-A.jsonl', B: 'truth/mutations-B.jsonl' },
      steps: 'truth/steps.jsonl',
      badLines: 'truth/bad-lines.jsonl',
    },
  }
  await writeFile(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  return manifest
}
