import { type Form, readMutations, type TruthMutation, type TruthStep } from '../../seeds/world/truth.ts'
import { fileAndLine, placeOf, type Sale } from './truth-ledger.ts'

// How the ledger's answer is held against what the simulated world knows to be true. Shared by test and bench.

/** A share of right answers: `precision` among those given, `recall` among those due. */
export interface Figure {
  precision: number
  recall: number
  /** What was given and what was due, and how much of either was right. */
  given: number
  due: number
  rightGiven: number
  rightDue: number
  /** The first few that are wrong, to look at. */
  wrong: string[]
}

/** An empty figure, to be filled and then ended with `endFigure`. */
export function newFigure(): Figure {
  return { precision: 1, recall: 1, given: 0, due: 0, rightGiven: 0, rightDue: 0, wrong: [] }
}

/** The figure with its shares worked out; nothing given or nothing due is a share of 1. */
export function endFigure(figure: Figure): Figure {
  const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole)
  return {
    ...figure,
    precision: share(figure.rightGiven, figure.given),
    recall: share(figure.rightDue, figure.due),
  }
}

/** Several figures of one kind as one. */
export function sumFigures(figures: readonly Figure[]): Figure {
  const sum = newFigure()
  for (const one of figures) {
    sum.given += one.given
    sum.due += one.due
    sum.rightGiven += one.rightGiven
    sum.rightDue += one.rightDue
    sum.wrong.push(...one.wrong)
  }
  return endFigure(sum)
}

const wrongKept = 40

/** Adds an example of what is wrong, as long as there are few. */
export function say(figure: Pick<Figure, 'wrong'>, text: () => string): void {
  if (figure.wrong.length < wrongKept) figure.wrong.push(text())
}

/** The true mutations of one release in one form, found by number and by line. */
export interface Truth {
  byId: Map<number, TruthMutation>
  /** The number of the mutation that a line belongs to; undefined for a line that nobody can read. */
  at(place: number): number | undefined
  places(id: number): number[]
}

/** Reads the truth of a release, to be compared with an import of its files in that form. */
export async function readTruth(folder: string, release: 'A' | 'B', form: Form): Promise<Truth> {
  const byId = new Map<number, TruthMutation>()
  const files: number[][] = []
  for await (const mutation of readMutations(folder, release)) {
    byId.set(mutation.id, mutation)
    for (const disposition of mutation.dispositions) {
      for (const [file, first, count] of disposition[form] ?? []) {
        files[file] ??= []
        const ids = files[file]
        for (let line = first; line < first + count; line++) ids[line] = mutation.id
      }
    }
  }
  return {
    byId,
    at(place) {
      const [file, line] = fileAndLine(place)
      return files[file]?.[line]
    },
    places: (id) =>
      (byId.get(id)?.dispositions ?? []).flatMap((d) =>
        (d[form] ?? []).flatMap(([file, first, count]) =>
          Array.from({ length: count }, (_, i) => placeOf(file, first + i)),
        ),
      ),
  }
}

/** The truth of the releases that a ledger was made from, as their lines in the ledger tell it. */
export type Truths = { A: Truth; B?: Truth }

/** Which transaction is which true mutation: those that have exactly its lines, and no other has. */
export type Pairing = { saleOf: Map<number, Sale>; mutationsOf: Map<string, number[]> }

/** Finds each true mutation's transaction. */
export function pairSales(sales: readonly Sale[], truths: Truths): Pairing {
  const saleOf = new Map<number, Sale>()
  const mutationsOf = new Map<string, number[]>()
  for (const sale of sales) {
    const truth = truths[sale.world]
    const ids = new Set(sale.lines.map((place) => truth?.at(place) ?? -1))
    mutationsOf.set(sale.id, [...ids])
    const [id] = ids
    if (ids.size !== 1 || id === undefined || truth === undefined) continue
    if (truth.places(id).length === sale.lines.length) saleOf.set(id, sale)
  }
  return { saleOf, mutationsOf }
}

/** The figures of one state of the ledger. */
export interface GroupingFigures {
  /** Decidable mutations against transactions that hold a line of one. */
  grouping: Figure
  /** Transactions marked ambiguous against mutations that nobody could decide, over mutations. */
  ambiguous: Figure
  /** Date, nature, price, partial, counts and number of lines, of what is grouped right. */
  facts: Figure
  /** `is_count_certain`: due is what the truth says is uncertain. */
  uncertain: Figure
}

const natures: Record<string, string> = {
  Vente: 'sale',
  "Vente en l'état futur d'achèvement": 'off_plan_sale',
  'Vente terrain à bâtir': 'building_land_sale',
  Echange: 'exchange',
  Adjudication: 'auction',
  Expropriation: 'expropriation',
}

/** The ledger's word for a nature as the files write it. */
export function natureOf(told: string): string | undefined {
  return natures[told]
}

function factsDiffering(sale: Sale, mutation: TruthMutation, lineCount: number): string[] {
  const pairs: [string, unknown, unknown][] = [
    ['date', sale.soldOn, mutation.date],
    ['nature', sale.nature, natureOf(mutation.nature)],
    ['price', sale.priceEur, mutation.price],
    ['partial', sale.partial, mutation.partial],
    ['lines', sale.lineCount, lineCount],
  ]
  if (mutation.countCertain) {
    pairs.push(
      ['houses', sale.houses, mutation.houses],
      ['flats', sale.flats, mutation.flats],
      ['annexes', sale.annexes, mutation.annexes],
      ['commercial', sale.commercial, mutation.commercial],
    )
  }
  return pairs
    .filter(([, ours, true_]) => ours !== true_)
    .map(([name, ours, true_]) => `${name} ${ours} not ${true_}`)
}

/** What makes one mutation of the comparison an exception. */
export interface Exceptions {
  /** Mutations that each release can decide and the step between them cannot (U5). */
  undecidableSteps?: ReadonlySet<number>
  /** Mutations whose premises cannot be counted, because no file holds all their lines. */
  scattered?: ReadonlySet<number>
  /** Every mutation is decidable: the lines carry references. */
  hasReferences?: boolean
}

/** Compares a state of the ledger with the truth of the release it was brought to. */
export function compareGrouping(
  sales: readonly Sale[],
  truths: Truths,
  now: 'A' | 'B',
  exceptions: Exceptions = {},
): GroupingFigures {
  const present = truths[now]
  if (present === undefined) throw new Error(`there is no truth of release ${now}`)
  const { saleOf, mutationsOf } = pairSales(sales, truths)
  const { undecidableSteps = new Set(), scattered = new Set(), hasReferences = false } = exceptions
  const isDecidable = (id: number): boolean => hasReferences || present.byId.get(id)?.decidable === true
  const grouping = newFigure()
  const ambiguous = newFigure()
  const facts = newFigure()
  const uncertain = newFigure()
  const isMarked = new Set<number>()

  for (const sale of sales) {
    const ids = mutationsOf.get(sale.id) ?? []
    if (sale.basis === 'ambiguous') for (const id of ids) isMarked.add(id)
    if (ids.length > 0 && !ids.some(isDecidable)) continue
    grouping.given++
    const [id] = ids
    if (id !== undefined && saleOf.get(id) === sale) grouping.rightGiven++
    else say(grouping, () => describe(sale, ids, present))
  }
  for (const [id, mutation] of present.byId) {
    const sale = saleOf.get(id)
    const places = present.places(id)
    if (places.length === 0) continue
    const isOpen = !isDecidable(id) || undecidableSteps.has(id)
    if (isOpen) ambiguous.due++
    if (isMarked.has(id)) ambiguous.given++
    if (isOpen && isMarked.has(id)) {
      ambiguous.rightDue++
      ambiguous.rightGiven++
    } else if (isOpen !== isMarked.has(id)) {
      say(ambiguous, () => `${isOpen ? 'not marked' : 'marked'}: ${JSON.stringify(mutation)}`)
    }
    if (!isDecidable(id)) continue
    grouping.due++
    if (sale === undefined) continue
    grouping.rightDue++
    if (scattered.has(id)) continue
    facts.given++
    facts.due++
    const differing = factsDiffering(sale, mutation, places.length)
    if (differing.length === 0) {
      facts.rightGiven++
      facts.rightDue++
    } else say(facts, () => `${differing.join(', ')}: sale ${sale.id} ${JSON.stringify(mutation)}`)
    if (!mutation.countCertain) uncertain.due++
    if (!sale.countCertain) uncertain.given++
    if (!mutation.countCertain && !sale.countCertain) {
      uncertain.rightDue++
      uncertain.rightGiven++
    } else if (mutation.countCertain !== sale.countCertain) {
      say(
        uncertain,
        () => `${sale.countCertain ? 'certain' : 'uncertain'}: sale ${sale.id} ${JSON.stringify(mutation)}`,
      )
    }
  }
  return {
    grouping: endFigure(grouping),
    ambiguous: endFigure(ambiguous),
    facts: endFigure(facts),
    uncertain: endFigure(uncertain),
  }
}

function describe(sale: Sale, ids: readonly number[], truth: Truth): string {
  const mutations = ids.map(
    (id) => JSON.stringify(truth.byId.get(id)) ?? `none of release ${sale.world} (${id})`,
  )
  const lines = sale.lines.map((place) => fileAndLine(place).join(':')).slice(0, 12)
  return `sale ${sale.id} (${sale.basis}) lines ${lines.join(' ')} is of ${mutations.join(' and ')}`
}

/** The steps that release B truly makes, by mutation. */
export function stepsById(steps: readonly TruthStep[]): Map<number, TruthStep> {
  return new Map(steps.map((step) => [step.id, step]))
}
