import type { TestDatabase } from './database.ts'

/** A staged row as a source writes it: text by field. */
export type StagedRow = Record<string, string | null>

/** What the sync of a session came to, as sync_session gives it. */
export type SyncReport = {
  session_id: string
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
  held_reasons: { reason: string; message: string; count?: number; of?: number; sample?: string[] }[] | null
}

type Querying = Pick<TestDatabase, 'query'>

/** Makes a source; settings are columns of `sources`. Gives its code. */
export async function makeSource(
  db: Querying,
  code = 'portal',
  settings: Record<string, unknown> = {},
): Promise<string> {
  const columns = ['code', 'name', 'kind', ...Object.keys(settings)]
  const values = [code, code, 'portal', ...Object.values(settings)]
  await db.query(
    `insert into app_public.sources (${columns.join(', ')})
     values (${columns.map((_, i) => `$${i + 1}`).join(', ')})`,
    values,
  )
  return code
}

/** Stages a session and finishes it, ready to be synced. Gives its id. */
export async function stage(
  db: Querying,
  source: string,
  rows: StagedRow[],
  options: { isComplete?: boolean; cities?: string[]; types?: string[]; expected?: number } = {},
): Promise<string> {
  const [session] = await db.query<{ id: string }>(
    `select id from app_public.begin_session($1, insee_codes => $2, property_types => $3, is_complete => $4,
       expected_rows => $5)`,
    [
      source,
      options.cities ?? null,
      options.types ?? null,
      options.isComplete ?? true,
      options.expected ?? rows.length,
    ],
  )
  const id = (session as { id: string }).id
  await db.query('select app_public.stage_properties($1, $2)', [id, JSON.stringify(rows)])
  await db.query('select app_public.finish_session($1)', [id])
  return id
}

/** Syncs a staged session. */
export async function sync(db: Querying, session: string): Promise<SyncReport> {
  const [report] = await db.query<SyncReport>('select * from app_public.sync_session($1)', [session])
  return report as SyncReport
}

/** Stages a session and syncs it. */
export async function report(
  db: Querying,
  source: string,
  rows: StagedRow[],
  options: Parameters<typeof stage>[3] = {},
): Promise<SyncReport> {
  return sync(db, await stage(db, source, rows, options))
}

/** One digest of every column of every live home, of some sources or of all. */
export async function liveDigest(db: Querying, sources?: string[]): Promise<string> {
  const [row] = await db.query<{ digest: string }>(
    `select coalesce(md5(string_agg(l::text, E'\n' order by l.id)), '') as digest
     from app_public.properties_live as l
     join app_public.sources as s on s.id = l.source_id
     where $1::text[] is null or s.code = any ($1)`,
    [sources ?? null],
  )
  return (row as { digest: string }).digest
}

/** What sources say of their homes, without ids and instants: the same whatever the order of arrival. */
export async function contentOf(db: Querying): Promise<unknown[]> {
  return db.query(
    `select s.code, l.source_key, l.status, l.address, l.insee_code, l.property_type, l.price_eur, l.surface_m2,
       l.room_count, l.missed_count, l.quality_score, l.failed_rule_ids
     from app_public.properties_live as l
     join app_public.sources as s on s.id = l.source_id
     order by s.code, l.source_key`,
  )
}

const streets = ['rue des Lilas', 'avenue de la Gare', 'rue Basse', 'chemin du Moulin', 'place du Marché']
const communes = [
  { insee: '44109', postal: '44000', city: 'Nantes', longitude: -1.55, latitude: 47.21 },
  { insee: '35238', postal: '35000', city: 'Rennes', longitude: -1.68, latitude: 48.11 },
  { insee: '49007', postal: '49000', city: 'Angers', longitude: -0.55, latitude: 47.47 },
] as const

/** A plausible home number `n` as a portal writes it, which no default rule objects to. */
export function home(n: number, changes: StagedRow = {}): StagedRow {
  const commune = communes[n % communes.length] as (typeof communes)[number]
  const surface = 40 + ((n * 7) % 60)
  return {
    source_key: `home-${n}`,
    property_url: `https://portal.example/annonce/${n}`,
    title: `Appartement ${n}`,
    address: `${1 + (n % 90)} ${streets[n % streets.length]}`,
    postal_code: commune.postal,
    city: commune.city,
    insee_code: commune.insee,
    property_type: 'appartement',
    price: String(surface * 3000 + (n % 11) * 1000),
    surface: String(surface),
    rooms: String(Math.max(1, Math.round(surface / 25))),
    longitude: (commune.longitude + (n % 50) / 2000).toFixed(5),
    latitude: (commune.latitude + (n % 40) / 2000).toFixed(5),
    ...changes,
  }
}

/** Homes `from` to `to`, both included. */
export function homes(from: number, to: number): StagedRow[] {
  return Array.from({ length: to - from + 1 }, (_, i) => home(from + i))
}
