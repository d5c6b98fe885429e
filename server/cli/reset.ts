import { confirm, isCancel } from '@clack/prompts'
import type { Command } from '@commander-js/extra-typings'
import { Failure } from '../failure.ts'
import { inspectEmbedded, removeEmbedded } from '../postgres/inspect.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'

async function isMeant(folder: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new Failure('there is nobody to ask whether to remove the database', {
      hint: 'Run it on a terminal, or add --yes.',
      exitCode: 2,
    })
  }
  const answer = await confirm({
    message: `Remove the embedded database in ${folder}, with everything imported into it?`,
    initialValue: false,
    output: process.stderr,
  })
  return !isCancel(answer) && answer
}

/** Adds `parcelle reset`: removes the embedded database after asking; never touches a server given by DATABASE_URL. */
export function register(program: Command, house: CliHouse): void {
  const reset = program
    .command('reset')
    .description('remove the embedded database and everything in it; the next command begins anew')
    .option('--yes', 'do not ask')
    .action(async (options) => {
      const { config, out, log } = house
      if (config.databaseUrl !== undefined) {
        throw new Failure('parcelle reset removes the embedded database only, and DATABASE_URL is set', {
          hint: 'Unset DATABASE_URL, or drop and create that database yourself.',
          exitCode: 2,
        })
      }
      const { folder } = await inspectEmbedded(config.dataDir)
      if (folder === undefined) {
        out.result({ removed: null }, 'there is no embedded database')
        return
      }
      if (options.yes !== true && !(await isMeant(folder))) {
        out.result({ removed: null }, 'nothing was removed')
        return
      }
      const removed = await removeEmbedded(config.dataDir, log)
      out.result({ removed: removed ?? null }, `removed the embedded database in ${folder}`)
    })
  addExamples(reset, [
    ['parcelle reset', 'ask, then remove the embedded database'],
    ['parcelle reset --yes', 'remove it without asking, in a script'],
  ])
}
