import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import t from 'tap'
import { database } from '../lib/database.ts'
import { importInto, temporaryFolder } from './import-lib.ts'

// The files as they were published or altered by others, when they lie beside the clone.

const folder = path.resolve('../shared/data/dvf')
const files = existsSync(folder)
  ? ['raw', 'geo'].flatMap((form) =>
      readdirSync(path.join(folder, form)).map((name) => path.join(folder, form, name)),
    )
  : []
const skip = files.length === 0 ? 'there are no real files beside this clone' : false

interface Summary {
  sales: number
  ambiguous: number
  partial: number
  single_dwellings: number
  median: number | null
}

t.test('every real file is read whole and makes sales', { skip, timeout: 600_000 }, async (t) => {
  // Files of one place and different years share a database, as they would in use.
  const groups = Map.groupBy(files, (file) =>
    path.basename(file).replace(/^(geo|dgfip)_20\d\d(-S1)?_/, '$1_'),
  )
  for (const [group, members] of groups) {
    const db = await database(t)
    for (const file of members) {
      const report = await importInto(db, [file])
      const name = path.basename(file)
      t.equal(report.status, 'applied', `${name} is applied`)
      t.equal(report.accepted + report.rejected, report.lines, `${name} loses no line`)
      t.equal(report.rejected, 0, `${name} has no unreadable line`)
      const [sums] = await db.query<{ lines: number }>(
        `select sum(t.line_count)::integer as lines from app_public.transactions as t
         join app_public.dvf_releases as r on r.id = t.line_release_id where r.code = $1`,
        [report.code],
      )
      t.equal(sums?.lines, report.accepted - report.repeated, `every line of ${name} belongs to one sale`)
      const [summary] = await db.query<Summary>(
        `select count(*)::integer as sales,
           count(*) filter (where identity_basis = 'ambiguous')::integer as ambiguous,
           count(*) filter (where mutation_is_partial)::integer as partial,
           count(*) filter (where price_per_m2 is not null)::integer as single_dwellings,
           round(percentile_cont(0.5) within group (order by price_per_m2))::integer as median
         from app_public.transactions as t join app_public.dvf_releases as r on r.id = t.line_release_id
         where r.code = $1`,
        [report.code],
      )
      t.comment(JSON.stringify({ file: name, lines: report.lines, rejected: report.rejected, ...summary }))
      t.ok(summary && summary.sales > 0 && summary.sales < report.lines, `${name} makes sales`)
    }
    t.ok(group)
  }
})

t.test('the raw and the geo form of the same lines make the same sales', { skip }, async (t) => {
  const geo = readFileSync(path.join(folder, 'geo/geo_2020_ain_5k.csv'), 'utf8').split('\n')
  const same = path.join(temporaryFolder(t), 'geo.csv')
  writeFileSync(same, geo.slice(0, 173).join('\n'))
  const forms = [path.join(folder, 'raw/dgfip_2020_ain_172.txt'), same]
  const sales: unknown[] = []
  for (const file of forms) {
    const db = await database(t)
    await importInto(db, [file])
    const rows = await db.query(
      `select to_jsonb(t) - 'id' - 'longitude' - 'latitude' - 'location' as sale
       from app_public.transactions as t order by content_digest`,
    )
    sales.push(rows)
  }
  t.ok((sales[0] as unknown[]).length > 60)
  t.same(sales[1], sales[0])

  const db = await database(t)
  await importInto(db, [forms[0] as string])
  const after = await importInto(db, [same])
  t.match(after, { added: 0, corrected: 0, withdrawn: 0 }, 'one after the other changes nothing')
  const [located] = await db.query(
    'select count(*)::integer as count from app_public.transactions where longitude is not null',
  )
  t.ok(located?.count > 60, 'but gives the sales their coordinates')
})
