import { z } from 'zod'
import { defineTask } from './lib/defineTask.ts'

/**
 * Starts the scrapes of a tier for every source that takes part in it.
 *
 * Enqueued by the crontab or app_private.enqueue_start_due_scrapes; job key `start_due_scrapes:<tier>`. A second run
 * leaves alone what is being scraped.
 */
export default defineTask({
  name: 'start_due_scrapes',
  payload: z.looseObject({ tier: z.enum(['full', 'first_pages', 'changes', 'manifest', 'sample']) }),
  async run({ tier }, { log, call }) {
    const [row] = await call<{ started: number }>('select app_private.start_due_scrapes($1) as started', [
      tier,
    ])
    log.info({ tier, started: row?.started ?? 0 }, 'scrapes started')
  },
})
