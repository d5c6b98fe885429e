import { type Command, Option } from '@commander-js/extra-typings'
import type { QueryResultRow } from 'pg'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatTable } from './lib/output.ts'
import { withClient } from './lib/query.ts'
import { readConfig } from './sources/config.ts'
import { describeFaults, findFaults, type Source, sourceColumns, stateOf } from './sources/read.ts'
import { kinds, registerSet } from './sources/set.ts'
import { registerShow } from './sources/show.ts'

/** Adds `parcelle sources …`: where reports of homes come from. */
export function register(program: Command, house: CliHouse): void {
  const sources = program.command('sources').description('where reports of homes come from')
  const ask = async <Row extends QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> =>
    (await withClient(house, (client) => client.query<Row>(text, values))).rows

  const list = sources
    .command('list')
    .description('every source, and whether it works')
    .action(async () => {
      const rows = await ask<Source>(
        `select ${sourceColumns} from app_public.sources as s order by s.code`,
        [],
      )
      house.out.result(rows, () =>
        formatTable(
          ['source', 'kind', 'state', 'reliability', 'name'],
          rows.map((row) => [row.code, row.kind, stateOf(row), row.reliability.toFixed(2), row.name]),
        ),
      )
    })
  addExamples(list, [['parcelle sources list', 'which source is paused']])

  const add = sources
    .command('add')
    .description('make a source known')
    .argument('<code>', 'short name, such as my-portal')
    .requiredOption('--name <name>', 'what it is called')
    .addOption(
      new Option('--kind <kind>', 'what sort of source it is').choices(kinds).default('feed' as const),
    )
    .option('--url <url>', 'where it is reached')
    .option('--local', 'it lies on this machine or in its own network, so private addresses may be asked')
    .option(
      '--config <json>',
      'what its columns mean, what its keys are made of, how it is read: JSON, a file, or - for standard input',
      '{}',
    )
    .action(async (code, options) => {
      const rows = await ask<Source>(
        `select ${sourceColumns} from app_public.add_source($1, $2, $3, $4, $5::jsonb) as s`,
        [
          ...[code, options.name, options.kind, options.url ?? null],
          JSON.stringify(await readConfig(options.config)),
        ],
      )
      if (options.local) await ask('select app_private.set_source_local($1, true)', [code])
      house.out.result(rows[0], () =>
        options.url === undefined
          ? `${code} is known; stage into it with: parcelle stage FILE --source ${code}`
          : `${code} is known; scrape it with: parcelle scrape --source ${code}`,
      )
      const said = describeFaults(rows[0] === undefined ? [] : await findFaults(rows[0]))
      if (said !== undefined) house.out.note(said)
    })
  addExamples(add, [
    ['parcelle sources add my-portal --name "My portal" --kind portal', 'a portal'],
    [
      `parcelle sources add agency --name Agency --config '{"columns": {"prix": "price"}}'`,
      'a feed whose columns have names of their own',
    ],
  ])

  registerShow(sources, house)
  registerSet(sources, house)
  for (const [verb, description] of [
    ['pause', 'take no sessions of a source and sync none'],
    ['resume', 'let a paused or disabled source work again'],
  ] as const) {
    const command = sources
      .command(verb)
      .description(description)
      .argument('<code>', 'the source')
      .action(async (code) => {
        const rows = await ask<Source>(`select ${sourceColumns} from app_public.${verb}_source($1) as s`, [
          code,
        ])
        house.out.result(rows[0], () => `${code}: ${rows[0] ? stateOf(rows[0]) : 'not there'}`)
      })
    addExamples(command, [[`parcelle sources ${verb} csv`, description]])
  }
  addExamples(sources, [
    ['parcelle sources list', 'all of them'],
    ['parcelle sources show my-portal', 'one, with its config'],
    ['parcelle sources pause csv', 'keep one from changing anything'],
  ])
}
