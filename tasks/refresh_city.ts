import { z } from 'zod'
import { defineTask, Final } from './lib/defineTask.ts'
import { type CityFailure, type CityFigures, openCityAsker, refreshableSchema } from './lib/geo/refresh.ts'

const inseeCode = z.string().regex(/^[0-9][0-9AB][0-9]{3}$/)

/**
 * Refreshes some cities: where they lie, by the geographic service; what a square metre costs there, by the explorers'
 * pages and by the ledger. What could not be learnt of which city is in the result.
 *
 * Enqueued by app_private.enqueue_refresh_city (job key `refresh_city:` and a digest of the cities) and, city by city, by
 * the pipeline city_refresh. A second run asks again and writes over what the first one wrote.
 */
export default defineTask({
  name: 'refresh_city',
  payload: z.union([
    z.looseObject({ inseeCodes: z.array(inseeCode).min(1).max(1000) }),
    z.looseObject({ inseeCode }).transform((given) => ({ inseeCodes: [given.inseeCode] })),
  ]),
  async run({ inseeCodes }, { config, log, signal, call, taskId, token }) {
    const [row] = await call<{ known: unknown }>('select app_private.refreshable_cities($1) as known', [
      inseeCodes,
    ]).catch((error: Error & { code?: string; hint?: string }) => {
      if (error.code !== 'PC404') throw error
      throw new Final(error.message, { hint: error.hint, cause: error })
    })
    const { cities, sources } = refreshableSchema.parse(row?.known)
    const contact = config.contact ?? null
    const asker = openCityAsker({ call, log, signal, contact, geoApiUrl: config.geoApiUrl, sources })
    const failures: CityFailure[] = []
    let refreshed = 0
    let batch: CityFigures[] = []
    const write = async () => {
      const text = 'select app_private.record_city_figures($1, $2, $3) as count'
      const [written] = await call<{ count: number }>(text, [JSON.stringify(batch), taskId, token])
      refreshed += written?.count ?? 0
      batch = []
    }
    try {
      for (const city of cities) {
        signal.throwIfAborted()
        const answer = await asker.ask(city)
        failures.push(...answer.failures)
        batch.push(...answer.figures)
        if (batch.length >= 20) await write()
      }
      if (batch.length > 0) await write()
    } finally {
      await asker.close()
    }
    for (const { error, ...failure } of failures)
      log.warn({ ...failure, reason: error }, 'not learnt of a city')
    log.info({ cities: cities.length, refreshed, failures: failures.length }, 'refreshed cities')
    // Of none anything was learnt: nobody answers, and later somebody may.
    if (refreshed === 0 && failures[0] !== undefined) throw new Error(failures[0].error)
    return {
      result: { cities: cities.length, refreshed, failures },
      itemCount: refreshed,
      failedItemCount: cities.length - refreshed,
    }
  },
})
