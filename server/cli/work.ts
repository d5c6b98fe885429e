import type { Command } from '@commander-js/extra-typings'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { serveUntilStopped } from './lib/serving.ts'

/** Adds `parcelle work`: the worker alone. */
export function register(program: Command, house: CliHouse): void {
  const work = program
    .command('work')
    .description('run the tasks of the queue until stopped; as many workers as you like share one database')
    .action(async () => {
      await house.database((db) =>
        serveUntilStopped(house, db, { server: false, worker: true }, () =>
          house.out.result({ working: true }, 'the worker runs; ctrl-C stops it'),
        ),
      )
    })
  addExamples(work, [
    ['parcelle work', 'run tasks, two at a time'],
    ['WORKER_CONCURRENCY=8 parcelle work', 'eight at a time'],
    ['DATABASE_URL=postgresql://… parcelle work', 'on another host'],
  ])
}
