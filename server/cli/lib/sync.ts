import type pg from 'pg'
import { formatNumber } from './numbers.ts'

/** Why a session is held: one of its reasons. */
export type HeldReason = {
  reason: string
  message: string
  count?: number
  of?: number
  share?: number
  limit?: number
  sample?: string[]
}

/** What the sync of a session came to; see the type app_public.sync_report. */
export type SyncRow = {
  session_id: string
  name: string | null
  source: string
  status: string
  staged_count: number
  seen_count: number
  unchanged_count: number
  new_count: number
  updated_count: number
  reactivated_count: number
  sold_count: number
  likely_removed_count: number
  removed_count: number
  quarantined_count: number
  quality_score: number | null
  held_reasons: HeldReason[] | null
  seconds: number
}

/** Syncs a session by its id; `overruled` applies a held one after all. */
export async function syncSession(
  client: pg.ClientBase,
  id: string,
  options: { overruled?: boolean } = {},
): Promise<SyncRow> {
  const call = options.overruled ? 'app_public.accept_session' : 'app_public.sync_session'
  // The name is asked for before: a held session is told of by it.
  const { rows: names } = await client.query<{ name: string | null }>(
    'select s.name from app_public.scrape_sessions as s where s.id = $1',
    [id],
  )
  const { rows } = await client.query<Omit<SyncRow, 'name'>>(
    `select r.session_id, r.source, r.status, r.staged_count, r.seen_count, r.unchanged_count, r.new_count, r.updated_count,
       r.reactivated_count, r.sold_count, r.likely_removed_count, r.removed_count, r.quarantined_count,
       r.quality_score, r.held_reasons, r.seconds::float8 as seconds
     from ${call}($1) as r`,
    [id],
  )
  const row = rows[0]
  if (row === undefined) throw new Error(`the sync of session ${id} gave no report`)
  return { ...row, name: names[0]?.name ?? null }
}

/** The reasons as sentences, each with some of the keys concerned. */
export function describeReasons(reasons: HeldReason[] | null): string[] {
  return (reasons ?? []).map(({ message, sample }) => {
    if (sample === undefined || sample.length === 0) return message
    return `${message} (${sample.slice(0, 3).join(', ')}${sample.length > 3 ? ', …' : ''})`
  })
}

/** A word as the argument of a command. */
function argument(word: string): string {
  return /^[\w.:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** What a sync did, in sentences. */
export function describeSync(row: SyncRow): string {
  const called = row.name ?? row.session_id
  if (row.status === 'held') {
    return [
      `${row.source} ${called}: held, nothing applied; ${formatNumber(row.staged_count)} rows wait for a decision`,
      ...describeReasons(row.held_reasons).map((reason) => `  ${reason}`),
      `accept it with: parcelle held accept ${argument(called)}, or: parcelle held reject ${argument(called)}`,
    ].join('\n')
  }
  const counts: [number, string][] = [
    [row.new_count, 'new'],
    [row.updated_count, 'updated'],
    [row.unchanged_count, 'unchanged'],
    [row.reactivated_count, 'back again'],
    [row.sold_count, 'sold'],
    [row.likely_removed_count, 'likely removed'],
    [row.removed_count, 'removed'],
    [row.quarantined_count, 'in quarantine'],
  ]
  const said = counts.filter(([count], i) => count > 0 || i < 3)
  const parts = said.map(([count, word]) => `${formatNumber(count)} ${word}`)
  return (
    `${row.source} ${called}: ${row.status}, ${formatNumber(row.staged_count)} rows: ${parts.join(', ')} ` +
    `(${row.seconds.toFixed(1)} s)`
  )
}
