import type { Command } from '@commander-js/extra-typings'
import { Failure } from '../../failure.ts'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { withClient } from '../lib/query.ts'

type TypeRow = {
  rule_type: string
  judges: string
  needs_field: boolean
  config_keys: Record<string, string>
  needs_one_of: string[]
  example: Record<string, unknown>
  meaning: string
}

function describeType(type: TypeRow): string {
  const keys = Object.entries(type.config_keys).map(([key, kind]) =>
    kind.endsWith('!') ? `${key}: ${kind.slice(0, -1)}` : `[${key}: ${kind}]`,
  )
  return [
    `${type.rule_type} (${type.judges}${type.needs_field ? ', of a field' : ''})`,
    `  ${type.meaning}`,
    ...(keys.length === 0 ? [] : [`  ${keys.join(', ')}`]),
    ...(type.needs_one_of.length === 0 ? [] : [`  at least one of ${type.needs_one_of.join(', ')}`]),
    ...(keys.length === 0 ? [] : [`  '${JSON.stringify(type.example)}'`]),
  ].join('\n')
}

/** Adds `parcelle rules types`: what rules can compare, and what their configs look like. */
export function registerTypes(rules: Command, house: CliHouse): void {
  const types = rules
    .command('types')
    .description('what rules can compare, with the shape of their config and an example')
    .argument('[type]', 'only this one')
    .action(async (wanted) => {
      const { rows } = await withClient(house, (client) =>
        client.query<TypeRow>(
          `select t.* from app_public.rule_types as t where $1::text is null or t.rule_type::text = $1 order by t.rule_type`,
          [wanted],
        ),
      )
      if (rows.length === 0) {
        throw new Failure(`there are no rules of type ${wanted}`, {
          hint: 'See all with: parcelle rules types',
        })
      }
      house.out.result(rows, () => rows.map(describeType).join('\n\n'))
    })
  addExamples(types, [
    ['parcelle rules types', 'all of them'],
    ['parcelle rules types peer_outlier', 'one'],
  ])
}
