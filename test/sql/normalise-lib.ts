import type { TestDatabase } from '../lib/database.ts'

/** A staged row: columns of property_scrapes_staging, as written. */
export type StagedRow = Record<string, string | null>

/** What staged_properties holds of a row, as PostgreSQL's JSON has it. */
export type NormalRow = Record<string, unknown> & { unreadable: Record<string, string> | null }

/**
 * Stages rows as a session of source `csv` and normalises them, as a sync does; answers in the order of the rows, and
 * leaves nothing behind. Row i has the key `i`; `homes` names the live home (properties_live.id) that it belongs to.
 */
export async function normalise(
  db: TestDatabase,
  rows: StagedRow[],
  homes: number[] = [],
): Promise<NormalRow[]> {
  await db.client.query('begin')
  try {
    const [session] = await db.query<{ id: string }>(`select id from app_public.begin_session('csv')`)
    const keyed = rows.map((row, i) => ({ ...row, source_key: String(i) }))
    await db.query('select app_public.stage_properties($1, $2)', [session?.id, JSON.stringify(keyed)])
    await db.query(
      `create temp table session_todo on commit drop as
       select s.id as staged_id, ($2::bigint[])[s.source_key::integer + 1] as property_id
       from app_public.property_scrapes_staging as s
       where s.session_id = $1`
        .replace('$1', `'${session?.id}'`)
        .replace('$2', `'{${homes.join()}}'`),
    )
    await db.query('select app_private.normalise_session($1)', [session?.id])
    const normal = await db.query<{ row: NormalRow }>(
      `select to_jsonb(s) || jsonb_build_object('raw_fingerprint', s.raw_fingerprint::text) as row
       from app_public.staged_properties as s
       where s.session_id = $1 order by s.source_key::integer`,
      [session?.id],
    )
    return normal.map(({ row }) => row)
  } finally {
    await db.client.query('rollback')
  }
}
