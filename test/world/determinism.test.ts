import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { generateWorld } from '../../seeds/world/generate.ts'
import { readManifest } from '../../seeds/world/truth.ts'
import { fileLines } from './lib/read-lines.ts'
import { scratch } from './lib/world.ts'

// A generation shares the machine with every other test.
t.setTimeout(120_000)

function digests(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  const paths = files.map((file) => join(file.parentPath, file.name)).sort()
  return Object.fromEntries(
    paths.map((path) => [
      path.slice(folder.length),
      createHash('sha1').update(readFileSync(path)).digest('hex'),
    ]),
  )
}

t.test('the same lines and seed give the same bytes, another seed gives others', async (t) => {
  const [one, again, other] = [scratch(), scratch(), scratch()] as const
  const manifest = await generateWorld({ folder: one, lines: 3000, seed: 5 })
  await generateWorld({ folder: again, lines: 3000, seed: '5' })
  await generateWorld({ folder: other, lines: 3000, seed: 6 })
  t.same(digests(one), digests(again))
  t.not(digests(one)['/release-A/geo/full.csv'], digests(other)['/release-A/geo/full.csv'])
  t.same(await readManifest(one), manifest)
})

t.test('a second generation replaces the first one', async (t) => {
  const [reused, fresh] = [scratch(), scratch()] as const
  await generateWorld({ folder: reused, lines: 1000, seed: 1, geoSplit: 'department' })
  await generateWorld({ folder: reused, lines: 1000, seed: 2 })
  await generateWorld({ folder: fresh, lines: 1000, seed: 2 })
  t.same(digests(reused), digests(fresh))
})

t.test('the CSV form can be cut by year or by département without changing a sale', async (t) => {
  const sales = async (geoSplit: 'full' | 'year' | 'department'): Promise<string[]> => {
    const folder = scratch()
    const { releases } = await generateWorld({ folder, lines: 2000, seed: 1, geoSplit })
    const files = releases.flatMap((release) => release.files).filter((file) => file.form === 'geo')
    t.ok(geoSplit === 'full' ? files.length === 2 : files.length >= 10)
    const lines = files.flatMap((file) => fileLines(join(folder, file.path)).slice(2))
    return lines.map((line) => line.slice(line.indexOf(',') + 1)).sort()
  }
  const full = await sales('full')
  t.same(await sales('year'), full)
  t.same(await sales('department'), full)
})

t.test('an aborted generation rejects with the reason', async (t) => {
  const abort = new AbortController()
  const generation = generateWorld({
    folder: scratch(),
    lines: 5000,
    seed: 1,
    signal: abort.signal,
    progress: () => abort.abort(new Error('enough')),
  })
  await t.rejects(generation, { message: 'enough' })
})

t.test('an impossible size is refused', async (t) => {
  await t.rejects(generateWorld({ folder: scratch(), lines: 12, seed: 1 }), RangeError)
})
