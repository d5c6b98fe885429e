import { z } from 'zod'
import type { FoundRow, PlannedItem } from './adapter.ts'
import type { Call } from './politeness.ts'

/** The scrape is no longer ours: another worker went on with it, or it was called off. */
export class ScrapeLost extends Error {
  override name = 'ScrapeLost'
  readonly code = 'PC409'
}

/** A statement failed: that is nothing an item can be blamed for. The cause is what failed. */
export class DatabaseTrouble extends Error {
  override name = 'DatabaseTrouble'
}

/** An item in hand. */
export interface TakenItem extends PlannedItem {
  id: number
  /** The how manieth time it is tried, from 1. */
  attempt: number
}

/** What an item came to, as it is stored. */
export interface StoredResult {
  id: number
  status: 'done' | 'failed' | 'skipped' | 'waiting'
  requests: number
  found?: number
  announced?: number | null
  coverage?: 'whole' | 'split' | 'capped'
  rows?: readonly FoundRow[]
  items?: readonly PlannedItem[]
  error?: { reason: string; detail: string }
  retrySeconds?: number
}

const claimSchema = z.object({
  token: z.number(),
  session_no: z.number(),
  is_planned: z.boolean(),
  request_count: z.number(),
  source: z.object({
    code: z.string(),
    kind: z.string(),
    base_url: z.string().nullable(),
    is_local: z.boolean(),
    config: z.record(z.string(), z.unknown()),
  }),
  parameters: z.object({
    url: z.string().optional(),
    types: z.array(z.enum(['flat', 'house', 'land', 'annex', 'commercial'])).optional(),
    from: z.string().optional(),
    to: z.string().optional(),
    max_pages: z.number().optional(),
    file: z.string().optional(),
    tier: z.enum(['full', 'first_pages', 'changes', 'manifest', 'sample']),
    sync: z.boolean(),
  }),
  city: z
    .object({
      inseeCode: z.string(),
      name: z.string(),
      postalCode: z.string().nullable(),
      longitude: z.number(),
      latitude: z.number(),
      bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable(),
    })
    .nullable(),
})

/** A scrape as claim_scrape hands it out. */
export type ClaimedScrape = z.infer<typeof claimSchema>

const takenSchema = z.object({
  items: z.array(
    z.object({
      id: z.number(),
      key: z.string(),
      kind: z.string(),
      params: z.record(z.string(), z.unknown()),
      priority: z.number(),
      attempt: z.number(),
    }),
  ),
  wait_seconds: z.number().nullable(),
})

/** How far a scrape is. */
export interface ScrapeCounts {
  item_count: number
  done_count: number
  failed_count: number
  skipped_count: number
  request_count: number
  found_count: number
  staged_count: number
}

/** What a scrape's session is called at its end. */
export interface EndedSession {
  id: string
  session_no: number
  status: string
  is_complete: boolean
  staged_count: number
  unkeyed_count: number
  errors: { reason: string; count?: number; detail?: string; samples?: unknown[] }[]
}

/** What a holder of a scrape may do with it; every call shows his token. */
export interface ScrapeStore {
  claim: ClaimedScrape
  plan(items: readonly PlannedItem[]): Promise<void>
  planChecks(): Promise<number>
  take(wanted: number): Promise<{ items: TakenItem[]; waitSeconds: number | null }>
  finish(results: readonly StoredResult[]): Promise<ScrapeCounts>
  renew(): Promise<ScrapeCounts>
  release(): Promise<void>
  end(stopped: { reason: string; detail: string } | null): Promise<EndedSession>
}

const counts = 'item_count, done_count, failed_count, skipped_count, request_count, found_count, staged_count'

/** Claims a scrape. PC404: there is none. PC409: it has ended, or somebody has it in hand. */
export async function openScrape(
  call: Call,
  sessionId: string,
  holder: string,
  leaseSeconds: number,
): Promise<ScrapeStore> {
  const [claimed] = await call<{ claim: unknown }>('select app_private.claim_scrape($1, $2, $3) as claim', [
    sessionId,
    holder,
    leaseSeconds,
  ])
  const claim = claimSchema.parse(claimed?.claim)
  const ours: Call = async (text, values) => {
    try {
      return await call(text, [sessionId, claim.token, ...values])
    } catch (error) {
      if ((error as { code?: string }).code !== 'PC409') throw error
      throw new ScrapeLost((error as Error).message, { cause: error })
    }
  }
  return {
    claim,
    async plan(items) {
      await ours('select app_private.plan_scrape($1, $2, $3::jsonb)', [toJson(items)])
    },
    async planChecks() {
      const [row] = await ours<{ n: number }>('select app_private.plan_scrape_checks($1, $2) as n', [])
      return row?.n ?? 0
    },
    async take(wanted) {
      const [row] = await ours<{ taken: unknown }>(
        'select app_private.take_scrape_items($1, $2, $3) as taken',
        [wanted],
      )
      const taken = takenSchema.parse(row?.taken)
      return { items: taken.items, waitSeconds: taken.wait_seconds }
    },
    async finish(results) {
      const text = `select ${counts} from app_private.finish_scrape_items($1, $2, $3::jsonb, $4::jsonb, $5::jsonb)`
      const rows = results.flatMap((result) => result.rows ?? [])
      const items = results.flatMap(({ id, items = [] }) => items.map((item) => ({ ...item, parentId: id })))
      const told = results.map(({ rows = [], items: _, ...result }) => ({ ...result, staged: rows.length }))
      return (await ours<ScrapeCounts>(text, [toJson(told), toJson(rows), toJson(items)]))[0] as ScrapeCounts
    },
    async renew() {
      return (
        await ours<ScrapeCounts>(`select ${counts} from app_private.renew_scrape($1, $2)`, [])
      )[0] as ScrapeCounts
    },
    async release() {
      await ours('select app_private.release_scrape($1, $2)', [])
    },
    async end(stopped) {
      const [row] = await ours<EndedSession>(
        `select id, session_no, status, is_complete, staged_count, unkeyed_count, errors
         from app_private.end_scrape($1, $2, $3::jsonb)`,
        [stopped === null ? null : toJson(stopped)],
      )
      return row as EndedSession
    },
  }
}

// What PostgreSQL cannot hold, and a text never means: NUL and halves of surrogate pairs.
const unstorable = /\\u(?:0000|d[89a-f])/i

function toJson(value: unknown): string {
  const text = JSON.stringify(value)
  return unstorable.test(text) ? JSON.stringify(value, storable) : text
}

function storable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed()
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.replaceAll('\0', '').toWellFormed(), one]),
  )
}
