import { once } from 'node:events'
import type { Database } from '../../postgres/house.ts'
import type { CliHouse } from './house.ts'

const queries: [title: string, query: string][] = [
  [
    'the dearest sales',
    '{ transactions(first: 5, orderBy: PRICE_EUR_DESC) { nodes { soldOn priceEur propertyType inseeCode } } }',
  ],
]

/** Three GraphQL queries to begin with, as shell commands. */
export function tryThese(url: string): string {
  return queries
    .map(([title, query]) => {
      const body = JSON.stringify({ query })
      return `# ${title}\ncurl -s ${url}/graphql -H 'content-type: application/json' -d '${body}'`
    })
    .join('\n')
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
