import type { Command } from '@commander-js/extra-typings'
import type pg from 'pg'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatNumber } from '../lib/numbers.ts'
import { withClient } from '../lib/query.ts'
import { describeHeld, type HeldReason } from './reasons.ts'

interface HeldRow {
  code: string
  line_count: number
  rejected_count: number
  transaction_count: number
  held_reasons: HeldReason[]
  completed_at: Date
}

interface DecidedRow {
  code: string
  status: string
  transaction_count: number | null
  added_count: number | null
  corrected_count: number | null
  withdrawn_count: number | null
}

/** Adds `parcelle dvf held`, `accept`, `reject` and `undo`. */
export function registerDecisions(dvf: Command, house: CliHouse): void {
  const held = dvf
    .command('held')
    .description('releases that were loaded but not applied, with the reasons')
    .action(async () => {
      const { rows } = await withClient(house, (client) =>
        client.query<HeldRow>(
          `select code, line_count, rejected_count, transaction_count, held_reasons, completed_at
           from app_public.dvf_releases where status = 'held' order by id`,
        ),
      )
      house.out.result(rows, () =>
        rows.length === 0
          ? 'no release is held'
          : rows
              .map((row) =>
                [
                  `${row.code}: ${formatNumber(row.line_count)} lines, ${formatNumber(row.transaction_count)} sales`,
                  ...describeHeld(row.held_reasons).map((reason) => `  ${reason}`),
                ].join('\n'),
              )
              .join('\n'),
      )
    })
  addExamples(held, [['parcelle dvf held', 'what waits, and why']])

  const decisions = [
    {
      name: 'accept',
      description: 'apply a held release after all',
      statement: 'select * from app_private.decide_dvf_release($1, true)',
    },
    {
      name: 'reject',
      description: 'drop a held release; its record stays',
      statement: 'select * from app_private.decide_dvf_release($1, false)',
    },
    {
      name: 'undo',
      description: 'take the last applied release back; the ledger stands as before it',
      statement: 'select * from app_private.undo_dvf_release($1)',
    },
  ]
  for (const decision of decisions) {
    const command = dvf
      .command(decision.name)
      .description(decision.description)
      .argument('<release>', 'code of the release')
      .action(async (code) => {
        const row = await withClient(house, (client) => decide(client, decision.statement, code))
        house.out.result(row, () => describeDecided(row))
      })
    addExamples(command, [[`parcelle dvf ${decision.name} 2023-10`, decision.description]])
  }
}

async function decide(client: pg.Client, statement: string, code: string): Promise<DecidedRow> {
  const { rows } = await client.query<DecidedRow>(statement, [code])
  await client.query('select app_private.refresh_market_views()')
  return rows[0] as DecidedRow
}

function describeDecided(row: DecidedRow): string {
  const n = (value: number | null) => formatNumber(value ?? 0)
  if (row.status !== 'applied') return `${row.code} is ${row.status}`
  return (
    `${row.code} is applied: ${n(row.transaction_count)} sales, ${n(row.added_count)} added, ` +
    `${n(row.corrected_count)} corrected, ${n(row.withdrawn_count)} withdrawn`
  )
}
