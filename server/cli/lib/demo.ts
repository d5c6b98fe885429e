import path from 'node:path'
import pg from 'pg'
import { writeDemoSessions } from '../../../seeds/world/listings/demo.ts'
import type { Database } from '../../postgres/house.ts'
import { type QualityReport, reportShape } from '../quality/shape.ts'
import { printReport } from '../quality/text.ts'
import type { CliHouse } from './house.ts'
import { formatNumber } from './numbers.ts'
import { formatTable } from './output.ts'
import { describeReasons, describeSync, type HeldReason, syncSession } from './sync.ts'

/** The listing source of the simulated France, and what its nights are called. */
const source = { code: 'world-portal', name: 'A portal of the simulated France' }
const nights = { first: 'night-1', normal: 'night-2', truncated: 'night-3' } as const

/** A session of the demonstration as the database has it. */
export type DemoRow = {
  session_id: string
  name: string
  status: string
  staged: number
  unchanged: number
  new: number
  updated: number
  missing: number
  quarantined: number
  held_reasons: HeldReason[] | null
}

/** What the demonstration shows: its sessions in their order, and the quality of the last one applied. */
export type Demo = { sessions: DemoRow[]; quality: QualityReport | null }

async function readSessions(client: pg.ClientBase): Promise<DemoRow[]> {
  const { rows } = await client.query<DemoRow>(
    `select s.id as session_id, s.name, s.status, coalesce(m.staged_count, s.staged_count, 0) as staged,
       coalesce(m.unchanged_count, 0) as unchanged, coalesce(m.new_count, 0) as new,
       coalesce(m.updated_count, 0) as updated, coalesce(m.likely_removed_count + m.removed_count, 0) as missing,
       coalesce(m.quarantined_count, 0) as quarantined, s.held_reasons
     from app_public.scrape_sessions as s
     join app_public.sources as o on o.id = s.source_id
     left join app_public.sync_metadata as m on m.session_id = s.id
     where o.code = $1 and s.name = any ($2)
     order by s.session_no`,
    [source.code, Object.values(nights)],
  )
  return rows
}

/**
 * Stages and syncs three nights of a small listing source, the last of which broke off half way; nights that are there
 * already stay as they are.
 */
export async function ensureDemo(house: CliHouse, db: Database): Promise<void> {
  const client = new pg.Client({ connectionString: db.ownerUrl, application_name: 'parcelle start' })
  client.on('error', () => {})
  await client.connect()
  try {
    const sessions = await readSessions(client)
    // What an interrupted start left staged is synced; what it left half staged begins again.
    for (const { session_id, status } of sessions) {
      if (status === 'queued') house.out.note(describeSync(await syncSession(client, session_id)))
    }
    const there = new Set(sessions.filter(({ status }) => status !== 'failed').map(({ name }) => name))
    if (Object.values(nights).every((name) => there.has(name))) return
    const { rowCount } = await client.query('select from app_public.sources where code = $1', [source.code])
    if (rowCount === 0) {
      await client.query(`select app_public.add_source($1, $2, 'portal')`, [source.code, source.name])
    }
    const { stageFiles } = await import('../../../tasks/stage_file.ts')
    const files = await writeDemoSessions(path.join(house.config.dataDir, 'worlds', 'listings'))
    for (const file of files) {
      house.signal.throwIfAborted()
      const name = nights[file.name]
      if (there.has(name)) continue
      const { sessionId } = await stageFiles({
        url: db.ownerUrl,
        log: house.log,
        paths: [file.path],
        source: source.code,
        name,
        inseeCodes: file.inseeCodes,
        isComplete: true,
        signal: house.signal,
      })
      house.out.note(describeSync(await syncSession(client, sessionId)))
    }
  } finally {
    await client.end().catch(() => {})
  }
}

/** Reads what there is of the demonstration; null where there is none. */
export async function readDemo(client: pg.ClientBase): Promise<Demo | null> {
  const sessions = await readSessions(client)
  if (sessions.length === 0) return null
  const last = sessions.findLast(({ status }) => status === 'completed')
  if (last === undefined) return { sessions, quality: null }
  const { rows } = await client.query<{ report: unknown }>(
    'select app_public.generate_quality_report($1) as report',
    [last.session_id],
  )
  return { sessions, quality: reportShape.parse(rows[0]?.report) }
}

/** The demonstration as text: its sessions, what is held and why, and a short quality report. */
export function describeDemo({ sessions, quality }: Demo): string {
  const table = formatTable(
    ['session', 'status', 'rows', 'new', 'updated', 'unchanged', 'missing', 'quarantined'],
    sessions.map((one) => [
      one.name,
      one.status,
      ...[one.staged, one.new, one.updated, one.unchanged, one.missing, one.quarantined].map(formatNumber),
    ]),
  )
  const held = sessions
    .filter(({ status }) => status === 'held')
    .map(({ name, held_reasons }) =>
      [
        `${name} is held, nothing of it was applied:`,
        ...describeReasons(held_reasons).map((reason) => `  ${reason}`),
        `decide with: npx parcelle held accept ${name}, or: npx parcelle held reject ${name}`,
      ].join('\n'),
    )
  return [table, ...held, ...(quality === null ? [] : [printReport(quality, true)])].join('\n\n')
}
