import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from '@commander-js/extra-typings'
import { withScratchDatabase } from '../../sql/deploy/scratch.ts'
import { snapshot } from '../../sql/deploy/snapshot.ts'
import { Failure } from '../failure.ts'
import { printReadme } from '../print-readme.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'

/** A generated file under version control: its path from the project's root, and what writes it from a fresh deploy. */
export type SnapshotProducer = { path: string; produce(url: string): Promise<string> }

/** Every generated file. */
export const producers: readonly SnapshotProducer[] = [
  { path: 'sql/schema.sql', produce: snapshot },
  {
    path: 'server/schema.graphql',
    // Loading PostGraphile takes longer than most commands do.
    produce: async (url) => (await import('../print-schema.ts')).printGraphqlSchema(url),
  },
  // Reads the GraphQL schema written just before.
  { path: 'README.md', produce: printReadme },
]

const root = new URL('../..', import.meta.url).pathname

/** Which line differs first, counted from 1; for a file that does not exist, the first. */
function firstDifference(present: string, wanted: string): number {
  const lines = present.split('\n')
  const at = wanted.split('\n').findIndex((line, number) => line !== lines[number])
  return at === -1 ? lines.length : at + 1
}

/** Adds `parcelle snapshot`: writes or checks the generated files. */
export function register(program: Command, house: CliHouse): void {
  const command = program
    .command('snapshot')
    .description(
      "write the generated files (the schema as SQL and as GraphQL, the README's table of the API) from a fresh deploy",
    )
    .option('--check', 'write nothing; fail when a file is not what a fresh deploy gives')
    .action(async (options) => {
      const written: { path: string; isStale: boolean; line: number | null }[] = []
      await withScratchDatabase(
        { log: house.log, serverUrl: house.config.databaseUrl, name: 'snapshot' },
        async ({ url }) => {
          for (const { path, produce } of producers) {
            house.signal.throwIfAborted()
            const wanted = await produce(url)
            const present = await readFile(join(root, path), 'utf8').catch(() => '')
            const isStale = present !== wanted
            written.push({ path, isStale, line: isStale ? firstDifference(present, wanted) : null })
            if (isStale && options.check !== true) await writeFile(join(root, path), wanted)
          }
        },
      )
      const stale = written.filter(({ isStale }) => isStale)
      if (options.check === true && stale.length > 0) {
        const places = stale.map(({ path, line }) => `${path}:${line}`).join(', ')
        throw new Failure(`not what a fresh deploy gives: ${places}`, {
          hint: 'Run "npm run snapshot", review the difference and commit it.',
        })
      }
      const text =
        stale.length === 0
          ? 'all generated files are up to date'
          : `wrote ${stale.map(({ path }) => path).join(', ')}`
      house.out.result(written, text)
    })
  addExamples(command, [
    ['parcelle snapshot', 'write sql/schema.sql and the rest after changing SQL'],
    ['parcelle snapshot --check', 'what the tests ask'],
  ])
}
