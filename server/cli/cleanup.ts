import type { Command } from '@commander-js/extra-typings'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatNumber } from './lib/numbers.ts'
import { withClient } from './lib/query.ts'
import { positive } from './sessions.ts'

type Cleanup = {
  partitions_dropped: string[]
  partitions_busy: string[]
  rows_deleted: number
  failures_deleted: number
  detected_changes_deleted: number
  metrics_deleted: number
  sessions_given_up: number
}

/** Adds `parcelle cleanup`. */
export function register(program: Command, house: CliHouse): void {
  const command = program
    .command('cleanup')
    .description(
      'take away staging that has served its purpose; sessions, quarantine, history and audit stay',
    )
    .option('--days <number>', 'how many days of staging to keep', positive, 30)
    .action(async ({ days }) => {
      const { rows } = await withClient(house, (client) =>
        client.query<{ done: Cleanup }>('select app_public.cleanup_old_data($1) as done', [days]),
      )
      const done = (rows[0] as { done: Cleanup }).done
      house.out.result(done, () => describe(done))
    })
  addExamples(command, [['parcelle cleanup --days 7', 'keep a week']])
}

function describe(done: Cleanup): string {
  const n = formatNumber
  const lines = [
    `${n(done.partitions_dropped.length)} partitions of staging dropped, ${n(done.rows_deleted)} other staged rows, ` +
      `${n(done.failures_deleted)} failures, ${n(done.detected_changes_deleted)} previews and ` +
      `${n(done.metrics_deleted)} metrics deleted`,
  ]
  if (done.sessions_given_up > 0)
    lines.push(`${n(done.sessions_given_up)} sessions given up: nobody fills them`)
  if (done.partitions_busy.length > 0)
    lines.push(`left for the next time, being read: ${done.partitions_busy.join(', ')}`)
  return lines.join('\n')
}
