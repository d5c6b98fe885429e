import { readFile } from 'node:fs/promises'
import t from 'tap'
import { openSources } from '../../tasks/lib/dvf/index.ts'
import { canonical, type Row, realFileNames, realFiles, translated, translatedFrom } from './dvf-helpers.ts'

// Lines of each real file; every one of them can be read.
const expectedLines: Record<string, number> = {
  'geo/geo_2016_ain_5k.csv': 4956,
  'geo/geo_2018_rhone_14518.csv': 14_518,
  'geo/geo_2020_ain_5k.csv': 5010,
  'geo/geo_2023_toulon_83137.csv': 8607,
  'geo/geo_2022_villeneuve-la-garenne_92078.csv': 517,
  'geo/geo_2019_val-d-europe_extra-columns.csv': 1777,
  'geo/geo_national-sample_1000-mutations_zeros-lost.csv': 2824,
  'raw/dgfip_2018_ain_10k_resaved-by-pandas.txt': 10_000,
  'raw/dgfip_2020_ain_10k_resaved-by-pandas.txt': 10_000,
  'raw/dgfip_2020_ain_172.txt': 172,
  'raw/dgfip_2022_bordeaux_comma.csv': 13_200,
  'raw/dgfip_2025-S1_ain_1000.txt': 1000,
}

const skip =
  realFiles === null ? 'the real files are not at hand (PARCELLE_REAL_DATA names their folder)' : false

t.test('every line of every real file is read', { skip }, async (t) => {
  for (const name of realFileNames) {
    const [source] = await openSources([`${realFiles}/${name}`])
    if (!source) continue
    const { report, rows } = await translatedFrom(source.open())
    t.match(report, { rejected: 0, accepted: report.lines, bytes: source.size }, name)
    t.equal(rows.length, report.lines)
    t.equal(report.sha256, await source.checksum())
    if (name in expectedLines) t.equal(report.lines, expectedLines[name], name)
    const counted = report.byCommune.reduce((sum, { lines }) => sum + lines, 0)
    t.equal(counted, report.accepted)
  }
})

t.test('the same rows in both official forms are the same lines', { skip }, async (t) => {
  const raw = await translated(await readFile(`${realFiles}/raw/dgfip_2020_ain_172.txt`))
  const geo = await translated(await readFile(`${realFiles}/geo/geo_2020_ain_5k.csv`))
  t.same(raw.rows.map(canonical), geo.rows.slice(0, 172).map(canonical))
})

t.test('the copy that pandas saved has the lines of the original', { skip }, async (t) => {
  const copy = await translated(await readFile(`${realFiles}/raw/dgfip_2020_ain_10k_resaved-by-pandas.txt`))
  const raw = await translated(await readFile(`${realFiles}/raw/dgfip_2020_ain_172.txt`))
  const known = new Set(copy.rows.map((row) => row.fingerprint))
  t.same(
    raw.rows.filter((row) => !known.has(row.fingerprint)),
    [],
  )
  const geo = await translated(await readFile(`${realFiles}/geo/geo_2020_ain_5k.csv`))
  const changed = geo.rows.filter((row) => !known.has(row.fingerprint)).length
  // The two were published at different times: 19 of these lines differ between the editions.
  t.equal(changed, 19)
})

t.test('the section that pandas lost is the one between its neighbours', { skip }, async (t) => {
  const { rows } = await translated(await readFile(`${realFiles}/raw/dgfip_2022_bordeaux_comma.csv`))
  t.equal(rows.filter((row) => String(row.parcel_id).startsWith('33063000NA')).length, 43)
})

t.test('merged communes are the present ones on both sides of the merger', { skip }, async (t) => {
  const { rows } = await translated(await readFile(`${realFiles}/geo/geo_2018_rhone_14518.csv`))
  t.equal(rows.filter((row) => row.insee_code === '69179' && row.registered_insee_code === '69048').length, 2)
  t.equal(rows.filter((row) => row.registered_parcel_id === '690480000C1046').length > 0, true)
  const isCanonical = (row: Row) => /^69\d{6}[0-9A-Z]{2}\d{4}$/.test(String(row.parcel_id))
  t.ok(rows.every(isCanonical))
})

t.test('rejected lines of a damaged real file restore it byte for byte', { skip }, async (t) => {
  const bytes = await readFile(`${realFiles}/raw/dgfip_2025-S1_ain_1000.txt`)
  const text = bytes.toString().split('\n')
  const damaged = text.map((line, i) => (i > 0 && i % 10 === 0 && line !== '' ? `${line}|` : line))
  const { rejects, report } = await translated(damaged.join('\n'))
  t.match(report, { lines: 1000, rejected: 100, rejectedByReason: { field_count: 100 } })
  const restored = damaged
    .filter((line, i) => i > 0 && i % 10 === 0 && line !== '')
    .map((line) => `${line}\n`)
  t.equal(Buffer.concat(rejects.map((line) => line.raw)).toString(), restored.join(''))
})
