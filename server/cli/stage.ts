import type { Command } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'
import { type StageReport, stageFiles } from '../../tasks/stage_file.ts'
import { Failure } from '../failure.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatNumber } from './lib/numbers.ts'
import { withClient } from './lib/query.ts'
import { describeSync, syncSession } from './lib/sync.ts'

const words = (text: string) => text.split(',').map((word) => word.trim())

function day(text: string): string {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
  if (isDay && new Date(text).toISOString().startsWith(text)) return text
  throw new InvalidArgumentError('A day such as 2024-06-30.')
}

/** Adds `parcelle stage`: files of homes as one session of a source. */
export function register(program: Command, house: CliHouse): void {
  const command = program
    .command('stage')
    .description('stage files of homes (CSV, JSON, JSON lines, each also as .gz) as one session of a source')
    .argument('<files...>', 'the files; "-" for standard input')
    .requiredOption('--source <code>', 'whose report it is')
    .option('--name <name>', 'what the session is called')
    .option('--insee <codes>', 'the communes it set out to see, INSEE codes with commas between', words)
    .option('--city <name>', 'the one commune it set out to see, by name')
    .option('--postal-code <code>', 'with --city: its postal code')
    .option('--types <types>', 'the types it set out to see: house,flat,land,commercial,annex', words)
    .option('--from <day>', 'the first day of listing or sale it set out to see', day)
    .option('--to <day>', 'the last such day', day)
    .option('--complete', 'it saw all of that: a home that is not in it is missing')
    .option('--sync', 'sync the session at once')
    .action(async (paths, options) => {
      if (options.postalCode !== undefined && options.city === undefined) {
        throw new Failure('--postal-code needs --city', { hint: 'Give both, or --insee.', exitCode: 2 })
      }
      const city = options.city === undefined ? [] : [await findCity(house, options.city, options.postalCode)]
      const inseeCodes = [...(options.insee ?? []), ...city]
      const report = await house.database((db) =>
        stageFiles({
          url: db.ownerUrl,
          log: house.log,
          paths,
          source: options.source,
          name: options.name,
          inseeCodes: inseeCodes.length > 0 ? inseeCodes : undefined,
          propertyTypes: options.types,
          from: options.from,
          to: options.to,
          isComplete: options.complete,
          signal: house.signal,
          progress: house.out.progress,
        }),
      )
      if (!options.sync) {
        house.out.result(report, () => describeStaged(report))
        return
      }
      house.out.note(describeStaged(report, true))
      const sync = await withClient(house, (client) => syncSession(client, report.sessionId))
      house.out.result({ ...report, sync }, () => describeSync(sync))
    })
  addExamples(command, [
    ['parcelle stage june.csv --source csv', 'a file of listings'],
    [
      'parcelle stage page-*.json --source my-portal --city Nantes --types flat --complete --sync',
      'a whole crawl of one city, synced at once',
    ],
    ['zcat export.csv.gz | parcelle stage - --source csv', 'from standard input'],
  ])
}

async function findCity(house: CliHouse, name: string, postalCode: string | undefined): Promise<string> {
  const { rows } = await withClient(house, (client) =>
    client.query<{ insee_code: string | null; reason: string }>(
      'select insee_code, reason from app_public.resolve_city($1, $2)',
      [name, postalCode ?? null],
    ),
  )
  const found = rows[0]
  if (found?.insee_code) return found.insee_code
  throw new Failure(`"${name}" is not understood as a city: ${found?.reason ?? 'nothing is like it'}`, {
    hint: 'Give --postal-code too, or --insee with its INSEE code.',
    exitCode: 2,
  })
}

/** What staging did, in sentences; what to do next unless that is being done. */
export function describeStaged(report: StageReport, isGoingOn = false): string {
  const n = formatNumber
  const unread = report.rejects.map(({ reason, count }) => `${n(count)} ${reason}`)
  const lines = [
    `${report.source}: ${n(report.staged)} rows staged, ${n(report.unkeyed)} without a key` +
      (unread.length > 0 ? `, of these not readable: ${unread.join(', ')}` : '') +
      ` (${report.seconds} s)`,
  ]
  for (const { samples, reason } of report.rejects) {
    const [first] = samples
    if (first) lines.push(`  ${reason} at ${first.file}:${first.line}: ${first.raw.slice(0, 80)}`)
  }
  if (report.payloadColumns.length > 0) {
    lines.push(`kept in the payload, since staging has no such columns: ${report.payloadColumns.join(', ')}`)
  }
  if (!isGoingOn) lines.push(`sync it with: parcelle sync --session-id ${report.sessionId}`)
  return lines.join('\n')
}
