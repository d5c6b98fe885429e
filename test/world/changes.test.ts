import { join } from 'node:path'
import t from 'tap'
import type { TruthMutation } from '../../seeds/world/truth.ts'
import { long } from '../lib/long.ts'
import type { Placed } from './lib/decide.ts'
import { fileLines, splitCsv } from './lib/read-lines.ts'
import { placesOf, readableLines, wholeWorld } from './lib/world.ts'

// A generation shares the machine with every other test.
t.setTimeout(long ? 900_000 : 120_000)

const world = await wholeWorld(long ? 500_000 : 40_000, 'changes')

/** The lines of each mutation of a release, by its number. */
function linesById(release: 'A' | 'B', form: 'geo' | 'raw'): Map<number, Placed[]> {
  const lines = new Map(readableLines(world, release, form).map((line) => [line.line, line]))
  return new Map(
    world.mutations[release].map((mutation) => [
      mutation.id,
      placesOf(mutation, form).flatMap((place) => lines.get(place) ?? []),
    ]),
  )
}

const columns = {
  date: 'date',
  price: 'price',
  nature: 'nature',
  parcel: 'parcel',
  type: 'type',
  builtM2: 'built_surface',
  rooms: 'rooms',
  streetNumber: 'street_number',
  lots: 'lots',
  land: 'land',
  number: 'disposition',
} as const

/** Which columns of the two sets of lines differ, whatever the order of the lines. */
function differing(before: readonly Placed[], after: readonly Placed[]): string[] {
  return Object.entries(columns).flatMap(([column, name]) => {
    const values = (lines: readonly Placed[]): string =>
      lines
        .map((line) => String(line[column as keyof typeof columns]))
        .sort()
        .join(' ')
    return values(before) === values(after) ? [] : [name]
  })
}

const byId = (mutations: readonly TruthMutation[]): Map<number, TruthMutation> =>
  new Map(mutations.map((mutation) => [mutation.id, mutation]))

const truth = { A: byId(world.mutations.A), B: byId(world.mutations.B) }

for (const form of ['geo', 'raw'] as const) {
  const before = linesById('A', form)
  const after = linesById('B', form)

  t.test(`the ${form} lines differ in what the steps say, and in nothing else`, async (t) => {
    const told = new Map(world.steps.map((step) => [step.id, step]))
    t.equal(told.size, world.steps.length, 'one step per mutation')
    const wrong: unknown[] = []
    for (const id of new Set([...before.keys(), ...after.keys()])) {
      const step = told.get(id)
      const [old, now] = [before.get(id), after.get(id)]
      if (old === undefined || now === undefined) {
        const kind = old === undefined ? 'added' : 'withdrawn'
        if (step?.kind !== kind) wrong.push([id, kind, step])
        continue
      }
      const due = step?.kind === 'corrected' ? step.changes.map((change) => change.field as string) : []
      if (step?.kind === 'added' || step?.kind === 'withdrawn') wrong.push([id, step])
      const found = differing(old, now)
      if (found.sort().join() !== due.sort().join()) wrong.push([id, found, due])
    }
    t.same(wrong, [])
  })

  t.test(`the ${form} lines carry the old and the new value of each correction`, async (t) => {
    const column = Object.fromEntries(Object.entries(columns).map(([key, name]) => [name, key]))
    const wrong = world.steps.flatMap((step) => {
      if (step.kind !== 'corrected') return []
      return step.changes.filter((change) => {
        const key = column[change.field] as keyof typeof columns
        const has = (lines: readonly Placed[] | undefined, value: string | number): boolean =>
          lines?.some((line) => String(line[key]) === String(value)) === true
        return !has(before.get(step.id), change.old) || !has(after.get(step.id), change.new)
      })
    })
    t.same(wrong, [])
  })
}

t.test('no sale that release B changes can be taken for another', async (t) => {
  const before = linesById('A', 'raw')
  const after = linesById('B', 'raw')
  const facets = (mutation: TruthMutation, lines: readonly Placed[]): string[] => [
    mutation.date,
    String(mutation.price),
    mutation.nature,
    [...new Set(lines.map((line) => line.parcel))].sort().join(),
    [...new Set(lines.map((line) => line.parcel.slice(0, 10)))].sort().join(),
    lines
      .map((line) => `${line.type}/${line.builtM2}/${line.rooms}/${line.lots}`)
      .sort()
      .join(),
    lines
      .map((line) => line.land)
      .sort()
      .join(),
  ]
  const side = (ids: readonly number[], which: 'A' | 'B') =>
    ids.flatMap((id) => {
      const mutation = truth[which].get(id)
      const lines = (which === 'A' ? before : after).get(id)
      return mutation === undefined || lines === undefined
        ? []
        : [{ id, mutation, facets: facets(mutation, lines) }]
    })
  const changed = world.steps.filter((step) => step.kind !== 'corrected' || step.decidable)
  const olds = Map.groupBy(
    side(
      changed.map((step) => step.id),
      'A',
    ),
    (one) => one.mutation.department,
  )
  const news = side(
    changed.map((step) => step.id),
    'B',
  )
  const wrong: unknown[] = []
  for (const now of news) {
    for (const old of olds.get(now.mutation.department) ?? []) {
      const same = old.facets.map((facet, i) => facet === now.facets[i])
      // That neither has a price, nor says anything of premises or land, makes nobody take one for the other.
      const alike = same.filter((equal, i) => equal && !/^(null|[/,]*)$/.test(old.facets[i] ?? '')).length
      const differ = same.filter((equal) => !equal).length
      if (old.id === now.id ? differ > 3 : alike > 3) wrong.push([old, now])
    }
  }
  t.ok(news.length > 300)
  t.same(wrong, [])
})

t.test('what release B added late lies in the past of release A, new months do not', async (t) => {
  const newest =
    [...truth.A.values()]
      .map((m) => m.date)
      .sort()
      .at(-1) ?? ''
  for (const step of world.steps) {
    if (step.kind !== 'added') continue
    const date = truth.B.get(step.id)?.date ?? ''
    if ((step.why === 'new-month') !== date > newest) t.fail(`${step.why} on ${date}`)
  }
  t.equal(newest.slice(0, 7), '2024-11')
})

t.test('a merged commune keeps its sales under a new code, and only the CSV form shows it', async (t) => {
  const files = world.manifest.releases.map((one) => fileLines(join(world.folder, one.files[0]?.path ?? '')))
  const rows = (release: 'A' | 'B', id: number): string[][] => {
    const lines = files[release === 'A' ? 0 : 1]
    return placesOf(truth[release].get(id) as TruthMutation, 'geo').map((line) =>
      splitCsv(lines?.[line] ?? ''),
    )
  }
  const merged = world.steps.filter((step) => step.kind === 'merged')
  t.ok(merged.length > 3)
  for (const { id, from, to } of merged) {
    const before = rows('A', id).some((row) => row[10] === from && row[13] === '' && row[16] === '')
    const after = rows('B', id).some((row) => row[10] === to && row[13] === from && row[15]?.startsWith(to))
    if (!before || !after) t.fail(`mutation ${id} from ${from} to ${to}`)
  }
})

t.test('two sales that swap are marked: both prices change on one parcel and day', async (t) => {
  const swaps = world.steps.filter((step) => step.kind === 'corrected' && !step.decidable)
  const sets = Map.groupBy(swaps, (step) => (step.kind === 'corrected' ? step.set : undefined))
  t.ok(sets.size > 0)
  for (const pair of sets.values()) {
    const days = new Set(pair.map(({ id }) => truth.A.get(id)?.date))
    if (pair.length !== 2 || days.size !== 1) t.fail(`set of ${pair.map(({ id }) => id).join()}`)
  }
})
