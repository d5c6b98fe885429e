import { z } from 'zod'
import { defineTask, Final } from './lib/defineTask.ts'

/**
 * Does a task of a pipeline in the database: the function that its stage names, which also ends it, in one transaction.
 *
 * Enqueued by the stages of pipelines, as app_private.open_stage opens them. A second run is another attempt; what an
 * overtaken one did is undone.
 */
export default defineTask({
  name: 'run_sql_stage',
  payload: z.looseObject({}),
  async run(_params, { taskId, token, call }) {
    if (taskId === null) {
      throw new Final('run_sql_stage is a task of pipelines only', {
        hint: 'Trigger a pipeline with: parcelle pipeline run NAME',
      })
    }
    await call('select app_private.run_sql_stage($1, $2)', [taskId, token])
    return { isEnded: true }
  },
})
