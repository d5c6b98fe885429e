import type { Command } from '@commander-js/extra-typings'
import pg from 'pg'
import type { LiveChange } from '../change-feed.ts'
import { describeChange } from './lib/changes.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'

const list = (value: string, before: string[]): string[] => [...before, ...value.split(',')]

/** Adds `parcelle watch`. */
export function register(program: Command, house: CliHouse): void {
  const watch = program
    .command('watch')
    .description('print changes of live homes as they are committed, until ctrl-C')
    .option('--city <names>', 'only in these cities, by name or INSEE code', list, [])
    .option('--type <types>', 'only homes of these types', list, [])
    .option('--kind <kinds>', 'only these kinds of change', list, [])
    .option('--source <codes>', 'only of these sources', list, [])
    .option('--since <position>', 'begin after this position (0: all there ever were) instead of now')
    .option('--until-caught-up', 'end when nothing more has been committed', false)
    .action(async (options) => {
      const filter: Record<string, string[]> = {}
      if (options.city.length > 0) filter.city = options.city
      if (options.type.length > 0) filter.property_type = options.type
      if (options.kind.length > 0) filter.kind = options.kind
      if (options.source.length > 0) filter.source = options.source
      await house.database(async (db) => {
        const pool = new pg.Pool({
          connectionString: db.ownerUrl,
          application_name: 'parcelle watch',
          max: 1,
        })
        pool.on('error', (error) => house.out.note(error.message))
        // It brings PostGraphile with it, which no other command should wait for.
        const { createChangeFeed } = await import('../change-feed.ts')
        const feed = createChangeFeed(pool, db.ownerUrl, (error) => house.out.note(error.message))
        const changes = feed.follow({
          since: options.since ?? null,
          filter,
          endsWhenRead: options.untilCaughtUp,
        })
        const stop = () => void changes.return?.()
        house.signal.addEventListener('abort', stop, { once: true })
        try {
          for await (const change of changes) house.out.item(change, () => describe(change))
        } finally {
          house.signal.removeEventListener('abort', stop)
          await feed.close()
          await pool.end()
        }
      })
    })
  addExamples(watch, [
    ['parcelle watch', 'everything, from now on'],
    ['parcelle watch --city Rennes --type flat --kind new,sold', 'what comes and goes'],
    ['parcelle watch --since 81233 --json', 'as JSON lines, after the last position you dealt with'],
  ])
}

function describe(change: LiveChange): string {
  const place = [change.property_type, change.insee_code].filter((word) => word !== null).join(' ')
  const confidence = change.confidence === null ? '' : ` (${Math.round(change.confidence * 100)} %)`
  return `${change.position} ${change.changed_at.slice(0, 19).replace('T', ' ')} ${change.source} home ${change.property_id} (${place}): ${describeChange(change)}${confidence}`
}
