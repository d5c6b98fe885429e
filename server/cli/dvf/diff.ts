import type { Command } from '@commander-js/extra-typings'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatNumber } from '../lib/numbers.ts'
import { formatTable } from '../lib/output.ts'
import { withClient } from '../lib/query.ts'

interface SummaryRow {
  what: string
  sales: number
}

interface FieldRow {
  field_name: string
  sales: number
}

interface MedianRow {
  insee_code: string
  name: string
  property_type: string
  nature: string
  sale_count_a: number
  sale_count_b: number
  median_a: number | null
  median_b: number | null
}

/** Adds `parcelle dvf diff` and `completeness`. */
export function registerDiff(dvf: Command, house: CliHouse): void {
  const diff = dvf
    .command('diff')
    .description('what changed from one release to a later one, and what it does to medians')
    .argument('<a>', 'code of the earlier release')
    .argument('<b>', 'code of the later release')
    .option('--commune <insee>', 'only this commune')
    .option('--limit <number>', 'how many communes to show, the most changed first', Number, 15)
    .action(async (a, b, options) => {
      const commune = options.commune ?? null
      const found = await withClient(house, async (client) => {
        const changes = await client.query<SummaryRow>(
          `select case when d.kind = 'added' and d.is_late_registration then 'added late'
                    when d.kind = 'added' then 'added in new months' else d.kind::text end as what,
             count(distinct d.transaction_id)::integer as sales
           from app_public.diff_releases($1, $2, $3) as d
           group by 1 order by 1`,
          [a, b, commune],
        )
        const fields = await client.query<FieldRow>(
          `select d.field_name, count(*)::integer as sales
           from app_public.diff_releases($1, $2, $3) as d
           where d.kind = 'corrected' group by 1 order by 2 desc, 1`,
          [a, b, commune],
        )
        const medians = await client.query<MedianRow>(
          `select m.insee_code, c.name, m.property_type, m.nature, m.sale_count_a, m.sale_count_b,
             m.price_per_m2_median_a::float8 as median_a, m.price_per_m2_median_b::float8 as median_b
           from app_public.diff_release_medians($1, $2, $3) as m
           join app_public.cities as c on c.insee_code = m.insee_code
           order by abs(coalesce(m.price_per_m2_median_b / nullif(m.price_per_m2_median_a, 0), 1) - 1) desc, m.insee_code
           limit $4`,
          [a, b, commune, options.limit],
        )
        return { from: a, to: b, changes: changes.rows, fields: fields.rows, medians: medians.rows }
      })
      house.out.result(found, () =>
        [
          formatTable(
            ['change', 'sales'],
            found.changes.map((row) => [row.what, formatNumber(row.sales)]),
          ),
          formatTable(
            ['corrected field', 'sales'],
            found.fields.map((row) => [row.field_name, formatNumber(row.sales)]),
          ),
          formatTable(
            ['commune', 'type', 'nature', `sales in ${a}`, `sales in ${b}`, `€/m² in ${a}`, `€/m² in ${b}`],
            found.medians.map((row) => [
              `${row.name} (${row.insee_code})`,
              row.property_type,
              row.nature,
              formatNumber(row.sale_count_a),
              formatNumber(row.sale_count_b),
              row.median_a === null ? '' : formatNumber(row.median_a),
              row.median_b === null ? '' : formatNumber(row.median_b),
            ]),
          ),
        ].join('\n\n'),
      )
    })
  addExamples(diff, [
    ['parcelle dvf diff 2024-04 2024-10', 'all that the newer release changed'],
    ['parcelle dvf diff 2024-04 2024-10 --commune 69123', 'in one commune'],
  ])

  const completeness = dvf
    .command('completeness')
    .description('how complete the newest months are, judged by how earlier releases filled up')
    .option('--department <code>', 'only this département')
    .action(async (options) => {
      const { rows } = await withClient(house, (client) =>
        client.query<{
          department_code: string
          sold_month: string
          sale_count: number
          completeness: number | null
          expected_count: number | null
          reason: string | null
        }>(
          `select e.department_code, to_char(e.sold_month, 'YYYY-MM') as sold_month, e.sale_count,
             e.completeness::float8 as completeness, e.expected_count, e.reason
           from app_public.estimate_completeness($1) as e
           order by e.sold_month desc, e.department_code`,
          [options.department ?? null],
        ),
      )
      house.out.result(rows, () =>
        formatTable(
          ['month', 'département', 'sales known', 'complete', 'to expect', 'note'],
          rows.map((row) => [
            row.sold_month,
            row.department_code,
            formatNumber(row.sale_count),
            row.completeness === null ? '' : `${Math.round(row.completeness * 100)} %`,
            row.expected_count === null ? '' : formatNumber(row.expected_count),
            row.reason,
          ]),
        ),
      )
    })
  addExamples(completeness, [
    ['parcelle dvf completeness --department 69', 'how far to trust the last months'],
  ])
}
