import type pino from 'pino'
import type { Call } from '../scrape/politeness.ts'
import { type CityFailure, type CityFigures, openCityAsker, refreshableSchema } from './refresh.ts'

/** What a refresh came to. */
export interface RefreshReport {
  cities: number
  /** Cities of which something was learnt. */
  refreshed: number
  failures: CityFailure[]
}

/** Which cities to refresh, and by what means. */
export interface RefreshOptions {
  inseeCodes: readonly string[]
  call: Call
  geoApiUrl: string
  /** An address of mail or the web that the user agent names. */
  contact: string | null
  log: pino.Logger
  signal: AbortSignal
  /** The attempt at a task of a pipeline that this is. */
  attempt?: { taskId: number | null; token: string | null }
  progress?(done: number, total: number): void
}

const batchSize = 20

/**
 * Asks about cities one after the other and writes down what was learnt, twenty at a time; what was not is in the report.
 *
 * PC404: an unknown commune. PC409: the attempt is over.
 */
export async function refreshCities(options: RefreshOptions): Promise<RefreshReport> {
  const { call, log, signal } = options
  const [row] = await call<{ known: unknown }>('select app_private.refreshable_cities($1) as known', [
    options.inseeCodes,
  ])
  const { cities, sources } = refreshableSchema.parse(row?.known)
  const { geoApiUrl, contact } = options
  const asker = openCityAsker({ call, log, signal, contact, geoApiUrl, cities, sources })
  const report: RefreshReport = { cities: cities.length, refreshed: 0, failures: [] }
  let batch: CityFigures[] = []
  let waiting = 0
  const write = async (): Promise<void> => {
    const { taskId = null, token = null } = options.attempt ?? {}
    const text = 'select app_private.record_city_figures($1, $2, $3) as count'
    const [written] = await call<{ count: number }>(text, [JSON.stringify(batch), taskId, token])
    report.refreshed += written?.count ?? 0
    batch = []
    waiting = 0
  }
  try {
    for (const [done, city] of cities.entries()) {
      signal.throwIfAborted()
      const { figures, failures } = await asker.ask(city)
      report.failures.push(...failures)
      batch.push(...figures)
      if (++waiting === batchSize) await write()
      options.progress?.(done + 1, cities.length)
    }
    if (waiting > 0) await write()
  } finally {
    await asker.close()
  }
  return report
}
