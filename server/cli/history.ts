import type { Command } from '@commander-js/extra-typings'
import { Failure } from '../failure.ts'
import { describeChange } from './lib/changes.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatTable } from './lib/output.ts'
import { withClient } from './lib/query.ts'

type HistoryRow = {
  position: string
  changed_at: Date
  kind: string
  field_name: string | null
  old_value: unknown
  new_value: unknown
  confidence: number | null
  source: string
  session_id: string | null
  session_kind: string | null
  session_name: string | null
  is_undone: boolean
  changed_by: string
}

/** Adds `parcelle history`. */
export function register(program: Command, house: CliHouse): void {
  const history = program
    .command('history')
    .description('everything that ever changed in a home')
    .argument('<property>', 'id of the home, or SOURCE/KEY: what its source calls it')
    .action(async (said) => {
      const rows = await withClient(house, async (client) => {
        const { rows: found } = await client.query<{ id: string }>(
          `select case when $1 ~ '^\\d{1,18}$' then $1::bigint else (
             select l.id from app_public.properties_live as l join app_public.sources as s on s.id = l.source_id
             where s.code = split_part($1, '/', 1) and l.source_key = substr($1, length(split_part($1, '/', 1)) + 2)
           ) end as id`,
          [said],
        )
        const id = found[0]?.id ?? null
        if (id === null) {
          throw new Failure(`there is no home ${said}`, {
            hint: 'Give its id, or the code of its source and its key there: portal/A-123.',
          })
        }
        const { rows } = await client.query<HistoryRow>('select * from app_public.property_history($1)', [id])
        return rows
      })
      house.out.result(rows, () =>
        rows.length === 0
          ? 'nothing has changed in this home since it is recorded'
          : formatTable(
              ['when', 'what', 'by', 'confidence', ''],
              rows.map((row) => [
                row.changed_at.toISOString().slice(0, 19).replace('T', ' '),
                describeChange(row),
                row.session_id === null ? row.changed_by : (row.session_name ?? `session ${row.session_id}`),
                row.confidence === null ? '' : row.confidence.toFixed(2),
                row.is_undone ? 'undone' : '',
              ]),
            ),
      )
    })
  addExamples(history, [
    ['parcelle history 4711', 'by its id'],
    ['parcelle history portal/A-123 --json', 'by what its source calls it'],
  ])
}
