import type { Command } from '@commander-js/extra-typings'
import { type DeployReport, deploy } from '../../sql/deploy/deploy.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'

function describe(report: DeployReport): string {
  const seconds = (report.milliseconds / 1000).toFixed(1)
  if (!report.changed) return `nothing has changed (${seconds} s)`
  const counts = [
    report.migrations.length === 0 ? undefined : `${report.migrations.length} migrations`,
    `${report.definitions} definitions`,
    report.seeds.length === 0 ? undefined : `reference rows (${report.seeds.join(', ')})`,
  ]
  return `deployed ${counts.filter((count) => count !== undefined).join(', ')} in ${seconds} s`
}

/** Adds `parcelle deploy`: brings the database to what the files say. */
export function register(program: Command, house: CliHouse): void {
  const command = program
    .command('deploy')
    .description('bring the database to what the files say, in one transaction')
    .option('--force', 'build everything again even when no file has changed')
    .action(async (options) => {
      await house.database(
        async (db) => {
          const report = await deploy({
            url: db.ownerUrl,
            serverPassword: db.serverPassword,
            wait: house.config.deployWait,
            force: options.force,
            signal: house.signal,
            log: house.out.note,
          })
          house.out.result(report, () => describe(report))
        },
        { deployed: false },
      )
    })
  addExamples(command, [
    ['parcelle deploy', 'run new migrations and build changed definitions'],
    ['parcelle deploy --force', 'also take away what was made by hand'],
    [
      'DATABASE_URL=postgresql://… parcelle deploy --json',
      'on a server of your own, with a report for a program',
    ],
  ])
}
