import type { Command } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { serveUntilStopped } from './lib/serving.ts'

function concurrency(text: string): number {
  if (/^([1-9]\d?|100)$/.test(text)) return Number(text)
  throw new InvalidArgumentError('A number from 1 to 100.')
}

/** Adds `parcelle work`: the worker alone. */
export function register(program: Command, house: CliHouse): void {
  const work = program
    .command('work')
    .description('run the tasks of the queue until stopped; as many workers as you like share one database')
    .option('--concurrency <n>', 'run so many tasks at a time (WORKER_CONCURRENCY)', concurrency)
    .action(async (options) => {
      const workerConcurrency = options.concurrency ?? house.config.workerConcurrency
      const config = { ...house.config, workerConcurrency }
      await house.database((db) =>
        serveUntilStopped({ ...house, config, log: house.log }, db, { server: false, worker: true }, () =>
          house.out.result({ working: true }, 'the worker runs; ctrl-C stops it'),
        ),
      )
    })
  addExamples(work, [
    ['parcelle work', 'run tasks, two at a time'],
    ['parcelle work --concurrency 8', 'eight at a time'],
    ['DATABASE_URL=postgresql://… parcelle work', 'on another host'],
  ])
}
