import { Command } from '@commander-js/extra-typings'
import { CommanderError } from 'commander'
import { Failure } from '../failure.ts'
import * as audit from './audit.ts'
import * as city from './city.ts'
import * as cleanup from './cleanup.ts'
import * as dashboard from './dashboard.ts'
import * as deploy from './deploy.ts'
import * as dvf from './dvf.ts'
import * as held from './held.ts'
import * as history from './history.ts'
import * as leads from './leads.ts'
import * as legacy from './legacy.ts'
import { exitCodeOf, formatError, tellError } from './lib/errors.ts'
import { addExamples } from './lib/examples.ts'
import { type CliHouse, createHouse } from './lib/house.ts'
import { createOutput } from './lib/output.ts'
import { Interrupted, listenForSignals } from './lib/signals.ts'
import * as pipeline from './pipeline.ts'
import * as psql from './psql.ts'
import * as quality from './quality.ts'
import * as quarantine from './quarantine.ts'
import * as reset from './reset.ts'
import * as rules from './rules.ts'
import * as scrape from './scrape.ts'
import * as serve from './serve.ts'
import * as sessions from './sessions.ts'
import * as snapshot from './snapshot.ts'
import * as sources from './sources.ts'
import * as sql from './sql.ts'
import * as stage from './stage.ts'
import * as start from './start.ts'
import * as status from './status.ts'
import * as sync from './sync.ts'
import * as undo from './undo.ts'
import * as watch from './watch.ts'
import * as work from './work.ts'
import * as world from './world.ts'

/** What each command group's module gives. */
export type CommandGroup = { register(program: Command, house: CliHouse): void }

const groups: CommandGroup[] = [
  start,
  dvf,
  city,
  stage,
  scrape,
  sessions,
  sources,
  cleanup,
  legacy,
  sync,
  held,
  quality,
  rules,
  quarantine,
  undo,
  history,
  watch,
  audit,
  dashboard,
  pipeline,
  leads,
  status,
  sql,
  psql,
  world,
  deploy,
  snapshot,
  serve,
  work,
  reset,
]

/** Builds the whole command line: every group's commands, with `--json` everywhere and examples under each help. */
export function buildProgram(house: CliHouse): Command {
  const program = new Command('parcelle')
  program
    .description('The French property market in PostgreSQL: sales, listings and their history.')
    .option('--json', 'print the result as JSON on stdout')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(add --help for what is possible)')
    .exitOverride()
  addExamples(program, [
    ['parcelle start', 'bring everything up, with a simulated France to look at'],
    ['parcelle dvf import full.csv.gz', 'import a DVF file into the ledger'],
    ['parcelle status --json', 'what runs where, as JSON'],
    ['parcelle help dvf import', 'all about one command'],
  ])
  for (const group of groups) group.register(program, house)
  return program
}

/**
 * Runs one command line and returns its exit code: 0 done, 1 failed, 2 asked wrongly, 130 and 143 interrupted.
 *
 * @param args what follows the program's name.
 */
export async function main(args: string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const isJson = args.includes('--json')
  const out = createOutput(() => isJson)
  const { signal, stop } = listenForSignals(out.note)
  // A reader that has seen enough (head) closes stdout; that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exitCode = 0
  })
  const house = createHouse(env, out, signal)
  try {
    const program = buildProgram(house)
    if (args.length === 0) program.outputHelp()
    else await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (signal.reason instanceof Interrupted) return signal.reason.exitCode
    // Commander has said it all already.
    if (error instanceof CommanderError) return exitCodeOf(error)
    const told = tellError(error)
    out.note(formatError(told))
    const isVerbose = env.LOG_LEVEL === 'debug' || env.LOG_LEVEL === 'trace'
    if (isVerbose && !(error instanceof Failure && error.exitCode === 2)) {
      out.note(error instanceof Error ? (error.stack ?? '') : '')
    }
    if (isJson) out.result({ error: told }, '')
    return exitCodeOf(error)
  } finally {
    stop()
  }
}
