import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { z } from 'zod'
import { columns } from '../../seeds/world/listings/columns.ts'
import { errorNames } from '../../seeds/world/listings/errors.ts'
import { faults } from '../../seeds/world/listings/faults.ts'
import { generateListings, writeDemoSessions, writeStagedFile } from '../../seeds/world/listings/index.ts'
import {
  type ListingManifest,
  readListingManifest,
  readTruthAds,
  readTruthHomes,
  readTruthRows,
  type SomeFacts,
} from '../../seeds/world/listings/truth.ts'
import { scratch } from './lib/world.ts'

t.setTimeout(120_000)

const rowSchema = z.array(z.record(z.string(), z.string()))

function readSession(path: string): Record<string, string>[] {
  return rowSchema.parse(parse(readFileSync(path, 'utf8'), { columns: true, relax_column_count: true }))
}

function digest(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
  const hash = createHash('sha1')
  for (const path of files.map((file) => join(file.parentPath, file.name)).sort()) {
    hash.update(path.slice(folder.length)).update(readFileSync(path))
  }
  return hash.digest('hex')
}

t.test('the same sizes and seed give the same bytes, another seed others', async (t) => {
  const [one, again, other] = [scratch(), scratch(), scratch()] as const
  const sizes = { homes: 150, sessions: 3, faultEvery: 1 }
  const manifest = await generateListings({ folder: one, ...sizes, seed: 5 })
  await generateListings({ folder: again, ...sizes, seed: '5' })
  await generateListings({ folder: other, ...sizes, seed: 6 })
  t.equal(digest(one), digest(again))
  t.not(digest(one), digest(other))
  t.same(await readListingManifest(one), manifest)
})

t.test('a world of listings', async (t) => {
  const folder = scratch()
  const manifest: ListingManifest = await generateListings({
    folder,
    homes: 700,
    sessions: 22,
    seed: 'look',
    habits: 'careless',
    faultEvery: 2,
  })
  const sound = manifest.sessions.filter(({ fault }) => fault === null)
  const ads = new Map<number, { night: number; facts: SomeFacts }[]>()
  for await (const { home, night, facts } of readTruthAds(folder)) {
    const known = ads.get(home) ?? []
    known.push({ night, facts: { ...known.at(-1)?.facts, ...facts } })
    ads.set(home, known)
  }
  const homes = await Array.fromAsync(readTruthHomes(folder))

  await t.test('every row has its truth, in the order of the file', async (t) => {
    for (const session of manifest.sessions) {
      const rows = readSession(join(folder, session.path))
      const truth = await Array.fromAsync(readTruthRows(folder, session))
      t.equal(rows.length, session.rows, session.path)
      const wrong = truth.filter(({ key, errors }, i) => {
        const isBroken = errors?.includes('broken_line') === true
        return !isBroken && rows[i]?.source_key !== key
      })
      if (session.fault === null || session.fault === 'truncated') t.same(wrong, [], session.path)
      t.same(
        truth.map(({ line }) => line),
        rows.map((_, i) => i + 2),
      )
    }
  })

  await t.test('a row without an error says what its ad says', async (t) => {
    const digits = (text: string): number => Number(text.replace(/,00/, '').replace(/[^0-9]/g, ''))
    let compared = 0
    for (const session of sound) {
      const rows = readSession(join(folder, session.path))
      let index = 0
      for await (const row of readTruthRows(folder, session)) {
        const written = rows[index++]
        if (row.home === null || written === undefined || row.errors !== undefined) continue
        const ad = ads.get(row.home)?.findLast(({ night }) => night <= (row.asOf ?? session.night))?.facts
        const said = { ...ad, ...row.shown }
        if (digits(written.price ?? '') !== (said.price_eur ?? 0)) t.fail(`${session.path} ${row.line} price`)
        if (written.title !== said.title) t.fail(`${session.path} ${row.line} title`)
        if (digits((written.surface ?? '').replace('m²', '')) !== (said.surface_m2 ?? 0)) t.fail('surface')
        compared++
      }
    }
    t.ok(compared > 10_000)
  })

  await t.test('every error class and every fault comes', async (t) => {
    const met = new Set<string>()
    for (const session of sound) {
      for await (const { errors } of readTruthRows(folder, session))
        for (const name of errors ?? []) met.add(name)
    }
    t.same([...met].sort(), errorNames.toSorted())
    t.same(new Set(manifest.sessions.map(({ fault }) => fault)), new Set([null, ...faults]))
  })

  await t.test('homes are sold, come back and get new keys', (t) => {
    t.ok(homes.filter(({ soldAt }) => soldAt !== null).length > 20)
    t.ok(homes.filter(({ spans }) => spans.length > 1).length > 5)
    t.ok(homes.filter(({ keys }) => keys.length > 1).length > 20)
    const keys = homes.flatMap((home) => home.keys.map(({ key }) => key))
    t.equal(new Set(keys).size, keys.length, 'a key is one home')
    for (const { home, spans, soldAt } of homes) {
      if (soldAt !== null && spans.at(-1)?.until !== soldAt) t.fail(`${home} was sold and is for sale`)
    }
    t.end()
  })

  await t.test('certificates are what the law makes of their figures', (t) => {
    const energy = [70, 110, 180, 250, 330, 420]
    const emissions = [6, 11, 30, 50, 70, 100]
    const place = (bounds: number[], value: number): number => bounds.filter((bound) => value > bound).length
    for (const [home, versions] of ads) {
      for (const { facts } of versions) {
        if (facts.dpe_class === null || facts.dpe_class === undefined) continue
        const worst = Math.max(
          place(energy, Number(facts.dpe_kwh_m2)),
          place(emissions, Number(facts.ghg_kgco2_m2)),
        )
        if ('ABCDEFG'[worst] !== facts.dpe_class) t.fail(`home ${home}: ${JSON.stringify(facts)}`)
      }
    }
    t.pass()
    t.end()
  })
})

t.test('a night later one home in a hundred is new, two changed, one in two hundred gone', async (t) => {
  const folder = scratch()
  const options = { rows: 4000, seed: 3 }
  const first = writeStagedFile({ ...options, night: 1, out: join(folder, '1.csv') })
  const second = writeStagedFile({ ...options, night: 2, out: join(folder, '2.csv') })
  t.same(first, { rows: 4000, added: 0, changed: 0, gone: 0 })
  t.same(second, { rows: 4020, added: 40, changed: 80, gone: 20 })
  const lines = (name: string): Map<string, string> =>
    new Map(
      readSession(join(folder, name)).map((row) => [
        row.source_key ?? '',
        columns.map((c) => row[c]).join('|'),
      ]),
    )
  const [before, after] = [lines('1.csv'), lines('2.csv')]
  t.equal(before.size, 4000)
  t.equal([...after.keys()].filter((key) => !before.has(key)).length, 40)
  t.equal([...before.keys()].filter((key) => !after.has(key)).length, 20)
  t.equal([...after].filter(([key, line]) => before.has(key) && before.get(key) !== line).length, 80)
})

t.test('the demonstration is a first, a normal and a truncated night', async (t) => {
  const sessions = await writeDemoSessions(scratch())
  t.same(
    sessions.map(({ name }) => name),
    ['first', 'normal', 'truncated'],
  )
  const [first = 0, normal = 0, truncated = 0] = sessions.map(({ rows }) => rows)
  t.ok(Math.abs(first - normal) < first / 10)
  t.ok(truncated < normal * 0.7)
  for (const { path, rows } of sessions) t.equal(readSession(path).length, rows)
})

t.test('an impossible size is refused', async (t) => {
  await t.rejects(generateListings({ folder: scratch(), homes: 3, sessions: 2, seed: 1 }), RangeError)
  await t.rejects(generateListings({ folder: scratch(), homes: 300, sessions: 0, seed: 1 }), RangeError)
})

t.test('an aborted generation rejects with the reason', async (t) => {
  const abort = new AbortController()
  const generation = generateListings({
    folder: scratch(),
    homes: 100,
    sessions: 5,
    seed: 1,
    signal: abort.signal,
    progress: () => abort.abort(new Error('enough')),
  })
  await t.rejects(generation, { message: 'enough' })
})
