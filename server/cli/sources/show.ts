import type { Command } from '@commander-js/extra-typings'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatCount } from '../lib/numbers.ts'
import { formatTable } from '../lib/output.ts'
import { withClient } from '../lib/query.ts'
import { describeFaults, findFaults, readSource, type Source, stateOf } from './read.ts'

const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`

function describe(source: Source, faults: readonly string[]): string {
  const facts: [string, unknown][] = [
    ['source', source.code],
    ['name', source.name],
    ['kind', source.kind],
    ['address', source.base_url],
    ['state', stateOf(source)],
    ['local', source.is_local ? 'private addresses may be asked' : null],
    ['reliability', source.reliability.toFixed(2)],
    ['likely removed', `missing from ${formatCount(source.likely_removed_after, 'complete session')}`],
    [
      'removed',
      `missing from ${formatCount(source.removed_after, 'complete session')}, for ${source.removal_grace} at least`,
    ],
    [
      'held',
      `when it removes more than ${percent(source.removed_share_max)} or changes more than ` +
        `${percent(source.changed_share_max)} of ${source.judged_from} homes or more`,
    ],
    ['not complete', `when more than ${percent(source.unkeyed_share_max)} of its rows have no key`],
  ]
  const table = formatTable(
    ['', ''],
    facts.filter(([, value]) => value !== null),
  )
  return [table, JSON.stringify(source.config, null, 2), describeFaults(faults)]
    .filter((part) => part !== undefined)
    .join('\n\n')
}

/** Adds `parcelle sources show`. */
export function registerShow(sources: Command, house: CliHouse): void {
  const show = sources
    .command('show')
    .description('all about one source, with its config')
    .argument('<code>', 'the source')
    .action(async (code) => {
      const source = await withClient(house, (client) => readSource(client, code))
      const faults = await findFaults(source)
      house.out.result({ ...source, faults }, () => describe(source, faults))
    })
  addExamples(show, [
    ['parcelle sources show csv', 'what its keys are made of'],
    ['parcelle sources show my-portal --json', 'for a program'],
  ])
}
