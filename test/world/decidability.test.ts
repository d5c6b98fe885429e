import t from 'tap'
import { long } from '../lib/long.ts'
import { decide } from './lib/decide.ts'
import { placesOf, readableLines, wholeWorld } from './lib/world.ts'

// A generation shares the machine with every other test.
t.setTimeout(long ? 900_000 : 120_000)

const key = (lines: readonly number[]): string => [...lines].sort((a, b) => a - b).join(' ')

for (const [lines, seed] of [
  [2_000, 'one'],
  [20_000, 'two'],
  [long ? 500_000 : 40_000, 'three'],
] as const) {
  const world = await wholeWorld(lines, seed)

  for (const release of ['A', 'B'] as const) {
    for (const form of ['geo', 'raw'] as const) {
      t.test(
        `the ${form} lines of release ${release} (${lines}) tell what the truth says they tell`,
        async (t) => {
          const verdicts = decide(readableLines(world, release, form))
          const truth = world.mutations[release]
          const decided = truth.filter((m) => m.decidable)
          const bySet = Map.groupBy(
            truth.filter((m) => !m.decidable),
            (m) => m.set ?? 0,
          )
          t.same(
            verdicts
              .filter((v) => v.undecidable === undefined)
              .map((v) => `${v.partial} ${key(v.lines)}`)
              .sort(),
            decided.map((m) => `${m.partial} ${key(placesOf(m, form))}`).sort(),
            'decided mutations',
          )
          t.same(
            verdicts
              .flatMap((v) => (v.undecidable === undefined ? [] : [`${v.undecidable} ${key(v.lines)}`]))
              .sort(),
            [...bySet.values()]
              .map((set) => `${set[0]?.case} ${key(set.flatMap((m) => placesOf(m, form)))}`)
              .sort(),
            'undecidable sets',
          )
        },
      )
    }
  }

  t.test(`the restricted extract (${lines}) names the mutation of each of its lines`, async (t) => {
    const extract = readableLines(world, 'A', 'restricted')
    const byReference = Map.groupBy(extract, (line) => `${line.service}/${line.reference}`)
    const expected = world.mutations.A.map((m) => placesOf(m, 'restricted')).filter(
      (places) => places.length > 0,
    )
    t.ok(extract.length > 0)
    t.same(
      [...byReference.values()].map((group) => key(group.map((line) => line.line))).sort(),
      expected.map(key).sort(),
    )
  })
}
