import { z } from 'zod'
import { defineTask, Final, type TaskContext } from './lib/defineTask.ts'
import { Unplannable } from './lib/scrape/plan.ts'
import { type ScrapeReport, scrapeSession } from './lib/scrape/session.ts'
import { ScrapeLost } from './lib/scrape/store.ts'

/**
 * Scrapes a session, politely, from where it stands, and syncs it unless its parameters say otherwise.
 *
 * Enqueued by app_private.enqueue_scrape; job key `scrape:<session>`. As the stage of a pipeline it is given a source
 * with the parameters of start_scrape, begins the session itself and gives its id. A second run goes on with what is
 * left; one of a session that has ended changes nothing. A session that failed is a final refusal: trying again is for
 * whoever mends it, with a session of its own.
 */
export default defineTask({
  name: 'scrape',
  payload: z.union([z.strictObject({ sessionId: z.uuid() }), z.looseObject({ source: z.string() })]),
  async run(payload, context) {
    const sessionId = 'sessionId' in payload ? String(payload.sessionId) : await begin(payload, context)
    const { log, call } = context
    const [session] = await call<{ is_open: boolean }>(
      `select s.status = 'queued' and s.finished_at is null as is_open
       from app_public.scrape_sessions as s where s.id = $1`,
      [sessionId],
    )
    if (session === undefined) throw new Final(`session ${sessionId} does not exist`)
    const report = session.is_open ? await scrape(sessionId, context) : null
    await refuseFailed(sessionId, call)
    const [synced] = await call<{ status: string | null }>(
      `select r.status from app_public.scrape_sessions as s
       cross join lateral app_private.sync_queued_session(s.id) as r
       where s.id = $1 and s.status = 'queued' and s.finished_at is not null
         and coalesce((s.parameters ->> 'sync')::boolean, true)`,
      [sessionId],
    )
    log.info({ sessionId, outcome: report?.outcome ?? null, status: synced?.status ?? null }, 'scraped')
    return {
      result: { sessionId, outcome: report?.outcome ?? null },
      itemCount: report?.staged_count ?? 0,
      failedItemCount: report?.counts.failed_count ?? 0,
    }
  },
})

async function begin(
  { source, ...parameters }: { source: string },
  { call, taskId }: TaskContext,
): Promise<string> {
  const asked = { ...parameters, ...(taskId !== null && { task_id: taskId }) }
  const [row] = await call<{ id: string }>('select id from app_private.begin_scrape($1, $2::jsonb)', [
    source,
    JSON.stringify(asked),
  ])
  return (row as { id: string }).id
}

async function refuseFailed(sessionId: string, call: TaskContext['call']): Promise<void> {
  const [failed] = await call<{ why: string | null }>(
    `select s.errors -> -1 ->> 'detail' as why from app_public.scrape_sessions as s where s.id = $1 and s.status = 'failed'`,
    [sessionId],
  )
  if (failed !== undefined)
    throw new Final(failed.why ?? `session ${sessionId} has failed`, {
      hint: 'Mend the source or its config, and begin another scrape.',
    })
}

async function scrape(
  sessionId: string,
  { config, log, signal, call }: TaskContext,
): Promise<ScrapeReport | null> {
  try {
    const { contact = null, geoApiUrl } = config
    return await scrapeSession({ call, sessionId, log, signal, contact, geoApiUrl })
  } catch (error) {
    if (error instanceof ScrapeLost) {
      log.info({ sessionId }, 'another worker went on with it')
      return null
    }
    if (error instanceof Unplannable) return null
    const { code, hint } = error as { code?: string; hint?: string }
    if (code === 'PC422' || code === 'PC404')
      throw new Final((error as Error).message, { hint, cause: error })
    throw error
  }
}
