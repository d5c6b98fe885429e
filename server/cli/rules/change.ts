import type { Command } from '@commander-js/extra-typings'
import { Failure } from '../../failure.ts'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { withClient } from '../lib/query.ts'
import { addRuleOptions, draftOf, type RuleOptions } from './draft.ts'
import { describeRule, readRule } from './show.ts'

/** Columns of validation_rules by what was said, the source by its id. */
async function write(house: CliHouse, name: string, options: RuleOptions, isNew: boolean): Promise<void> {
  const { source, rule_name: _, ...said } = draftOf(name, options)
  await withClient(house, async (client) => {
    const values: Record<string, unknown> = { ...said }
    if (source !== undefined) {
      const { rows } = await client.query<{ id: number }>(
        'select id from app_public.sources where code = $1',
        [source],
      )
      if (rows[0] === undefined) {
        throw new Failure(`source ${String(source)} does not exist`, {
          hint: 'List the sources with: parcelle sources list',
        })
      }
      values.source_id = rows[0].id
    }
    const columns = Object.keys(values)
    const given = Object.values(values)
    if (isNew) {
      await client.query(
        `insert into app_public.validation_rules (rule_name${columns.map((column) => `, ${column}`).join('')})
         values ($1${columns.map((_column, i) => `, $${i + 2}`).join('')})`,
        [name, ...given],
      )
    } else {
      await client.query(
        `update app_public.validation_rules set ${columns.map((column, i) => `${column} = $${i + 2}`).join(', ')}
         where rule_name = $1`,
        [name, ...given],
      )
    }
  })
}

async function tell(house: CliHouse, name: string): Promise<void> {
  const rule = await readRule(house, name)
  house.out.result(rule, () => describeRule(rule))
}

async function turn(house: CliHouse, name: string, isEnabled: boolean): Promise<void> {
  await readRule(house, name)
  await withClient(house, (client) =>
    client.query('update app_public.validation_rules set is_enabled = $2 where rule_name = $1', [
      name,
      isEnabled,
    ]),
  )
  const rule = await readRule(house, name)
  house.out.result(rule, () => `${name} is switched ${isEnabled ? 'on' : 'off'}`)
}

/** Adds `parcelle rules add`, `change`, `enable` and `disable`. */
export function registerChanges(rules: Command, house: CliHouse): void {
  const add = rules
    .command('add')
    .description('write a rule; it is checked at once')
    .argument('<rule>', 'its name')
  addRuleOptions(add)
  add.action(async (name, options: RuleOptions) => {
    if (options.type === undefined) {
      throw new Failure('a rule needs a type', { hint: 'See them with: parcelle rules types', exitCode: 2 })
    }
    await write(house, name, options, true)
    await tell(house, name)
  })
  addExamples(add, [
    [
      `parcelle rules add dear --type range --field price --config '{"max": 2000000}' --property-type flat`,
      'warn of flats above 2 M€',
    ],
    [
      `parcelle rules add lofts --type expression --config '{"expression": "surface > 30 or rooms = 1"}' --severity error`,
      'keep rows out by a condition of your own',
    ],
  ])
  const change = rules
    .command('change')
    .description('change what a rule says; the next session judges by it')
    .argument('<rule>', 'its name')
  addRuleOptions(change)
  change.action(async (name, options: RuleOptions) => {
    await readRule(house, name)
    if (Object.keys(draftOf(undefined, options)).length === 0) {
      throw new Failure('nothing is to be changed', { hint: 'See the options with --help.', exitCode: 2 })
    }
    await write(house, name, options, false)
    await tell(house, name)
  })
  addExamples(change, [
    [`parcelle rules change house_surface --config '{"min": 15, "max": 3000}'`, 'let castles in'],
  ])
  const enable = rules
    .command('enable')
    .description('switch a rule on')
    .argument('<rule>', 'its name')
    .action((name) => turn(house, name, true))
  addExamples(enable, [['parcelle rules enable floor', 'judge floors again']])
  const disable = rules
    .command('disable')
    .description('switch a rule off; later deploys leave it so')
    .argument('<rule>', 'its name')
    .action((name) => turn(house, name, false))
  addExamples(disable, [['parcelle rules disable floor', 'judge no more floors']])
}
