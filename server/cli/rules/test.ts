import type { Command } from '@commander-js/extra-typings'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatNumber } from '../lib/numbers.ts'
import { formatTable } from '../lib/output.ts'
import { withClient } from '../lib/query.ts'
import { addRuleOptions, draftOf, type RuleOptions } from './draft.ts'

type Trial = {
  session_id: string | null
  source: string
  session_name: string | null
  outcome: string
  checked_count: number
  failed_count: number
  details: Record<string, unknown>
  samples: { source_key: string | null; value: string | null }[]
}

function describeTrials(trials: Trial[]): string {
  if (trials.length === 0) return 'there is neither a session whose rows are kept nor a live home'
  const table = formatTable(
    ['judged', 'outcome', 'rows', 'would fail', 'what'],
    trials.map((trial) => [
      trial.session_id === null
        ? `live homes of ${trial.source}`
        : `${trial.source} ${trial.session_name ?? trial.session_id}`,
      trial.outcome,
      formatNumber(trial.checked_count),
      formatNumber(trial.failed_count),
      Object.keys(trial.details).length > 0 ? JSON.stringify(trial.details).slice(0, 80) : '',
    ]),
  )
  const samples = trials.find((trial) => trial.samples.length > 0)?.samples ?? []
  if (samples.length === 0) return table
  const shown = samples.map(({ source_key, value }) => [source_key ?? '(no key)', value])
  return `${table}\n\n${formatTable(['for example', 'value'], shown)}`
}

/** Adds `parcelle rules test`: what a rule or a draft would have said. */
export function registerTest(rules: Command, house: CliHouse): void {
  const test = rules
    .command('test')
    .description('say what a rule, or a draft of one, would have flagged; nothing is written')
    .argument('[rule]', 'a rule there is; options change what it says')
    .option('--sessions <count>', 'how many past sessions', '5')
  addRuleOptions(test)
  test.action(async (name, options: RuleOptions & { sessions: string }) => {
    const { rows } = await withClient(house, (client) =>
      client.query<Trial>(
        `select t.session_id, t.source, t.session_name, t.outcome, t.checked_count::float8 as checked_count,
           t.failed_count::float8 as failed_count, t.details, t.samples
         from app_public.try_rule($1, $2) as t`,
        [JSON.stringify(draftOf(name, options)), options.sessions],
      ),
    )
    house.out.result(rows, () => describeTrials(rows))
  })
  addExamples(test, [
    ['parcelle rules test rooms', 'what a rule says of the last sessions and of live homes'],
    [`parcelle rules test rooms --config '{"max": 20}'`, 'what it would say otherwise'],
    [
      `parcelle rules test --type expression --config '{"expression": "price > 1000 * rooms"}'`,
      'what a draft would say',
    ],
  ])
}
