import { z } from 'zod'
import { defineTask } from './lib/defineTask.ts'

/**
 * Syncs a session: the database does everything, in one statement.
 *
 * Enqueued by app_private.enqueue_sync_session, mostly through app_public.batch_sync_workflow; job key
 * `sync_session:<session>`. A second run finds the session decided and changes nothing.
 */
export default defineTask({
  name: 'sync_session',
  payload: z.object({ sessionId: z.uuid() }).strict(),
  async run({ sessionId }, { log, call }) {
    const [report] = await call<{ status: string | null; seconds: string | null }>(
      'select status, seconds from app_private.sync_queued_session($1)',
      [sessionId],
    )
    log.info({ sessionId, ...report }, report?.status == null ? 'decided already' : 'synced')
  },
})
