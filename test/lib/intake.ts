import type { TestDatabase } from './database.ts'

/** A session as its functions give it. */
export type Session = {
  id: string
  session_no: number
  status: string
  staging_bucket: number
  is_complete: boolean
  scope_insee_codes: string[] | null
  scope_property_types: string | null
  staged_count: number | null
  unkeyed_count: number | null
  item_count: number
  page_count: number
  errors: { reason: string; count?: number; detail?: string }[]
  finished_at: Date | null
}

/** Begins a session of source csv; `more` are further arguments in SQL. */
export async function begin(db: TestDatabase, more = ''): Promise<Session> {
  const [session] = await db.query<Session>(`select * from begin_session('csv', 'a test'${more})`)
  return session as Session
}

/** Finishes a session. */
export async function finish(db: TestDatabase, id: string, more = ''): Promise<Session> {
  const [session] = await db.query<Session>(`select * from finish_session($1${more})`, [id])
  return session as Session
}

/** Stages rows. */
export const stage = (db: TestDatabase, id: string, rows: unknown) =>
  db.query('select stage_properties($1, $2) as staged', [id, JSON.stringify(rows)])

/** What has been staged into a session. */
export const staged = (db: TestDatabase, id: string) =>
  db.query<Record<string, unknown>>(
    'select * from property_scrapes_staging where session_id = $1 order by id',
    [id],
  )
