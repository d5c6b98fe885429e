import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Command } from '@commander-js/extra-typings'
import { Failure } from '../failure.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'

async function run(url: string, args: string[]): Promise<number> {
  const child = spawn('psql', [url, ...args], { stdio: 'inherit' })
  try {
    const [code] = (await once(child, 'exit')) as [number | null]
    return code ?? 1
  } catch (cause) {
    throw new Failure('psql is not installed', {
      hint: 'Install your system\'s postgresql-client package, or use: parcelle sql "select …"',
      cause,
    })
  }
}

/** Adds `parcelle psql`: psql on the database, which is kept running until psql ends. */
export function register(program: Command, house: CliHouse): void {
  const psql = program
    .command('psql')
    .description("open psql, if it is installed, on the database with the owner's rights")
    .argument('[arguments...]', 'passed on to psql, after --')
    .option('--url', 'only print the address; it answers while a command keeps the database running')
    .action(async (args, options) => {
      const isUrlOnly = options.url === true || house.out.json
      await house.database(
        async (db) => {
          if (isUrlOnly) house.out.result({ url: db.ownerUrl }, db.ownerUrl)
          else process.exitCode = await run(db.ownerUrl, args)
        },
        { deployed: !isUrlOnly },
      )
    })
  addExamples(psql, [
    ['parcelle psql', 'an interactive session'],
    [`parcelle psql -- -c 'table dvf_releases'`, 'one statement'],
    ['parcelle psql --url', 'the address, for another program'],
  ])
}
