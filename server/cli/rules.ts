import type { Command } from '@commander-js/extra-typings'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { registerChanges } from './rules/change.ts'
import { registerShow } from './rules/show.ts'
import { registerTest } from './rules/test.ts'
import { registerTypes } from './rules/types.ts'

/** Adds `parcelle rules …`: what staged homes are judged by. */
export function register(program: Command, house: CliHouse): void {
  const rules = program.command('rules').description('the rules that staged homes are judged by')
  registerShow(rules, house)
  registerTypes(rules, house)
  registerTest(rules, house)
  registerChanges(rules, house)
  addExamples(rules, [
    ['parcelle rules list', 'what homes are judged by'],
    ['parcelle rules types', 'what rules can compare'],
    ['parcelle rules test rooms', 'what one would have flagged'],
  ])
}
