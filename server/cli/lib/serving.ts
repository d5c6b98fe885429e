import { once } from 'node:events'
import type { Database } from '../../postgres/house.ts'
import type { CliHouse } from './house.ts'

/** A query to try: what it asks in words, and the GraphQL. */
export type TryQuery = { title: string; query: string }

/**
 * Three GraphQL queries to begin with, about a commune that has sales (its INSEE code) and the last two releases.
 *
 * @param releases codes of the applied releases, oldest first.
 */
export function queriesToTry(commune: string, releases: string[]): TryQuery[] {
  const [before, last] = releases.slice(-2)
  const year = `filter: { areaCode: { equalTo: "${commune}" }, propertyType: { equalTo: flat }, nature: { equalTo: sale }, periodKind: { equalTo: year } }`
  const search = `commune: "${commune}", propertyTypes: [flat], first: 3, orderBy: [SOLD_ON_DESC]`
  const withdrawn = `releaseA: "${before}", releaseB: "${last}", filter: { kind: { equalTo: withdrawn } }, first: 3`
  return [
    {
      title: 'the median €/m² of flats in one commune by year',
      query: `{ marketStats(${year}, orderBy: PERIOD_START_ASC) { nodes { periodStart saleCount pricePerM2Median } } }`,
    },
    {
      title: 'its newest sales of flats',
      query: `{ searchTransactions(${search}) { totalCount nodes { soldOn priceEur dwellingSurfaceM2 pricePerM2 streetName } } }`,
    },
    last === undefined
      ? {
          title: 'what has been imported',
          query: '{ dvfReleases { nodes { code lineCount transactionCount rejectedCount } } }',
        }
      : {
          title: 'which sales the last release withdrew',
          query: `{ diffReleases(${withdrawn}) { totalCount nodes { transactionId inseeCode soldOn } } }`,
        },
  ]
}

/** Queries as shell commands. */
export function describeQueries(url: string, queries: TryQuery[]): string {
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`
  return queries
    .map(({ title, query }) => {
      const body = quoted(JSON.stringify({ query }))
      return `# ${title}\ncurl -s ${url}/graphql -H 'content-type: application/json' -d ${body}`
    })
    .join('\n\n')
}

/**
 * Serves GraphQL, and works off the queue when asked to, until the command is told to stop; then lets running requests
 * and tasks finish. `announce` is called once it answers.
 */
export async function serveUntilStopped(
  house: CliHouse,
  db: Database,
  options: { server: boolean; worker: boolean },
  announce: (url: string | undefined) => void,
): Promise<void> {
  const { config, log, signal } = house
  const closing: (() => Promise<void>)[] = []
  try {
    let url: string | undefined
    if (options.server) {
      const { startServer } = await import('../../main.ts')
      const server = await startServer({ config, log, db })
      closing.push(server.close)
      url = server.url
    }
    if (options.worker) {
      const { startWorker } = await import('../../../tasks/worker.ts')
      const worker = await startWorker({ config, log, db })
      closing.push(worker.close)
    }
    announce(url)
    if (!signal.aborted) await once(signal, 'abort')
  } finally {
    for (const close of closing.reverse()) await close()
  }
}
