import type { Command } from '@commander-js/extra-typings'
import { registerDecisions } from './dvf/decisions.ts'
import { registerDiff } from './dvf/diff.ts'
import { registerHomes } from './dvf/homes.ts'
import { registerImport } from './dvf/import.ts'
import { registerPublication } from './dvf/publication.ts'
import { registerRejects } from './dvf/rejects.ts'
import { registerReleases } from './dvf/releases.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'

/** Adds `parcelle dvf …`: the ledger of sales and the releases that make it. */
export function register(program: Command, house: CliHouse): void {
  const dvf = program.command('dvf').description('the ledger of sales and the DVF releases that make it')
  registerImport(dvf, house)
  registerReleases(dvf, house)
  registerRejects(dvf, house)
  registerDecisions(dvf, house)
  registerDiff(dvf, house)
  registerPublication(dvf, house)
  registerHomes(dvf, house)
  addExamples(dvf, [
    ['parcelle dvf import 2023/full.csv.gz', 'import a file as a release'],
    ['parcelle dvf releases', 'what has been imported'],
    ['parcelle dvf held', 'what waits for a decision, and why'],
  ])
}
