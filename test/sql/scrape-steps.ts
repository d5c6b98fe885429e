import type { TestDatabase } from '../lib/database.ts'
import { beginScrape, localSource } from '../tasks/scrape-lib.ts'

// The steps of a scrape as its engine takes them, for tests.

/** A scrape in hand. */
export type Claim = { token: number; is_planned: boolean; city: { inseeCode: string } | null }
/** Items handed out. */
export type Taken = { items: { id: number; key: string; attempt: number }[]; wait_seconds: number | null }

/** Takes a scrape in hand. */
export const claim = async (db: TestDatabase, id: string, holder = 'one', seconds = 15): Promise<Claim> => {
  const text = 'select app_private.claim_scrape($1, $2, $3) as claim'
  return ((await db.query<{ claim: Claim }>(text, [id, holder, seconds]))[0] as { claim: Claim }).claim
}
/** Keeps the first items. */
export const plan = (db: TestDatabase, id: string, token: number, items: unknown) =>
  db.query('select app_private.plan_scrape($1, $2, $3)', [id, token, JSON.stringify(items)])
/** Takes items. */
export const take = async (db: TestDatabase, id: string, token: number, wanted = 100): Promise<Taken> => {
  const text = 'select app_private.take_scrape_items($1, $2, $3) as taken'
  return ((await db.query<{ taken: Taken }>(text, [id, token, wanted]))[0] as { taken: Taken }).taken
}
/** Says what items came to. */
export const tell = (
  db: TestDatabase,
  id: string,
  token: number,
  results: unknown,
  rows: unknown = [],
  items: unknown = [],
) =>
  db.query('select * from app_private.finish_scrape_items($1, $2, $3, $4, $5)', [
    id,
    token,
    ...[results, rows, items].map((value) => JSON.stringify(value)),
  ])
/** Ends a scrape. */
export const end = async (db: TestDatabase, id: string, token: number, stopped: unknown = null) =>
  (
    await db.query('select * from app_private.end_scrape($1, $2, $3)', [
      id,
      token,
      stopped === null ? null : JSON.stringify(stopped),
    ])
  )[0] as {
    status: string
    is_complete: boolean
    errors: { reason: string; count?: number }[]
    held_reasons: unknown
  }

/** An item for a page of results. */
export const search = (n: number) => ({
  key: `search:${n}`,
  kind: 'search',
  params: { url: `http://127.0.0.1/${n}`, chain: 'all' },
})
/** An item for a home that a page of results lists. */
export const listed = (key: string, parentId: number, more = {}) => ({
  ...{
    key: `home:${key}`,
    kind: 'home',
    params: { url: `http://127.0.0.1/${key}`, source_key: key },
    parentId,
  },
  ...more,
})
/** What an item came to that was read. */
export const done = (id: number, more = {}) => ({
  id,
  status: 'done',
  requests: 1,
  found: 1,
  coverage: 'whole',
  ...more,
})

/** A source, and a scrape of it in hand with its first items. */
export async function opened(db: TestDatabase, items: unknown[], parameters: Record<string, unknown> = {}) {
  await localSource(db, 'portal', 'portal', 'http://127.0.0.1:1', {})
  const id = await beginScrape(db, 'portal', parameters)
  const { token } = await claim(db, id)
  await plan(db, id, token, items)
  return { id, token }
}
