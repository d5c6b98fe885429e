import t from 'tap'
import { readSteps, type TruthMutation } from '../../seeds/world/truth.ts'
import { compareGrouping, natureOf, pairSales, readTruth, stepsById, type Truth } from '../lib/truth.ts'
import type { Change, Sale } from '../lib/truth-ledger.ts'
import { compareSteps } from '../lib/truth-steps.ts'
import { truthWorld } from '../lib/truth-test.ts'

// The comparison is only worth something if it sees what is wrong: a ledger made from the truth, then spoilt.

const { folder } = await truthWorld(t, 'judge')
const truths = { A: await readTruth(folder, 'A', 'geo'), B: await readTruth(folder, 'B', 'geo') }
const steps = stepsById(await Array.fromAsync(readSteps(folder)))
const undecidableSteps = new Set(
  [...steps.values()].flatMap((step) => (step.kind === 'corrected' && !step.decidable ? [step.id] : [])),
)

function saleOf(mutation: TruthMutation, truth: Truth, world: 'A' | 'B'): Sale {
  const lines = truth.places(mutation.id)
  const {
    date: soldOn,
    price: priceEur,
    partial,
    houses,
    flats,
    annexes,
    commercial,
    countCertain,
  } = mutation
  const isOpen = !mutation.decidable || (world === 'B' && undecidableSteps.has(mutation.id))
  return {
    ...{
      id: String(mutation.id),
      world,
      lines,
      lineCount: lines.length,
      soldOn,
      priceEur,
      partial,
      countCertain,
    },
    ...{ nature: natureOf(mutation.nature) ?? '', basis: isOpen ? 'ambiguous' : 'evidence' },
    ...{ houses, flats, annexes, commercial },
  }
}

const ledger = (world: 'A' | 'B'): Sale[] =>
  [...truths[world].byId.values()].map((mutation) => saleOf(mutation, truths[world], world))

const decidable = (sale: Sale): boolean => truths.A.byId.get(Number(sale.id))?.decidable === true

t.test('a ledger that is the truth is judged perfect', async (t) => {
  const figures = compareGrouping(ledger('A'), truths, 'A')
  for (const [name, { precision, recall, wrong }] of Object.entries(figures)) {
    t.same({ precision, recall, wrong }, { precision: 1, recall: 1, wrong: [] }, name)
  }
})

t.test('two sales in one are seen', async (t) => {
  const [one, other, ...rest] = ledger('A').filter(decidable)
  if (one === undefined || other === undefined) throw new Error('the world has no sales')
  const joined: Sale = { ...one, lines: [...one.lines, ...other.lines] }
  const { grouping } = compareGrouping([joined, ...rest], truths, 'A')
  t.equal(grouping.given - grouping.rightGiven, 1)
  t.equal(grouping.due - grouping.rightDue, 2)
})

t.test('a sale in two, and one that is missing, are seen', async (t) => {
  const sales = ledger('A')
  const at = sales.findIndex((sale) => decidable(sale) && sale.lines.length > 1)
  const whole = sales[at] as Sale
  const parts = [whole.lines.slice(0, 1), whole.lines.slice(1)]
  sales.splice(at, 1, ...parts.map((lines, i): Sale => ({ ...whole, id: `${whole.id}/${i}`, lines })))
  const split = compareGrouping(sales, truths, 'A').grouping
  t.equal(split.given - split.rightGiven, 2)
  t.equal(split.due - split.rightDue, 1)
  sales.splice(at, 2)
  const missing = compareGrouping(sales, truths, 'A').grouping
  t.equal(missing.given, missing.rightGiven)
  t.equal(missing.due - missing.rightDue, 1)
})

t.test('a wrong price, count, date or mark is seen', async (t) => {
  const spoil = (change: Partial<Sale>) => {
    const sales = ledger('A')
    const at = sales.findIndex((sale) => decidable(sale) && sale.countCertain)
    sales[at] = { ...(sales[at] as Sale), ...change }
    return compareGrouping(sales, truths, 'A')
  }
  for (const change of [{ priceEur: 1.5 }, { flats: 99 }, { soldOn: '1999-01-01' }, { lineCount: 99 }]) {
    const { facts } = spoil(change)
    t.equal(facts.due - facts.rightDue, 1, Object.keys(change).join())
  }
  const uncertain = spoil({ countCertain: false }).uncertain
  t.equal(uncertain.given - uncertain.rightGiven, 1)
  const marked = spoil({ basis: 'ambiguous' }).ambiguous
  t.equal(marked.given - marked.rightGiven, 1)
  const unmarked = ledger('A').map((sale): Sale => ({ ...sale, basis: 'evidence' }))
  t.equal(compareGrouping(unmarked, truths, 'A').ambiguous.recall, 0)
})

t.test('a sale that changes its identity, and a change too many or too few, are seen', async (t) => {
  const withdrawn = [...steps.values()].filter((step) => step.kind === 'withdrawn')
  const added = [...steps.values()].filter((step) => step.kind === 'added')
  const changes: Change[] = [...withdrawn, ...added].map(({ id, kind }) => ({
    ...{ id: String(id), kind: kind as 'added' | 'withdrawn', field: null, old: null, new: null },
  }))
  const compare = (after: Sale[], told: Change[]) =>
    compareSteps(pairSales(ledger('A'), truths), pairSales(after, truths), told, steps, truths, {
      undecidableSteps,
    })
  const right = compare(ledger('B'), changes)
  t.same([right.added.precision, right.added.recall], [1, 1])
  t.same([right.withdrawn.precision, right.withdrawn.recall], [1, 1])
  t.same([right.unchanged.precision, right.unchanged.recall], [1, 1])
  t.equal(right.corrected.recall, 0, 'no correction is told')

  t.ok(compare(ledger('B'), changes.slice(1)).withdrawn.recall < 1, 'a withdrawal too few')
  const still = ledger('B').filter((sale) => decidable(sale) && !steps.has(Number(sale.id)))
  const tooMany: Change = {
    id: (still[0] as Sale).id,
    kind: 'corrected',
    field: 'room_count',
    old: 1,
    new: 2,
  }
  const more = compare(ledger('B'), [...changes, tooMany])
  t.ok(more.corrected.precision < 1 && more.unchanged.recall < 1, 'a correction too many')
  const renamed = ledger('B').map((sale) => (sale.id === still[0]?.id ? { ...sale, id: 'new' } : sale))
  t.ok(compare(renamed, changes).unchanged.recall < 1, 'another identity')
})
