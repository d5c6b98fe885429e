import type pg from 'pg'
import type { Found } from './figures.ts'

/** What the sync of a session left in the database. */
export interface SyncedSession {
  id: string
  status: string
  isComplete: boolean
  heldReasons: string[]
  unchanged: number
  duplicates: number
  unkeyed: number
  quarantined: number
  /** Keys kept out of live. */
  keptOut: Set<string>
  found: Found[]
  failures: Failure[]
}

/** A rule that a row of the session failed. */
export interface Failure {
  key: string | null
  column: string | null
  severity: string
  rule: string
  type: string
  isDefault: boolean
  /** Told again because the row came as it had come before. */
  isInherited: boolean
}

/** Makes a source whose removals need no waiting, since its nights pass in seconds. */
export async function makeSource(client: pg.Client, code: string, name: string): Promise<void> {
  await client.query(
    `insert into app_public.sources (code, name, kind, removal_grace) values ($1, $2, 'portal', '0')`,
    [code, name],
  )
}

/** Reads how absence is judged for a source. */
export async function removalRule(
  client: pg.Client,
  code: string,
): Promise<{ likelyAfter: number; removedAfter: number }> {
  const { rows } = await client.query<{ likely: number; removed: number }>(
    'select likely_removed_after as likely, removed_after as removed from app_public.sources where code = $1',
    [code],
  )
  return { likelyAfter: rows[0]?.likely ?? 1, removedAfter: rows[0]?.removed ?? 3 }
}

/** Syncs a session and reads what came of it. */
export async function syncSession(client: pg.Client, id: string): Promise<SyncedSession> {
  await client.query('select app_public.sync_session($1)', [id])
  return readSession(client, id)
}

/** Reads what the sync of a session left. */
export async function readSession(client: pg.Client, id: string): Promise<SyncedSession> {
  const { rows } = await client.query<{
    status: string
    is_complete: boolean
    held_reasons: { reason: string; message: string }[] | null
    unchanged_count: number | null
    duplicate_count: number | null
    unkeyed_count: number | null
    quarantined_count: number | null
  }>(
    `select s.status, s.is_complete, s.held_reasons, m.unchanged_count, m.duplicate_count, m.unkeyed_count,
       m.quarantined_count
     from app_public.scrape_sessions as s
     left join app_public.sync_metadata as m on m.session_id = s.id
     where s.id = $1`,
    [id],
  )
  const session = rows[0]
  if (session === undefined) throw new Error(`there is no session ${id}`)
  const kept = await client.query<{ source_key: string }>(
    'select source_key from app_public.quarantined_rows where session_id = $1 and source_key is not null',
    [id],
  )
  const found = await client.query<Found>(
    `select l.source_key as key, c.kind, case when c.kind = 'updated' then c.field_name end as field,
       c.new_value as value, c.batch_id as batch, c.ordinal, c.confidence
     from app_public.property_changes as c
     join app_public.properties_live as l on l.id = c.property_id
     where c.session_id = $1`,
    [id],
  )
  const failures = await client.query<Failure>(
    `select f.source_key as key, r.column_name as column, f.severity, v.rule_name as rule, v.rule_type as type,
       v.is_default as "isDefault", f.is_inherited as "isInherited"
     from app_public.validation_failures as f
     join app_public.validation_rules as v on v.id = f.rule_id
     left join app_public.rule_fields as r on r.field_name = f.field_name
     where f.session_id = $1`,
    [id],
  )
  return {
    id,
    status: session.status,
    isComplete: session.is_complete,
    heldReasons: (session.held_reasons ?? []).map(({ reason, message }) => `${reason}: ${message}`),
    unchanged: session.unchanged_count ?? 0,
    duplicates: session.duplicate_count ?? 0,
    unkeyed: session.unkeyed_count ?? 0,
    quarantined: session.quarantined_count ?? 0,
    keptOut: new Set(kept.rows.map(({ source_key }) => source_key)),
    found: found.rows,
    failures: failures.rows,
  }
}

/**
 * What the rows of some keys were read as in a session, column by column: as staged, or as they stand where they came as
 * they had come before.
 */
export async function readStaged(
  client: pg.Client,
  id: string,
  keys: readonly string[],
): Promise<Map<string, Record<string, unknown>>> {
  const { rows } = await client.query<{ source_key: string; row: Record<string, unknown> }>(
    `select l.source_key, to_jsonb(l) as row
     from app_public.scrape_sessions as n
     join app_public.properties_live as l on l.source_id = n.source_id and l.source_key = any ($2)
     where n.id = $1
     union all
     select s.source_key, to_jsonb(s) as row
     from app_public.staged_properties as s
     join app_public.scrape_sessions as n on n.id = s.session_id
     where s.session_id = $1 and s.bucket = n.staging_bucket and s.source_key = any ($2)`,
    [id, keys],
  )
  return new Map(rows.map(({ source_key, row }) => [source_key, row]))
}
