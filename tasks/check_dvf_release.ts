import { z } from 'zod'
import { defineTask } from './lib/defineTask.ts'
import { newestRelease } from './lib/download.ts'

/** Parameters of runs of dvf_update, of which this task needs none. */
const dvfParams = {
  years: z.array(z.int()).optional(),
  departments: z.array(z.string()).optional(),
  force: z.boolean().optional(),
  code: z.string().optional(),
}

/**
 * Asks the official address whether a newer release of DVF has been published, and keeps the answer.
 *
 * Enqueued by the stage check of dvf_update, which the crontab triggers once a day, and by
 * app_private.enqueue_check_dvf_release; job key `check_dvf_release`. A second run writes the same answer again.
 */
export default defineTask({
  name: 'check_dvf_release',
  payload: z.object({ _cron: z.unknown().optional(), ...dvfParams }).strict(),
  async run(_payload, { config, log, signal, call }) {
    const published = await newestRelease({ datasetUrl: config.dvfDatasetUrl, signal })
    const [row] = await call<{ is_newer: boolean }>(
      `select app_public.dvf_publications_is_newer(p) as is_newer
      from app_private.record_dvf_publication($1, $2) as p`,
      [published.lastUpdate, JSON.stringify(published.resources)],
    )
    log.info({ published: published.lastUpdate, isNewer: row?.is_newer }, 'asked for the newest release')
    return { result: { publishedAt: published.lastUpdate, isNewer: row?.is_newer ?? false }, itemCount: 1 }
  },
})
