import { z } from 'zod'
import { defineTask, Final } from './lib/defineTask.ts'
import { refreshCities } from './lib/geo/refresh-cities.ts'

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
    const { geoApiUrl, contact = null } = config
    const attempt = { taskId, token }
    const report = await refreshCities({ inseeCodes, call, geoApiUrl, contact, log, signal, attempt }).catch(
      (error: Error & { code?: string; hint?: string }) => {
        if (error.code !== 'PC404') throw error
        throw new Final(error.message, { hint: error.hint, cause: error })
      },
    )
    const { cities, refreshed, failures } = report
    for (const { error, ...failure } of failures)
      log.warn({ ...failure, reason: error }, 'not learnt of a city')
    log.info({ cities, refreshed, failures: failures.length }, 'refreshed cities')
    // Of none anything was learnt: nobody answers, and later somebody may.
    if (refreshed === 0 && failures[0] !== undefined) throw new Error(failures[0].error)
    return {
      result: { cities, refreshed, failures },
      itemCount: refreshed,
      failedItemCount: cities - refreshed,
    }
  },
})
