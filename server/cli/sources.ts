import { type Command, Option } from '@commander-js/extra-typings'
import type { QueryResultRow } from 'pg'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatTable } from './lib/output.ts'
import { withClient } from './lib/query.ts'

type Source = {
  code: string
  name: string
  kind: string
  base_url: string | null
  is_enabled: boolean
  paused_at: Date | null
  reliability: number
}

const columns = 'code, name, kind, base_url, is_enabled, paused_at, reliability'
const kinds = ['explorer', 'portal', 'feed', 'sitemap', 'register', 'legacy'] as const

/** Adds `parcelle sources …`: where reports of homes come from. */
export function register(program: Command, house: CliHouse): void {
  const sources = program.command('sources').description('where reports of homes come from')
  const ask = async <Row extends QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> =>
    (await withClient(house, (client) => client.query<Row>(text, values))).rows

  const list = sources
    .command('list')
    .description('every source, and whether it works')
    .action(async () => {
      const rows = await ask<Source>(`select ${columns} from app_public.sources order by code`, [])
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
    .option('--config <json>', 'what its columns mean and what its keys are made of', '{}')
    .action(async (code, options) => {
      const rows = await ask<Source>(
        `select ${columns} from app_public.add_source($1, $2, $3, $4, $5::jsonb)`,
        [code, options.name, options.kind, options.url ?? null, options.config],
      )
      if (options.local) await ask('select app_private.set_source_local($1, true)', [code])
      house.out.result(rows[0], () =>
        options.url === undefined
          ? `${code} is known; stage into it with: parcelle stage FILE --source ${code}`
          : `${code} is known; scrape it with: parcelle scrape --source ${code}`,
      )
    })
  addExamples(add, [
    ['parcelle sources add my-portal --name "My portal" --kind portal', 'a portal'],
    [
      `parcelle sources add agency --name Agency --config '{"columns": {"prix": "price"}}'`,
      'a feed whose columns have names of their own',
    ],
  ])

  for (const [verb, description] of [
    ['pause', 'take no sessions of a source and sync none'],
    ['resume', 'let a paused or disabled source work again'],
  ] as const) {
    const command = sources
      .command(verb)
      .description(description)
      .argument('<code>', 'the source')
      .action(async (code) => {
        const rows = await ask<Source>(`select ${columns} from app_public.${verb}_source($1)`, [code])
        house.out.result(rows[0], () => `${code}: ${rows[0] ? stateOf(rows[0]) : 'not there'}`)
      })
    addExamples(command, [[`parcelle sources ${verb} csv`, description]])
  }
  addExamples(sources, [
    ['parcelle sources list', 'all of them'],
    ['parcelle sources pause csv', 'keep one from changing anything'],
  ])
}

function stateOf(source: Source): string {
  if (!source.is_enabled) return 'disabled'
  if (source.paused_at === null) return 'works'
  return `paused since ${source.paused_at.toISOString().slice(0, 16).replace('T', ' ')}`
}
