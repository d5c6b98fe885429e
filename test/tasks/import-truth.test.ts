import t from 'tap'
import { long } from '../lib/long.ts'
import { truthCases } from '../lib/truth-cases.ts'
import { testCase, testRelease, truthWorld } from '../lib/truth-test.ts'

t.setTimeout(long ? 1_800_000 : 240_000)

const world = await truthWorld(t, 'truth')

for (const one of truthCases.filter((each) => each.alteration === undefined)) {
  t.test(`sales and what becomes of them are the true ones: ${one.name}`, (t) => testCase(t, one, world))
}

t.test('release B alone groups as truly as after release A', (t) => testRelease(t, 'B', 'geo', world))

t.test('with references nothing is ambiguous', (t) => testRelease(t, 'A', 'restricted', world))
