import type { Command } from '@commander-js/extra-typings'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatNumber } from '../lib/numbers.ts'
import { formatTable } from '../lib/output.ts'
import { withClient } from '../lib/query.ts'

interface Row {
  code: string
  batch_id: string
  status: string
  line_count: number | null
  rejected_count: number | null
  transaction_count: number | null
  added_count: number | null
  corrected_count: number | null
  withdrawn_count: number | null
  started_at: Date
  completed_at: Date | null
}

/** Adds `parcelle dvf releases`. */
export function registerReleases(dvf: Command, house: CliHouse): void {
  const command = dvf
    .command('releases')
    .description('every release, the newest first, with what it did to the ledger')
    .action(async () => {
      const { rows } = await withClient(house, (client) =>
        client.query<Row>(
          `select code, batch_id, status, line_count, rejected_count, transaction_count, added_count, corrected_count,
             withdrawn_count, started_at, completed_at
           from app_public.dvf_releases order by id desc`,
        ),
      )
      const count = (value: number | null) => (value === null ? '' : formatNumber(value))
      house.out.result(rows, () =>
        rows.length === 0
          ? 'no release yet; import one with: parcelle dvf import FILE'
          : formatTable(
              [
                'release',
                'status',
                'lines',
                'rejected',
                'sales',
                'added',
                'corrected',
                'withdrawn',
                'completed',
              ],
              rows.map((row) => [
                row.code,
                row.status,
                count(row.line_count),
                count(row.rejected_count),
                count(row.transaction_count),
                count(row.added_count),
                count(row.corrected_count),
                count(row.withdrawn_count),
                row.completed_at?.toISOString().slice(0, 16).replace('T', ' '),
              ]),
            ),
      )
    })
  addExamples(command, [['parcelle dvf releases --json', 'the same for a program']])
}
