import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { listingManifestSchema, readListingManifest } from '../../seeds/world/listings/truth.ts'
import { readManifest, worldManifestSchema } from '../../seeds/world/truth.ts'
import { scratch } from './lib/world.ts'

t.setTimeout(120_000)

const main = new URL('../../server/cli/main.ts', import.meta.url).pathname
const parcelle = (...args: string[]) => promisify(execFile)(process.execPath, [main, ...args])

t.test('a world is written from the command line and described as JSON', async (t) => {
  const folder = join(scratch(), 'france')
  const { stdout } = await parcelle('world', 'generate', folder, '--lines', '1000', '--seed', 'cli', '--json')
  const told = JSON.parse(stdout)
  t.equal(told.folder, folder)
  t.same(worldManifestSchema.parse(told), await readManifest(folder))
  t.equal(told.releases[0].lines, 1000)
})

t.test('an impossible size is a question asked wrongly', async (t) => {
  await t.rejects(parcelle('world', 'generate', join(scratch(), 'x'), '--lines', '3'), { code: 2 })
  await t.rejects(parcelle('world', 'generate', join(scratch(), 'x'), '--geo-split', 'week'), { code: 2 })
})

t.test('a listing source is written from the command line and described as JSON', async (t) => {
  const folder = join(scratch(), 'market')
  const { stdout } = await parcelle(
    'world',
    'listings',
    folder,
    '--homes',
    '150',
    '--sessions',
    '2',
    '--json',
  )
  const { folder: told, ...manifest } = JSON.parse(stdout)
  t.equal(told, folder)
  t.same(listingManifestSchema.parse(manifest), await readListingManifest(folder))
  await t.rejects(parcelle('world', 'listings', folder, '--homes', '3'), { code: 2 })
  await t.rejects(parcelle('world', 'listings', folder, '--habits', 'tidy'), { code: 2 })
})
