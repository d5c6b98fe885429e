import { z } from 'zod'
import { defineTask, Final } from './lib/defineTask.ts'

const payload = z.looseObject({ name: z.string(), params: z.record(z.string(), z.unknown()).optional() })

/**
 * Triggers a pipeline: what the crontab does.
 *
 * Enqueued by the crontab and by app_private.enqueue_start_pipeline. A pipeline of which a run of the same key is at work,
 * or that is paused, is left alone: its next time comes. A second run triggers it again.
 */
export default defineTask({
  name: 'start_pipeline',
  payload,
  async run({ name, params }, { log, call }) {
    try {
      const [run] = await call<{ id: number }>('select id from app_public.trigger_pipeline($1, $2)', [
        name,
        JSON.stringify(params ?? {}),
      ])
      log.info({ pipeline: name, run: run?.id }, 'triggered')
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error
      if (/^PC4(00|04|22)$/.test(String(error.code))) {
        const hint = 'hint' in error ? String(error.hint) : undefined
        throw new Final(error.message, { hint, cause: error })
      }
      if (error.code !== 'PC409') throw error
      log.info({ pipeline: name, why: error.message }, 'left alone')
    }
  },
})
