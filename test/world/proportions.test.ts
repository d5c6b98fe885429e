import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { fileLines, splitCsv } from './lib/read-lines.ts'
import { placesOf, readableLines, wholeWorld } from './lib/world.ts'

// A generation shares the machine with every other test.
t.setTimeout(120_000)

const world = await wholeWorld(20_000, 'proportions')
const lines = readableLines(world, 'A', 'geo')
const mutations = world.mutations.A
const rows = fileLines(join(world.folder, 'release-A/geo/full.csv')).slice(2).map(splitCsv)
const raw = [2020, 2021, 2022, 2023, 2024]
  .map((year) => readFileSync(join(world.folder, `release-A/raw/ValeursFoncieres-${year}.txt`), 'utf8'))
  .join('\n')

const share = <T>(items: readonly T[], accept: (item: T) => boolean): number =>
  items.filter(accept).length / items.length
const within = (t: Test, value: number, low: number, high: number, what: string): void => {
  t.ok(value >= low && value <= high, `${what}: ${value.toFixed(4)} within ${low} and ${high}`)
}

t.test('mutations have the lines, prices and gaps that real files have', async (t) => {
  within(t, lines.length / mutations.length, 2.0, 2.7, 'lines per mutation')
  within(
    t,
    share(mutations, (m) => !m.decidable),
    0.02,
    0.05,
    'undecidable mutations',
  )
  within(
    t,
    share(mutations, (m) => m.price !== null && Math.round(m.price * 100) % 10_000 === 0),
    0.65,
    0.88,
    'round',
  )
  within(
    t,
    share(mutations, (m) => m.price === null),
    0.003,
    0.03,
    'without price',
  )
  within(
    t,
    share(mutations, (m) => m.dispositions.length > 1),
    0.01,
    0.04,
    'several dispositions',
  )
  within(
    t,
    share(mutations, (m) => m.partial),
    0.002,
    0.01,
    'partial',
  )
  within(
    t,
    share(rows, (row) => row[38] === ''),
    0.01,
    0.05,
    'no coordinates',
  )
  within(
    t,
    share(rows, (row) => row[9] === ''),
    0.01,
    0.05,
    'no postal code',
  )
  within(
    t,
    share(rows, (row) => Number(row[5]) >= 5000),
    0.01,
    0.1,
    'pseudo street numbers',
  )
  within(
    t,
    share(rows, (row) => row[6] !== ''),
    0.01,
    0.06,
    'suffixes',
  )
  const identical = new Set(rows.map((row) => row.join(',')))
  within(t, 1 - identical.size / rows.length, 0.03, 0.3, 'exact repeats')
  for (const year of [2020, 2021, 2022, 2023, 2024]) {
    within(
      t,
      share(mutations, (m) => m.date.startsWith(String(year))),
      0.15,
      0.25,
      `year ${year}`,
    )
  }
})

t.test('release B changes a few of a hundred mutations', async (t) => {
  const count = (kind: string): number => world.steps.filter((step) => step.kind === kind).length
  within(t, count('corrected') / mutations.length, 0.013, 0.018, 'corrected')
  within(t, count('withdrawn') / mutations.length, 0.002, 0.004, 'withdrawn')
  within(t, count('added') / mutations.length, 0.008, 0.025, 'added')
  const why = new Set(world.steps.flatMap((step) => (step.kind === 'added' ? [step.why] : [])))
  t.same([...why].sort(), ['late', 'new-month'])
  const fields = new Set(
    world.steps.flatMap((s) => (s.kind === 'corrected' ? s.changes.map((c) => c.field) : [])),
  )
  t.equal(fields.size, 8, [...fields].join(', '))
  t.ok(world.steps.some((step) => step.kind === 'corrected' && step.changes.length === 2))
  t.ok(world.steps.some((step) => step.kind === 'corrected' && !step.decidable))
  t.ok(count('merged') > 0)
})

t.test('every awkward case is there', async (t) => {
  for (const [name, count] of Object.entries(world.manifest.cases)) t.ok(count > 0, name)
  const natures = new Set(mutations.map((m) => m.nature))
  t.equal(natures.size, 6)
  for (const kind of ['U1', 'U2', 'U3', 'U4'] as const) {
    const sets = Map.groupBy(
      mutations.filter((m) => m.case === kind),
      (m) => m.set,
    )
    const ones = [...sets.values()].filter((set) => set.length === 1).length
    if (kind !== 'U4') within(t, ones / sets.size, 0.3, 0.7, `${kind} that are one mutation in truth`)
    t.ok(sets.size >= 5)
  }
  t.ok(
    mutations.some((m) => placesOf(m, 'geo').length >= 200),
    'a great block',
  )
  t.ok(
    mutations.some((m) => !m.countCertain),
    'an uncertain count',
  )
  t.ok(
    mutations.some((m) => m.price === 1),
    'a symbolic euro',
  )
  const has = (test: (row: string[]) => boolean, what: string): void => void t.ok(rows.some(test), what)
  has((row) => /[A-Z]$/.test(row[18] ?? ''), 'a lot that is a text')
  has((row) => Number(row[28]) > 5, 'more lots than a line has room for')
  has((row) => /"/.test(row[7] ?? ''), 'quotation marks in a street')
  has((row) => /,/.test(row[7] ?? ''), 'a comma in a street')
  has((row) => /'/.test(row[7] ?? ''), 'an apostrophe in a street')
  has((row) => /'/.test(row[11] ?? ''), 'an apostrophe in a commune')
  has((row) => row[16] !== '' && row[13] !== row[10], 'a parcel that moved with its commune')
  has((row) => row[13] !== '' && row[13] === row[10], 'a former name under the same code')
  has(
    (row) => row[13] !== '' && row[16] === '' && row[15]?.startsWith(row[13] ?? '?') === true,
    'a kept parcel',
  )
  has((row) => row[17] !== '', 'a volume')
  has((row) => /^75116|^751/.test(row[10] ?? ''), 'an arrondissement of Paris')
  has((row) => /^6938/.test(row[10] ?? ''), 'an arrondissement of Lyon')
  has((row) => /^132/.test(row[10] ?? ''), 'an arrondissement of Marseille')
  has((row) => row[12] === '974', 'a département overseas')
  has((row) => row[12] === '2A', 'Corsica')
  has((row) => /\.\d/.test(row[4] ?? ''), 'a price with cents')
  const communes = Map.groupBy(lines, (line) => `${line.date}|${line.number}|${line.nature}|${line.price}`)
  t.ok(
    [...communes.values()].some((own) => own[0]?.price && new Set(own.map((l) => l.commune)).size > 1),
    'communes',
  )
  t.notOk(rows.some((row) => ['57', '67', '68', '976'].includes(row[12] ?? '')))
  t.match(raw, /\|0,00\|/, 'a raw price of 0')
  t.match(raw, /PARIS \d\d\|75\|1\d\d\|/)
  t.match(raw, /LYON \dEME\|69\|38\d\|/)
  t.match(raw, /MARSEILLE \d+EME\|13\|2\d\d\|8\d\d\|/)
  t.match(raw, /\|2A\|4\|/)
})
