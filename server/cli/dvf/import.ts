import path from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'
import { type ImportReport, importDvf } from '../../../tasks/import_dvf.ts'
import { downloadDvf } from '../../../tasks/lib/download.ts'
import { parseScope, type ScopeClaim } from '../../../tasks/lib/dvf/scope.ts'
import { Failure } from '../../failure.ts'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatNumber } from '../lib/numbers.ts'
import { describeHeld, type HeldReason } from './reasons.ts'

function scope(text: string): ScopeClaim[] {
  try {
    return parseScope(text)
  } catch (error) {
    throw new InvalidArgumentError(error instanceof Error ? error.message : String(error))
  }
}

function year(text: string): number {
  const value = Number(text)
  if (/^\d{4}$/.test(text)) return value
  throw new InvalidArgumentError('A year such as 2023.')
}

/** Adds `parcelle dvf import`. */
export function registerImport(dvf: Command, house: CliHouse): void {
  const command = dvf
    .command('import')
    .description('import DVF files, in either official form or an altered copy, as one release')
    .argument('[paths...]', 'files (.csv, .txt, .gz, .zip) and folders; "-" for standard input')
    .option('--release <code>', 'what the release is called; made from the file name when not given')
    .option(
      '--scope <scope>',
      'what it covers, when neither names nor lines should tell: FR:2020-2024, 69:2023, 69123',
      scope,
    )
    .option('--year <year>', 'fetch this year from the official address', year)
    .option('--department <code>', 'with --year: only this département')
    .option('--commune <insee>', 'with --year: only this commune')
    .action(async (given, options) => {
      const isFetched = options.year !== undefined
      if (isFetched === given.length > 0) {
        throw new Failure('a DVF import needs files, or --year', {
          hint: 'Give paths, "-" for standard input, or --year with --department or --commune.',
          exitCode: 2,
        })
      }
      const isStdin = given.length === 1 && given[0] === '-'
      const paths = isFetched ? [await fetchFile(house, options.year as number, options)] : given
      const report = await house.database((db) =>
        importDvf({
          url: db.ownerUrl,
          log: house.log,
          paths: isStdin ? 'stdin' : paths,
          code: options.release,
          scope: options.scope,
          signal: house.signal,
          progress: house.out.progress,
        }),
      )
      house.out.result(report, () => describeImport(report))
    })
  addExamples(command, [
    ['parcelle dvf import 2023/full.csv.gz', 'a year of France'],
    ['parcelle dvf import ValeursFoncieres-2022.txt ValeursFoncieres-2023.txt', 'two years as one release'],
    ['parcelle dvf import --year 2023 --department 69', 'fetch and import one département'],
    ['zcat sales.csv.gz | parcelle dvf import - --scope 69:2023', 'from standard input'],
  ])
}

async function fetchFile(
  house: CliHouse,
  wanted: number,
  options: { department?: string | undefined; commune?: string | undefined },
): Promise<string> {
  const progress = house.out.progress('fetching', 0, 'bytes')
  const download = await downloadDvf({
    baseUrl: house.config.dvfBaseUrl,
    year: wanted,
    ...(options.department === undefined ? {} : { department: options.department }),
    ...(options.commune === undefined ? {} : { commune: options.commune }),
    folder: path.join(house.config.dataDir, 'downloads'),
    signal: house.signal,
    progress: (received, total) => progress.update(received, { total: total ?? undefined }),
  }).finally(() => progress.stop())
  house.out.note(`${download.status}: ${download.url} (sha256 ${download.sha256})`)
  return download.path
}

/** What an import did, in sentences. */
export function describeImport(report: ImportReport): string {
  const n = (value: number | null) => formatNumber(value ?? 0)
  if (report.status === 'unchanged')
    return `${report.code}: known already, nothing changed (${report.seconds} s)`
  const reasons = Object.entries(report.rejectedByReason).map(([reason, count]) => `${n(count)} ${reason}`)
  const lines = [
    `${report.code}: ${n(report.lines)} lines, ${n(report.accepted)} accepted, ${n(report.rejected)} rejected` +
      (reasons.length > 0 ? ` (${reasons.join(', ')})` : '') +
      (report.repeated > 0 ? `, ${n(report.repeated)} in two files and counted once` : ''),
  ]
  if (report.status === 'held') {
    lines.push(
      `held, not applied: ${n(report.transactions)} sales wait for a decision`,
      ...describeHeld((report.heldReasons ?? []) as HeldReason[]).map((reason) => `  ${reason}`),
      `accept it with: parcelle dvf accept ${report.code}, or: parcelle dvf reject ${report.code}`,
    )
  } else {
    lines.push(
      `${n(report.transactions)} sales: ${n(report.added)} added, ${n(report.corrected)} corrected, ` +
        `${n(report.withdrawn)} withdrawn (${report.seconds} s)`,
    )
  }
  if (report.rejected > 0) lines.push(`see the rejected lines with: parcelle dvf rejects ${report.code}`)
  return lines.join('\n')
}
