import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import { generateWorld } from '../../seeds/world/generate.ts'
import { startRegister } from '../../seeds/world/sites/register.ts'
import { downloadDvf, newestRelease } from '../../tasks/lib/download.ts'
import { scratch } from './lib/world.ts'

t.setTimeout(60_000)

t.test('the register is published as data.gouv.fr does, by year, département and commune', async (t) => {
  const folder = scratch()
  const { releases } = await generateWorld({ folder, lines: 1500, seed: 'register' })
  const paths = releases.map(({ files }) =>
    files.filter(({ form }) => form === 'geo').map((file) => join(folder, file.path)),
  )
  const [first = [], second = []] = paths
  const site = await startRegister({
    seed: 'register',
    paths: first,
    publishedAt: '2025-04-07T09:12:00+00:00',
  })
  t.teardown(() => site.close())

  const published = await newestRelease({ datasetUrl: site.datasetUrl })
  t.equal(published.lastUpdate, '2025-04-07T09:12:00+00:00')
  t.same(
    published.resources.map(({ title }) => title),
    ['2020', '2021', '2022', '2023', '2024'].map((year) => `${year}/full.csv.gz`),
  )
  const lines = first.flatMap((path) => readFileSync(path, 'utf8').trimEnd().split('\n').slice(1))
  const of2023 = lines.filter((line) => line.split(',')[1]?.startsWith('2023'))
  const wanted = { baseUrl: site.csvUrl, year: 2023, folder: join(folder, 'downloads') }
  const whole = await downloadDvf(wanted)
  const text = gunzipSync(readFileSync(whole.path)).toString()
  t.same(text.trimEnd().split('\n').slice(1).sort(), of2023.sort())
  t.equal((await downloadDvf(wanted)).status, 'unchanged')

  const department = await downloadDvf({ ...wanted, department: '44' })
  const part = gunzipSync(readFileSync(department.path)).toString().trimEnd().split('\n').slice(1)
  t.ok(part.length > 0 && part.every((line) => of2023.includes(line)))
  const commune = await downloadDvf({ ...wanted, commune: '44109' })
  t.ok(readFileSync(commune.path, 'utf8').trimEnd().split('\n').length <= part.length + 1)
  await t.rejects(downloadDvf({ ...wanted, year: 1999 }), /does not exist/)

  site.publish(second, '2025-10-07T09:12:00+00:00')
  t.equal((await newestRelease({ datasetUrl: site.datasetUrl })).lastUpdate, '2025-10-07T09:12:00+00:00')
  t.equal((await downloadDvf(wanted)).status, 'fetched', 'the next release is another file')
})

t.test('a download that was cut off goes on where it stopped', async (t) => {
  const folder = scratch()
  const { releases } = await generateWorld({ folder, lines: 600, seed: 'cut' })
  const paths = (releases[0]?.files ?? [])
    .filter(({ form }) => form === 'geo')
    .map((file) => join(folder, file.path))
  const site = await startRegister({
    seed: 'cut',
    paths,
    publishedAt: '2025-04-07T09:12:00+00:00',
    faults: [{ kind: 'truncated', at: [1] }],
  })
  t.teardown(() => site.close())
  const done = await downloadDvf({ baseUrl: site.csvUrl, year: 2022, folder: join(folder, 'downloads') })
  t.ok(gunzipSync(readFileSync(done.path)).length > 1000)
  t.match(
    site.requests().map(({ status, fault }) => [status, fault]),
    [
      [0, 'truncated'],
      [206, null],
    ],
  )
})
