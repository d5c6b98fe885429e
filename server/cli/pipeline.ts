import type { Command } from '@commander-js/extra-typings'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { registerLook } from './pipeline/look.ts'
import { registerOperate } from './pipeline/operate.ts'
import { registerRun } from './pipeline/run.ts'

/** Adds `parcelle pipeline …`: work done in stages, its runs, and what became of them. */
export function register(program: Command, house: CliHouse): void {
  const pipeline = program
    .command('pipeline')
    .description('work that is done in stages: begin it, watch it, call it off')
  registerLook(pipeline as unknown as Command, house)
  registerRun(pipeline as unknown as Command, house)
  registerOperate(pipeline as unknown as Command, house)
  addExamples(pipeline, [
    ['parcelle pipeline list', 'every pipeline and how it went'],
    ['parcelle pipeline run daily_sync --wait', 'run one and wait for its end'],
    ['parcelle pipeline status --watch', 'what is at work, live'],
  ])
}
