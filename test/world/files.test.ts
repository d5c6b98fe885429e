import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { fileLines, readGeo, readRaw, splitCsv } from './lib/read-lines.ts'
import { placesOf, readableLines, wholeWorld } from './lib/world.ts'

// A generation shares the machine with every other test.
t.setTimeout(120_000)

const world = await wholeWorld(20_000, 'files')
const [releaseA, releaseB] = world.manifest.releases
if (releaseA === undefined || releaseB === undefined) throw new Error('two releases expected')

t.test('every file has the lines the manifest says, its bad ones planted where the truth says', async (t) => {
  for (const release of [releaseA, releaseB]) {
    release.files.forEach((file, index) => {
      const lines = fileLines(join(world.folder, file.path))
      t.equal(lines.length - 2, file.lines, file.path)
      const bad = world.badLines.filter(
        (b) => b.release === release.code && b.form === file.form && b.file === index,
      )
      t.equal(bad.length, file.bad, file.path)
      t.same(
        bad.map((one) => lines[one.line]),
        bad.map((one) => one.text),
        file.path,
      )
      const bytes = readFileSync(join(world.folder, file.path), 'latin1')
      t.equal(bytes.endsWith('\n'), file.finalNewline)
      t.equal(bytes.includes('\r\n'), file.newline === 'crlf')
    })
  }
})

t.test('release A has exactly the lines asked for, in both forms', async (t) => {
  t.equal(releaseA.lines, 20_000)
  t.equal(readableLines(world, 'A', 'geo').length, 20_000)
  t.equal(readableLines(world, 'A', 'raw').length, 20_000)
})

t.test('the truth names every readable line once', async (t) => {
  for (const code of ['A', 'B'] as const) {
    for (const form of ['geo', 'raw'] as const) {
      const named = world.mutations[code].flatMap((m) => placesOf(m, form)).sort((a, b) => a - b)
      const readable = readableLines(world, code, form).map((line) => line.line)
      t.same(
        named,
        readable.sort((a, b) => a - b),
        `${code} ${form}`,
      )
    }
  }
})

t.test('readable lines have all their fields, planted ones their fault', async (t) => {
  for (const code of ['A', 'B'] as const) {
    t.ok(readableLines(world, code, 'geo').every((line) => line.fields === 40))
    t.ok(readableLines(world, code, 'raw').every((line) => line.fields === 43))
  }
  for (const bad of world.badLines) {
    const { fields, date, price, commune } = bad.form === 'geo' ? readGeo(bad.text) : readRaw(bad.text)
    const due = bad.form === 'geo' ? 40 : 43
    const faults = {
      'few-fields': fields < due,
      'many-fields': fields > due,
      'impossible-date': /-02-30$/.test(date),
      'bad-number': Number.isNaN(price),
      'unknown-commune': bad.form === 'raw' ? /99$/.test(commune) : /99$/.test(splitCsv(bad.text)[10] ?? ''),
    }
    t.ok(faults[bad.reason], `${bad.reason}: ${bad.text}`)
    t.equal(Object.values(faults).filter(Boolean).length, 1, bad.reason)
  }
})

t.test('both forms of a release tell the same of every mutation', async (t) => {
  const told = (line: ReturnType<typeof readGeo> | undefined): string =>
    line === undefined
      ? 'missing'
      : [line.date, line.number, line.nature, line.price, line.commune, line.parcel, line.lots, line.type]
          .concat(line.builtM2, line.rooms, line.streetNumber, line.land)
          .join('|')
  for (const code of ['A', 'B'] as const) {
    const geo = new Map(readableLines(world, code, 'geo').map((line) => [line.line, line]))
    const raw = new Map(readableLines(world, code, 'raw').map((line) => [line.line, line]))
    const differing = world.mutations[code].filter((m) => {
      const one = placesOf(m, 'geo').map((place) => told(geo.get(place)))
      const other = placesOf(m, 'raw').map((place) => told(raw.get(place)))
      return one.sort().join('\n') !== other.sort().join('\n')
    })
    t.same(differing, [])
  }
})

t.test(
  'published identifiers are numbered by date and price in the order of the file, and so are unstable',
  async (t) => {
    let previous = ''
    let id = ''
    const ids = new Set<string>()
    for (const text of fileLines(join(world.folder, 'release-A/geo/full.csv')).slice(2)) {
      const fields = splitCsv(text)
      const told = `${fields[1]} ${fields[4]}`
      if (/-02-30$/.test(fields[1] ?? '') || fields[4] === '12O000') continue
      if ((told === previous) !== (fields[0] === id)) t.fail(`${fields[0]} follows ${id}`)
      if (told !== previous && ids.has(fields[0] ?? '')) t.fail(`${fields[0]} is met twice`)
      previous = told
      id = fields[0] ?? ''
      ids.add(id)
    }
    t.not(ids.size, releaseA.mutations)
  },
)
