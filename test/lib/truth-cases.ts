import { join } from 'node:path'
import pg from 'pg'
import type { Logger } from 'pino'
import {
  type Form,
  readBadLines,
  readManifest,
  readSteps,
  type WorldManifest,
} from '../../seeds/world/truth.ts'
import { shuffleLines, splitFile } from '../../seeds/world/variants.ts'
import { type ImportReport, importDvf } from '../../tasks/import_dvf.ts'
import type { ScopeClaim } from '../../tasks/lib/dvf/scope.ts'
import {
  compareGrouping,
  type Exceptions,
  endFigure,
  type Figure,
  type GroupingFigures,
  newFigure,
  pairSales,
  readTruth,
  say,
  stepsById,
  type Truth,
} from './truth.ts'
import { fileAndLine, type Origins, placeOf, readChanges, readRejects, readSales } from './truth-ledger.ts'
import { compareSteps, type StepFigures } from './truth-steps.ts'

/** What is done to the files of a release before they are imported. */
export type Alteration = 'shuffled' | 'split' | undefined

/** One way of importing a world: the form of each release and what was done to the files. */
export interface TruthCase {
  name: string
  a: Form
  b: Form
  alteration?: Alteration
}

/** Every way in which a world must come out the same. */
export const truthCases: readonly TruthCase[] = [
  { name: 'geo', a: 'geo', b: 'geo' },
  { name: 'raw', a: 'raw', b: 'raw' },
  { name: 'raw then geo', a: 'raw', b: 'geo' },
  { name: 'geo then raw', a: 'geo', b: 'raw' },
  { name: 'geo, lines shuffled', a: 'geo', b: 'geo', alteration: 'shuffled' },
  { name: 'raw, lines shuffled', a: 'raw', b: 'raw', alteration: 'shuffled' },
  { name: 'geo, files split with overlap', a: 'geo', b: 'geo', alteration: 'split' },
]

/** The figures of one case: after release A, after release B, and of the step between them. */
export interface CaseFigures {
  a: GroupingFigures & { rejected: Figure; report: ImportReport }
  b: GroupingFigures & { rejected: Figure; report: ImportReport }
  step: StepFigures
}

interface Prepared {
  paths: string[]
  origins: Origins
  /** Declared where the files' names no longer tell it: a commune without any line would not be covered else. */
  scope: ScopeClaim[] | undefined
}

async function prepare(
  folder: string,
  manifest: WorldManifest,
  release: 'A' | 'B',
  form: Form,
  alteration: Alteration,
  scratch: string,
): Promise<Prepared> {
  const files = manifest.releases.find((one) => one.code === release)?.files ?? []
  const origins: Origins = { code: `${release}-${form}`, world: release, files: new Map() }
  for (const [file, { path, form: own }] of files.entries()) {
    if (own !== form) continue
    const whole = join(folder, path)
    if (alteration === undefined) origins.files.set(whole, { file })
    else if (alteration === 'shuffled') {
      const out = join(scratch, 'shuffled', path)
      origins.files.set(out, { file, lines: await shuffleLines(whole, release, out) })
    } else {
      const parts = await splitFile(whole, 4, join(scratch, 'split', `release-${release}`, form), {
        overlap: 0.15,
      })
      for (const part of parts) origins.files.set(part.path, { file, lines: part.origin })
    }
  }
  const scope: ScopeClaim[] | undefined =
    alteration === 'split' ? [{ area: 'FR', code: 'FR', years: null }] : undefined
  // Files are read in another order than they were written in, as a folder's would be.
  return { paths: [...origins.files.keys()].reverse(), origins, scope }
}

/**
 * The mutations whose lines no one file holds all of. How often a line was repeated cannot be seen across files that
 * may overlap: their groups must be right, their counts cannot be.
 */
function scatteredIn(truth: Truth, origins: Origins): Set<number> {
  const files = [...origins.files.values()]
  const held = files.map(({ file, lines }) => lines && new Set([...lines].map((line) => placeOf(file, line))))
  if (held.some((places) => places === undefined)) return new Set()
  const scattered = new Set<number>()
  for (const id of truth.byId.keys()) {
    const places = truth.places(id)
    if (!held.some((own) => places.every((place) => own?.has(place)))) scattered.add(id)
  }
  return scattered
}

const reasons: Record<string, string[]> = {
  'few-fields': ['field_count'],
  'many-fields': ['field_count'],
  'impossible-date': ['bad_date'],
  'bad-number': ['bad_number'],
  'unknown-commune': ['unknown_commune'],
}

async function compareRejects(
  client: pg.ClientBase,
  folder: string,
  origins: Origins,
  form: Form,
): Promise<Figure> {
  const figure = newFigure()
  const bad = new Map<number, { reason: string; text: string }>()
  for await (const line of readBadLines(folder)) {
    if (line.release === origins.world && line.form === form) bad.set(placeOf(line.file, line.line), line)
  }
  figure.due = bad.size
  const found = new Set<number>()
  for (const reject of await readRejects(client, origins)) {
    figure.given++
    const due = bad.get(reject.place)
    const isRight =
      due !== undefined &&
      (reasons[due.reason] ?? []).includes(reject.reason) &&
      reject.text.replace(/\r?\n$/, '') === due.text
    if (isRight) {
      figure.rightGiven++
      found.add(reject.place)
    } else say(figure, () => `${fileAndLine(reject.place).join(':')} ${JSON.stringify({ reject, due })}`)
  }
  figure.rightDue = found.size
  for (const [place, due] of bad) {
    if (!found.has(place))
      say(figure, () => `not rejected: ${fileAndLine(place).join(':')} ${JSON.stringify(due)}`)
  }
  return endFigure(figure)
}

/** Where a case is run and what it is run on. */
export interface CaseOptions {
  /** A freshly deployed database, as the owner. */
  url: string
  /** The world's folder. */
  folder: string
  /** A folder for altered files; the caller removes it. */
  scratch: string
  log: Logger
}

/** Imports both releases of a world in one of the ways and compares every answer with the truth. */
export async function runTruthCase(truthCase: TruthCase, options: CaseOptions): Promise<CaseFigures> {
  const { url, folder, scratch, log } = options
  const manifest = await readManifest(folder)
  const { alteration } = truthCase
  const a = await prepare(folder, manifest, 'A', truthCase.a, alteration, scratch)
  const b = await prepare(folder, manifest, 'B', truthCase.b, alteration, scratch)
  const truths = {
    A: await readTruth(folder, 'A', truthCase.a),
    B: await readTruth(folder, 'B', truthCase.b),
  }
  const steps = stepsById(await Array.fromAsync(readSteps(folder)))
  const scattered = new Set([...scatteredIn(truths.A, a.origins), ...scatteredIn(truths.B, b.origins)])
  const undecidableSteps = new Set(
    [...steps.values()].flatMap((step) => (step.kind === 'corrected' && !step.decidable ? [step.id] : [])),
  )
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const load = async (one: Prepared): Promise<ImportReport> => {
      const report = await importDvf({ url, log, paths: one.paths, code: one.origins.code, scope: one.scope })
      if (report.status !== 'applied') throw new Error(`release ${report.code} is ${report.status}`)
      return report
    }
    const reportA = await load(a)
    const salesA = await readSales(client, [a.origins])
    const figuresA = {
      ...compareGrouping(salesA, truths, 'A', { scattered }),
      rejected: await compareRejects(client, folder, a.origins, truthCase.a),
      report: reportA,
    }
    const reportB = await load(b)
    const salesB = await readSales(client, [a.origins, b.origins])
    const exceptions: Exceptions = { scattered, undecidableSteps }
    const figuresB = {
      ...compareGrouping(salesB, truths, 'B', exceptions),
      rejected: await compareRejects(client, folder, b.origins, truthCase.b),
      report: reportB,
    }
    const changes = await readChanges(client, b.origins.code)
    const step = compareSteps(
      pairSales(salesA, truths),
      pairSales(salesB, truths),
      changes,
      steps,
      truths,
      exceptions,
    )
    return { a: figuresA, b: figuresB, step }
  } finally {
    await client.end()
  }
}

/**
 * Imports one release of a world into an empty ledger and compares it with the truth; with the restricted extract,
 * where references say everything, nothing is undecidable.
 */
export async function runTruthRelease(
  release: 'A' | 'B',
  form: Form,
  options: CaseOptions,
): Promise<CaseFigures['a']> {
  const { url, folder, scratch, log } = options
  const one = await prepare(folder, await readManifest(folder), release, form, undefined, scratch)
  const truth = await readTruth(folder, release, form)
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const report = await importDvf({ url, log, paths: one.paths, code: one.origins.code, scope: one.scope })
    const sales = await readSales(client, [one.origins])
    const truths = release === 'A' ? { A: truth } : { A: truth, B: truth }
    return {
      ...compareGrouping(sales, truths, release, { hasReferences: form === 'restricted' }),
      rejected: await compareRejects(client, folder, one.origins, form),
      report,
    }
  } finally {
    await client.end()
  }
}
