import type { Command } from '@commander-js/extra-typings'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { serveUntilStopped } from './lib/serving.ts'

/** Adds `parcelle serve`: GraphQL over HTTP, without a worker. */
export function register(program: Command, house: CliHouse): void {
  const serve = program
    .command('serve')
    .description('serve GraphQL on HOST and PORT until stopped; the worker runs apart (parcelle work)')
    .action(async () => {
      await house.database((db) =>
        serveUntilStopped(house, db, { server: true, worker: false }, (url) =>
          house.out.result({ url, graphql: `${url}/graphql` }, `GraphQL answers at ${url}/graphql`),
        ),
      )
    })
  addExamples(serve, [
    ['parcelle serve', 'on http://127.0.0.1:5678, for this machine'],
    ['PORT=8080 parcelle serve', 'on another port'],
    ['HOST=0.0.0.0 NODE_ENV=production parcelle serve', 'for everybody, who see no single sales'],
  ])
}
