import { writeFile } from 'node:fs/promises'
import type { Command } from '@commander-js/extra-typings'
import type pg from 'pg'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatShare } from './lib/numbers.ts'
import { formatTable } from './lib/output.ts'
import { withClient } from './lib/query.ts'
import { findSession, sessionIdHelp } from './lib/session.ts'
import { printHtml } from './quality/html.ts'
import { formatMeasure, reportShape } from './quality/shape.ts'
import { printReport } from './quality/text.ts'

type CheckRow = {
  source: string
  session_id: string
  metric: string
  value: number | null
  is_upper_bound: boolean
  warn_at: number
  fail_at: number
  outcome: string
}

/** The quality report of a session as the database gives it. Throws PC404 and PC409 of the database. */
export async function readReport(client: pg.ClientBase, id: string): Promise<unknown> {
  const { rows } = await client.query<{ report: unknown }>(
    'select app_public.generate_quality_report($1) as report',
    [id],
  )
  return rows[0]?.report
}

/** Adds `parcelle quality-report` and `quality-checks`. */
export function register(program: Command, house: CliHouse): void {
  const report = program
    .command('quality-report')
    .description(
      'what is good and bad in a session: fields, rules, duplicates, places, trend, and what to do about it',
    )
    .requiredOption('--session-id <session>', sessionIdHelp)
    .option('--html <file>', 'write it as a page that needs no other file')
    .option('--short', 'only measures and the first recommendations')
    .action(async (options) => {
      const given = await withClient(house, async (client) =>
        readReport(client, await findSession(client, options.sessionId)),
      )
      const read = reportShape.parse(given)
      if (options.html !== undefined) {
        await writeFile(options.html, printHtml(read))
        house.out.note(`written to ${options.html}`)
      }
      house.out.result(given, () => printReport(read, options.short))
    })
  addExamples(report, [
    ['parcelle quality-report --session-id last', 'of the newest session'],
    ['parcelle quality-report --session-id june --html june.html', 'and as a page to pass on'],
  ])

  const checks = program
    .command('quality-checks')
    .description(
      'measure a session, or the last one of every source, against the thresholds; exit code 1 when one fails',
    )
    .option('--session-id <session>', `${sessionIdHelp}; every source when not given`)
    .action(async (options) => {
      const { rows } = await withClient(house, async (client) =>
        client.query<CheckRow>(
          `select c.source, c.session_id, c.metric, c.value::float8 as value, c.is_upper_bound,
             c.warn_at::float8 as warn_at, c.fail_at::float8 as fail_at, c.outcome
           from app_public.run_quality_checks($1) as c`,
          [options.sessionId === undefined ? null : await findSession(client, options.sessionId)],
        ),
      )
      house.out.result(rows, () => describeChecks(rows))
      if (rows.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1
    })
  addExamples(checks, [
    ['parcelle quality-checks', 'every source, by its last session'],
    ['parcelle quality-checks --session-id last --json', 'one session, for a program'],
  ])
}

function describeChecks(rows: CheckRow[]): string {
  if (rows.length === 0) return 'no source has completed a session yet'
  return formatTable(
    ['source', 'measure', 'value', 'fails', ''],
    rows.map((row) => [
      row.source,
      row.metric,
      formatMeasure(row.metric, row.value, formatShare),
      `${row.is_upper_bound ? 'above' : 'below'} ${formatMeasure(row.metric, row.fail_at, formatShare)}`,
      row.outcome === 'not_applicable' ? 'nothing to measure' : row.outcome,
    ]),
  )
}
