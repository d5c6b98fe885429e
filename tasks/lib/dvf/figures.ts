import pg from 'pg'
import { stopWithClient } from './shard.ts'

/** Market statistics that are being computed beside the transaction that fills an empty ledger. */
export interface FiguresAside {
  /** Resolves when the connection is closed, with what went wrong if anything did. Never rejects. */
  ended: Promise<unknown>
  /** Breaks off what is still being computed. */
  cancel(): void
}

/**
 * Begins to compute the market statistics of a release whose candidates are committed, on a connection of its own. The
 * transaction that applies the release waits for them; where they fail it computes them itself.
 */
export async function prepareFigures(url: string, releaseId: number): Promise<FiguresAside> {
  const client = new pg.Client({ connectionString: url, application_name: 'parcelle import statistics' })
  client.on('error', () => {})
  await client.connect()
  await stopWithClient(client)
  await client.query('begin')
  await client.query('select app_private.claim_market_figures($1)', [releaseId])
  const compute = async () => {
    try {
      await client.query('select app_private.prepare_market_figures($1)', [releaseId])
      await client.query('commit')
      return undefined
    } catch (error) {
      return error
    } finally {
      await client.end().catch(() => {})
    }
  }
  return {
    ended: compute(),
    cancel() {
      const { connection } = client as pg.Client & { connection?: { stream?: { destroy(): void } } }
      connection?.stream?.destroy()
    },
  }
}
