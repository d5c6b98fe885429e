import t from 'tap'
import { long } from '../lib/long.ts'
import { truthCases } from '../lib/truth-cases.ts'
import { testCase, truthWorld } from '../lib/truth-test.ts'

t.setTimeout(long ? 1_800_000 : 240_000)

const world = await truthWorld(t, 'altered')

for (const one of truthCases.filter((each) => each.alteration !== undefined)) {
  t.test(`sales and what becomes of them are the true ones: ${one.name}`, (t) => testCase(t, one, world))
}
