import type { Command } from '@commander-js/extra-typings'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatNumber } from './lib/numbers.ts'
import { withClient } from './lib/query.ts'
import { findSession, sessionIdHelp } from './lib/session.ts'

type UndoRow = {
  session_id: string
  undo_session_id: string
  restored_count: number
  deleted_count: number
  reinserted_count: number
  skipped_home_count: number
  skipped_field_count: number
}

/** Adds `parcelle undo`. */
export function register(program: Command, house: CliHouse): void {
  const undo = program
    .command('undo')
    .description('take a completed session back: its homes stand again as before it')
    .requiredOption('--session-id <session>', sessionIdHelp)
    .option('--force', 'where homes were changed since, keep those changes and restore the rest', false)
    .action(async ({ sessionId, force }) => {
      const row = await withClient(house, async (client) => {
        const { rows } = await client.query<UndoRow>('select * from app_public.undo_session($1, $2)', [
          await findSession(client, sessionId),
          force,
        ])
        return rows[0]
      })
      house.out.result(row, () => (row === undefined ? 'nothing was undone' : describe(row)))
    })
  addExamples(undo, [
    ['parcelle undo --session-id june', 'as if the session had not been'],
    ['parcelle undo --session-id 12 --force', 'keep what others changed since'],
  ])
}

function describe(row: UndoRow): string {
  const lines = [
    `session ${row.session_id} is undone: ${formatNumber(row.restored_count)} homes restored, ` +
      `${formatNumber(row.deleted_count)} deleted, ${formatNumber(row.reinserted_count)} inserted again`,
  ]
  if (row.skipped_home_count > 0) {
    lines.push(
      `${formatNumber(row.skipped_home_count)} homes were changed since: ` +
        `${formatNumber(row.skipped_field_count)} of their fields were kept`,
    )
  }
  lines.push(`to bring it back: parcelle undo --session-id ${row.undo_session_id}`)
  return lines.join('\n')
}
