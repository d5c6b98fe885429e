import type { Command } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatNumber } from './lib/numbers.ts'
import { formatTable } from './lib/output.ts'
import { withClient } from './lib/query.ts'
import { findSession, sessionIdHelp } from './lib/session.ts'

type SessionSummary = {
  session_id: string
  source: string
  name: string | null
  status: string
  is_complete: boolean
  staged_count: number | null
  new_count: number | null
  updated_count: number | null
  removed_count: number | null
  quarantined_count: number | null
  queued_at: Date
}

/** A whole number from 1 on the command line. */
export function positive(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A whole number from 1.')
}

/** Adds `parcelle list-sessions` and `parcelle session-details`. */
export function register(program: Command, house: CliHouse): void {
  const list = program
    .command('list-sessions')
    .description('the last sessions, the newest first')
    .option('--limit <number>', 'how many', positive, 20)
    .option('--source <code>', 'only of this source')
    .action(async (options) => {
      const { rows } = await withClient(house, (client) =>
        client.query<SessionSummary>('select * from app_public.list_sessions($1, $2)', [
          options.limit,
          options.source ?? null,
        ]),
      )
      house.out.result(rows, () =>
        rows.length === 0
          ? 'no session yet; stage one with: parcelle stage FILE --source csv'
          : describeSessions(rows),
      )
    })
  addExamples(list, [
    ['parcelle list-sessions --limit 5', 'the last five'],
    ['parcelle list-sessions --source csv --json', 'those of one source, for a program'],
  ])

  const details = program
    .command('session-details')
    .description('everything that is known of a session')
    .requiredOption('--session-id <session>', sessionIdHelp)
    .action(async ({ sessionId }) => {
      const { rows } = await withClient(house, async (client) =>
        client.query<{ details: Record<string, unknown> }>(
          'select app_public.session_details($1) as details',
          [await findSession(client, sessionId)],
        ),
      )
      const session = rows[0]?.details ?? {}
      house.out.result(session, () => describeDetails(session))
    })
  addExamples(details, [
    ['parcelle session-details --session-id last', 'scope, counts, errors, what its sync did'],
  ])
}

function describeSessions(rows: SessionSummary[]): string {
  const n = (value: number | null) => (value === null ? '' : formatNumber(value))
  return formatTable(
    ['session', 'source', 'name', 'status', 'begun', 'staged', 'new', 'updated', 'removed', 'quarantined'],
    rows.map((row) => [
      row.session_id,
      row.source,
      row.name,
      row.is_complete ? row.status : `${row.status}, partial`,
      row.queued_at.toISOString().slice(0, 16).replace('T', ' '),
      n(row.staged_count),
      n(row.new_count),
      n(row.updated_count),
      n(row.removed_count),
      n(row.quarantined_count),
    ]),
  )
}

function describeDetails(session: Record<string, unknown>): string {
  const rows: [string, unknown][] = []
  const add = (name: string, value: unknown): void => {
    if (value === null || value === undefined) return
    if (Array.isArray(value)) {
      for (const one of value) rows.push([name, typeof one === 'object' ? shortened(one) : one])
    } else if (typeof value === 'object') {
      for (const [key, one] of Object.entries(value)) add(`${name}.${key}`, one)
    } else rows.push([name, value])
  }
  for (const [key, value] of Object.entries(session)) add(key, value)
  return formatTable(['', ''], rows)
}

const shortened = (value: unknown): string => {
  const text = JSON.stringify(value)
  return text.length > 160 ? `${text.slice(0, 159)}…` : text
}
