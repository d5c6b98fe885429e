import type { TruthMutation, TruthStep } from '../../seeds/world/truth.ts'
import {
  type Exceptions,
  endFigure,
  type Figure,
  natureOf,
  newFigure,
  type Pairing,
  say,
  type Truths,
} from './truth.ts'
import type { Change, Sale } from './truth-ledger.ts'

/** The figures of a step from release A to release B. */
export interface StepFigures {
  added: Figure
  corrected: Figure
  withdrawn: Figure
  /** What B leaves alone keeps its identity and has no change; given and due are these mutations. */
  unchanged: Figure
}

/** The fields of a transaction that a true correction shows in, and those that may follow from them. */
interface Expected {
  isDue(change: Change): boolean
  field: string
  follows: readonly string[]
}

const address = ['street_number', 'street_suffix', 'street_name', 'street_code', 'postal_code'] as const
const typeNames = ['', 'house', 'flat'] as const

function grewBy(change: Change, by: number): boolean {
  return Number(change.new ?? 0) - Number(change.old ?? 0) === by
}

function expectedOf(step: TruthStep & { kind: 'corrected' }, a: TruthMutation, b: TruthMutation): Expected[] {
  return step.changes.flatMap((told): Expected[] => {
    const by = Number(told.new) - Number(told.old)
    switch (told.field) {
      case 'price':
        // The sum of several dispositions is unknown when one of them has no price.
        return a.price === null
          ? []
          : [{ field: 'price_eur', isDue: (c) => c.old === a.price && c.new === b.price, follows: [] }]
      case 'date':
        return [{ field: 'sold_on', isDue: (c) => c.old === told.old && c.new === told.new, follows: [] }]
      case 'nature':
        return [
          {
            field: 'nature',
            isDue: (c) => c.old === natureOf(String(told.old)) && c.new === natureOf(String(told.new)),
            follows: ['property_type'],
          },
        ]
      case 'rooms':
        return [{ field: 'room_count', isDue: (c) => grewBy(c, by), follows: [] }]
      case 'built_surface':
        return [
          {
            field: 'built_surface_m2',
            isDue: (c) => grewBy(c, by),
            follows: ['dwelling_surface_m2', ...address],
          },
        ]
      case 'type':
        return [told.old, told.new].map((type, i) => ({
          field: `${typeNames[Number(type)]}_count`,
          isDue: (c) => grewBy(c, i === 0 ? -1 : 1),
          follows: ['property_type', ...address],
        }))
      case 'street_number':
        return [
          { field: 'street_number', isDue: (c) => c.old === told.old && c.new === told.new, follows: [] },
        ]
      case 'parcel':
        return [
          {
            field: 'parcel_ids',
            // Merged communes change the beginning of a parcel's name, never its section and plan.
            isDue: (c) => {
              const [old, now] = [c.old as string[], c.new as string[]]
              const [gone] = old.filter((id) => !now.includes(id))
              const [come] = now.filter((id) => !old.includes(id))
              return (
                gone?.slice(-6) === String(told.old).slice(-6) &&
                come?.slice(-6) === String(told.new).slice(-6)
              )
            },
            follows: address,
          },
        ]
      default:
        return []
    }
  })
}

function wrongCorrection(
  changes: readonly Change[],
  step: TruthStep & { kind: 'corrected' },
  a: TruthMutation,
  b: TruthMutation,
): string | undefined {
  if (changes.some((change) => change.kind !== 'corrected')) return 'is no correction'
  const expected = expectedOf(step, a, b)
  const missing = expected.filter(
    (one) => !changes.some((change) => change.field === one.field && one.isDue(change)),
  )
  if (missing.length > 0) return `does not tell ${missing.map((one) => one.field).join(', ')}`
  const known = new Set(expected.flatMap((one) => [one.field, ...one.follows]))
  const more = changes.filter((change) => !known.has(change.field ?? ''))
  return more.length === 0 ? undefined : `tells ${more.map((one) => one.field).join(', ')} too`
}

/**
 * Compares what the ledger says release B did with what it truly did: which mutations it added, corrected (field by
 * field) and withdrew, and that all others kept their transaction. `before` and `after` are the states of the ledger
 * after release A and after release B. A merger of communes may or may not be told as a correction.
 */
export function compareSteps(
  before: Pairing,
  after: Pairing,
  changes: readonly Change[],
  steps: ReadonlyMap<number, TruthStep>,
  truths: Required<Truths>,
  exceptions: Exceptions = {},
): StepFigures {
  const figures = {
    added: newFigure(),
    corrected: newFigure(),
    withdrawn: newFigure(),
    unchanged: newFigure(),
  }
  const changesOf = Map.groupBy(changes, (change) => change.id)
  const { undecidableSteps = new Set(), scattered = new Set() } = exceptions
  const settle = (kind: keyof typeof figures, wrong: string | undefined, example: () => string): void => {
    const figure = figures[kind]
    figure.due++
    if (wrong === undefined) figure.rightDue++
    else say(figure, () => `${wrong}: ${example()}`)
  }

  for (const id of new Set([...truths.A.byId.keys(), ...truths.B.byId.keys()])) {
    const [a, b] = [truths.A.byId.get(id), truths.B.byId.get(id)]
    const step = steps.get(id)
    const [old, now] = [before.saleOf.get(id), after.saleOf.get(id)]
    const told = [
      ...new Set([old, now].flatMap((sale) => (sale === undefined ? [] : (changesOf.get(sale.id) ?? [])))),
    ]
    if (undecidableSteps.has(id) || scattered.has(id) || (a ?? b)?.decidable === false) continue
    const example = (): string =>
      JSON.stringify({ step, old: brief(old), now: brief(now), told, mutation: b ?? a })
    if (step?.kind === 'added') {
      const isAdded = now !== undefined && told.length === 1 && told[0]?.kind === 'added'
      settle('added', isAdded ? undefined : 'not told as added', example)
    } else if (step?.kind === 'withdrawn') {
      const isGone = old !== undefined && told.length === 1 && told[0]?.kind === 'withdrawn'
      settle('withdrawn', isGone ? undefined : 'not told as withdrawn', example)
    } else if (step?.kind === 'corrected' && a !== undefined && b !== undefined) {
      const same = old !== undefined && old.id === now?.id
      settle('corrected', same ? wrongCorrection(told, step, a, b) : 'another identity', example)
    } else {
      const same = old !== undefined && old.id === now?.id
      const isQuiet =
        told.length === 0 || (step?.kind === 'merged' && told.every((c) => c.kind === 'corrected'))
      figures.unchanged.given++
      if (same && isQuiet) figures.unchanged.rightGiven++
      settle('unchanged', !same ? 'another identity' : isQuiet ? undefined : 'changed', example)
    }
  }

  for (const [saleId, own] of changesOf) {
    const kind = own[0]?.kind ?? 'added'
    const ids = [
      ...new Set([...(before.mutationsOf.get(saleId) ?? []), ...(after.mutationsOf.get(saleId) ?? [])]),
    ]
    const isExcepted = ids.some(
      (id) => undecidableSteps.has(id) || scattered.has(id) || steps.get(id)?.kind === 'merged',
    )
    if (isExcepted) continue
    figures[kind].given++
    if (ids.length === 1 && steps.get(ids[0] ?? -1)?.kind === kind) figures[kind].rightGiven++
    else {
      say(figures[kind], () => {
        const mutations = ids.map((id) => truths.A.byId.get(id) ?? truths.B.byId.get(id))
        return `not due: ${JSON.stringify({ told: own, mutations })}`
      })
    }
  }
  return {
    added: endFigure(figures.added),
    corrected: endFigure(figures.corrected),
    withdrawn: endFigure(figures.withdrawn),
    unchanged: endFigure(figures.unchanged),
  }
}

function brief(sale: Sale | undefined): unknown {
  return sale === undefined ? null : { id: sale.id, basis: sale.basis, world: sale.world }
}
