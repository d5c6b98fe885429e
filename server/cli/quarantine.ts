import type { Command } from '@commander-js/extra-typings'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatCount, formatNumber } from './lib/numbers.ts'
import { formatTable } from './lib/output.ts'
import { withClient } from './lib/query.ts'

type WaitingRow = {
  source: string
  source_key: string | null
  session: string
  quarantined_at: Date
  failures: { rule: string; value: string | null }[]
  staged_row: Record<string, unknown>
}

type Replay = {
  session_id: string
  source: string
  status: string
  staged_count: number
  new_count: number
  updated_count: number
  quarantined_count: number
}

function describeReplay(row: Replay): string {
  if (row.status !== 'completed') {
    return `${row.source}: session ${row.session_id} is ${row.status}; see parcelle held list`
  }
  const judged = `${row.source}: ${formatCount(row.staged_count, 'row')} judged again`
  return `${judged}, ${formatNumber(row.new_count)} new, ${formatNumber(row.updated_count)} updated, ${formatNumber(row.quarantined_count)} still waiting`
}

/** Adds `parcelle quarantine list` and `replay`: rows that a rule kept out of the live homes. */
export function register(program: Command, house: CliHouse): void {
  const quarantine = program.command('quarantine').description('rows that a rule kept out of the live homes')
  addExamples(quarantine, [['parcelle quarantine list', 'what waits, and why']])

  const list = quarantine
    .command('list')
    .description('the rows that wait, with the rules they failed and what stood there')
    .option('--source <code>', 'of this source')
    .option('--rule <rule>', 'that failed this rule')
    .option('--limit <count>', 'at most so many', '20')
    .action(async (options) => {
      const { rows } = await withClient(house, (client) =>
        client.query<WaitingRow & { total: number }>(
          `select s.code as source, q.source_key, coalesce(e.name, e.session_no::text) as session, q.quarantined_at,
             q.staged_row, count(*) over ()::integer as total,
             coalesce((
               select jsonb_agg(jsonb_build_object('rule', r.rule_name, 'value', f.failed_value) order by r.rule_name)
               from app_public.validation_rules as r
               left join app_public.validation_failures as f
                 on f.session_id = q.session_id and f.rule_id = r.id and f.staged_id = q.staged_id
               where r.id = any (q.rule_ids)
             ), '[]') as failures
           from app_public.quarantined_rows as q
           join app_public.sources as s on s.id = q.source_id
           join app_public.scrape_sessions as e on e.id = q.session_id
           where q.released_at is null and ($1::text is null or s.code = $1)
             and ($2::text is null or exists (
               select from app_public.validation_rules as r where r.rule_name = $2 and r.id = any (q.rule_ids)
             ))
           order by q.id desc
           limit $3`,
          [options.source, options.rule, options.limit],
        ),
      )
      const total = rows[0]?.total ?? 0
      house.out.result({ total, rows: rows.map(({ total: _, ...row }) => row) }, () => {
        if (total === 0) return 'nothing waits'
        const table = formatTable(
          ['source', 'key', 'session', 'fails', 'value'],
          rows.map((row) => [
            row.source,
            row.source_key ?? '(none)',
            row.session,
            row.failures.map(({ rule }) => rule).join(', '),
            row.failures
              .map(({ value }) => value)
              .filter((value) => value !== null)
              .join(', ')
              .slice(0, 60),
          ]),
        )
        return total > rows.length
          ? `${table}\n\n${formatNumber(rows.length)} of ${formatNumber(total)}`
          : table
      })
    })
  addExamples(list, [
    ['parcelle quarantine list', 'what waits, and why'],
    ['parcelle quarantine list --rule price_readable --json', 'with all the source said'],
  ])

  const replay = quarantine
    .command('replay')
    .description('judge waiting rows again, after a rule was mended, without asking the source again')
    .option('--source <code>', 'of this source')
    .option('--rule <rule>', 'that failed this rule')
    .action(async (options) => {
      const { rows } = await withClient(house, (client) =>
        client.query<Replay>('select r.* from app_public.replay_quarantine($1, $2) as r', [
          options.source,
          options.rule,
        ]),
      )
      house.out.result(rows, () =>
        rows.length === 0 ? 'nothing waits' : rows.map(describeReplay).join('\n'),
      )
    })
  addExamples(replay, [
    ['parcelle quarantine replay', 'everything that waits'],
    ['parcelle quarantine replay --source csv --rule house_price', 'what one rule kept out'],
  ])
}
