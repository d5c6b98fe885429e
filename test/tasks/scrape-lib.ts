import type { TestDatabase } from '../lib/database.ts'

type Querying = Pick<TestDatabase, 'query'>

/** Makes a source on this machine. */
export async function localSource(
  db: Querying,
  code: string,
  kind: string,
  url: string | null,
  config: Record<string, unknown>,
): Promise<void> {
  await db.query('select app_public.add_source($1, $1, $2::app_base.source_kind, $3, $4)', [
    code,
    kind,
    url,
    JSON.stringify({ requests_per_second: null, ...config }),
  ])
  await db.query('select app_private.set_source_local($1, true)', [code])
}

/** Begins a scrape that nobody has in hand; the session's id. */
export async function beginScrape(
  db: Querying,
  source: string,
  parameters: Record<string, unknown> = {},
): Promise<string> {
  const [row] = await db.query<{ id: string }>('select id from app_private.begin_scrape($1, $2)', [
    source,
    JSON.stringify(parameters),
  ])
  return (row as { id: string }).id
}
