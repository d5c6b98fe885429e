import type { Command } from '@commander-js/extra-typings'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatNumber } from './lib/numbers.ts'
import { formatTable } from './lib/output.ts'
import { withClient } from './lib/query.ts'

type Status = {
  table_rows: number | null
  reads_from: 'pulled' | 'live'
  decided_by: string | null
  decided_at: string | null
  retired_at: string | null
  columns: Record<string, string> | null
  last_migration: { session_id: string; status: string; staged: number | null } | null
  live_homes: number
  paused_sources: string[]
}

type Comparison = {
  table_rows: number
  homes: number
  duplicates: number
  same: number
  missing: number
  differing: number
  extra: number
  quarantined: number
  is_clean: boolean
  samples: { finding: string; source_key: string; fields?: string[] }[]
}

type Migration = {
  session_id: string
  status: string
  held_reasons: { message?: string }[] | null
  table_rows: number
  mapped: Record<string, string>
  payload: string[]
  duplicates: number
  new: number
  updated: number
  unchanged: number
  removed: number
  quarantined: number
}

const n = formatNumber

/** Adds `parcelle legacy …`: the way from an older tool's table pulled_properties to the live homes. */
export function register(program: Command, house: CliHouse): void {
  const legacy = program
    .command('legacy')
    .description("the way from an older tool's table pulled_properties to the live homes, and back")
  const ask = async <T>(text: string, values: unknown[] = []): Promise<T> => {
    const { rows } = await withClient(house, (client) =>
      client.query<{ answer: T }>(`select ${text} as answer`, values),
    )
    return (rows[0] as { answer: T }).answer
  }
  const showStatus = (status: Status) => house.out.result(status, () => describeStatus(status))

  const status = legacy
    .command('status')
    .description('what there is, what its columns are taken for, what readers see')
    .action(async () => showStatus(await ask<Status>('app_public.legacy_status()')))
  addExamples(status, [['parcelle legacy status', 'how columns are understood, before anything is done']])

  const migrate = legacy
    .command('migrate')
    .description('bring the table into the live homes; the table itself is not touched')
    .action(async () => {
      const report = await ask<Migration>('app_public.migrate_pulled_properties_to_live()')
      house.out.result(report, () => describeMigration(report))
    })
  addExamples(migrate, [['parcelle legacy migrate', 'again after changes: only they are taken over']])

  const compare = legacy
    .command('compare')
    .description('hold every home of the table against the live one')
    .action(async () => {
      const comparison = await ask<Comparison>('app_public.compare_legacy()')
      house.out.result(comparison, () => describeComparison(comparison))
    })
  addExamples(compare, [['parcelle legacy compare --json', 'the same for a program']])

  const switching = legacy
    .command('switch')
    .description('let readers of properties_current see the live homes')
    .action(async () => showStatus(await ask<Status>('app_public.switch_legacy()')))
  addExamples(switching, [['parcelle legacy switch', 'after a look at the comparison']])

  const rollback = legacy
    .command('rollback')
    .description('let them see the table again and pause every source; nothing is lost')
    .option('--reason <text>', 'why, for the record')
    .action(async ({ reason }) =>
      showStatus(await ask<Status>('app_public.rollback_legacy($1)', [reason ?? null])),
    )
  addExamples(rollback, [['parcelle legacy rollback --reason "prices look wrong"', 'back at once']])

  const retire = legacy
    .command('retire')
    .description('declare the table no longer needed; asks for a clean comparison')
    .action(async () => showStatus(await ask<Status>('app_public.retire_legacy()')))
  addExamples(retire, [['parcelle legacy retire', 'the last step: there is no way back']])
  addExamples(legacy, [
    ['parcelle legacy status', 'where it stands'],
    ['parcelle legacy migrate', 'the first step'],
  ])
}

function describeStatus(status: Status): string {
  const seen = status.reads_from === 'pulled' ? 'the table pulled_properties' : 'the live homes'
  const lines = [
    status.table_rows === null
      ? 'there is no table pulled_properties'
      : `pulled_properties has ${n(status.table_rows)} rows; ${n(status.live_homes)} homes of it are live`,
    `readers of properties_current see ${seen}` +
      (status.decided_at === null ? '' : `, by ${status.decided_by} on ${status.decided_at.slice(0, 10)}`),
  ]
  if (status.retired_at !== null) lines.push(`retired on ${status.retired_at.slice(0, 10)}`)
  if (status.last_migration !== null) {
    lines.push(`last migration: session ${status.last_migration.session_id}, ${status.last_migration.status}`)
  }
  if (status.paused_sources.length > 0) lines.push(`paused sources: ${status.paused_sources.join(', ')}`)
  if (status.columns !== null) {
    lines.push('', formatTable(['column', 'taken for'], Object.entries(status.columns)))
  }
  return lines.join('\n')
}

function describeMigration(report: Migration): string {
  const mapped = Object.entries(report.mapped).map(([from, to]) => (from === to ? from : `${from} as ${to}`))
  const lines = [
    `${n(report.table_rows)} rows: ${n(report.new)} new homes, ${n(report.updated)} updated, ` +
      `${n(report.unchanged)} unchanged, ${n(report.removed)} removed, ${n(report.duplicates)} rows of a home met again, ` +
      `${n(report.quarantined)} in quarantine`,
    `columns: ${mapped.join(', ')}`,
  ]
  if (report.payload.length > 0) lines.push(`kept in the payload: ${report.payload.join(', ')}`)
  if (report.status === 'held') {
    lines.push(
      'the session is held, nothing was applied:',
      ...(report.held_reasons ?? []).map((reason) => `  ${reason.message ?? JSON.stringify(reason)}`),
      `accept it with: parcelle held accept ${report.session_id}`,
    )
  }
  return lines.join('\n')
}

function describeComparison(comparison: Comparison): string {
  const lines = [
    `${n(comparison.table_rows)} rows of ${n(comparison.homes)} homes: ${n(comparison.same)} the same, ` +
      `${n(comparison.missing)} missing, ${n(comparison.differing)} differing, ${n(comparison.extra)} extra, ` +
      `${n(comparison.quarantined)} in quarantine`,
    ...comparison.samples.map(
      ({ finding, source_key, fields }) =>
        `  ${finding}: ${source_key}${fields === undefined || fields.length === 0 ? '' : ` (${fields.join(', ')})`}`,
    ),
    comparison.is_clean ? 'clean' : 'not clean: migrate again, or mend what is in quarantine',
  ]
  return lines.join('\n')
}
