import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { Test } from 'tap'
import { generateWorld } from '../../seeds/world/generate.ts'
import { createLog } from '../../server/log.ts'
import { type ImportOptions, type ImportReport, importDvf } from '../../tasks/import_dvf.ts'
import type { TestDatabase } from '../lib/database.ts'

const silent = createLog({ logLevel: 'silent', serverPassword: undefined })

/** Imports files into a test's database. */
export function importInto(
  db: Pick<TestDatabase, 'url'>,
  paths: ImportOptions['paths'],
  options: Partial<ImportOptions> = {},
): Promise<ImportReport> {
  return importDvf({ url: db.url, log: silent, paths, ...options })
}

/** A folder that goes with the test. */
export function temporaryFolder(t: Test): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'parcelle-import-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A small simulated France; the files of its two releases in the CSV form. */
export async function smallWorld(
  t: Test,
  lines = 4_000,
  seed = 'import',
): Promise<{ folder: string; a: string; b: string }> {
  const folder = temporaryFolder(t)
  await generateWorld({ folder, lines, seed })
  return {
    folder,
    a: path.join(folder, 'release-A/geo/full.csv'),
    b: path.join(folder, 'release-B/geo/full.csv'),
  }
}

/** What the ledger says, whole: sales, dispositions and statistics, as one digest. */
export async function ledgerDigest(db: Pick<TestDatabase, 'query'>): Promise<string> {
  const rows = await db.query<{ digest: string }>(
    `select md5(concat(
       (select string_agg(t::text, E'\\n' order by t.id) from app_public.transactions as t),
       (select string_agg(d::text, E'\\n' order by d.transaction_id, d.ordinal) from app_public.transaction_dispositions as d),
       (select string_agg((to_jsonb(s) - 'calculated_at')::text, E'\\n' order by s.area_level, s.area_code,
          s.property_type, s.nature, s.period_kind, s.period_start) from app_public.market_stats as s)
     )) as digest`,
  )
  return rows[0]?.digest ?? ''
}

/** What the ledger says apart from the numbers it gave its rows, which differ from one history to another. */
export async function contentDigest(db: Pick<TestDatabase, 'query'>): Promise<string> {
  const rows = await db.query<{ digest: string }>(
    `select md5(concat(
       (select string_agg(s.sale, E'\\n' order by s.sale collate "C") from (
          select (to_jsonb(t) - 'id' - 'line_release_id' - 'added_release_id' - 'changed_release_id')::text as sale
          from app_public.transactions as t) as s),
       (select string_agg((to_jsonb(s) - 'calculated_at')::text, E'\\n' order by s.area_level, s.area_code,
          s.property_type, s.nature, s.period_kind, s.period_start) from app_public.market_stats as s)
     )) as digest`,
  )
  return rows[0]?.digest ?? ''
}
