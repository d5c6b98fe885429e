import type pg from 'pg'
import { Failure } from '../../failure.ts'

/** A source as the command line shows it. */
export type Source = {
  code: string
  name: string
  kind: string
  base_url: string | null
  is_enabled: boolean
  is_local: boolean
  paused_at: Date | null
  reliability: number
  likely_removed_after: number
  removed_after: number
  /** As PostgreSQL writes an interval: 48:00:00. */
  removal_grace: string
  unkeyed_share_max: number
  removed_share_max: number
  changed_share_max: number
  judged_from: number
  config: Record<string, unknown>
}

/** The columns of a source, in the shapes of `Source`; for a relation called s. */
export const sourceColumns = `s.code, s.name, s.kind, s.base_url, s.is_enabled, s.is_local, s.paused_at,
  s.reliability, s.likely_removed_after, s.removed_after, s.removal_grace::text,
  s.unkeyed_share_max::float8, s.removed_share_max::float8, s.changed_share_max::float8, s.judged_from, s.config`

/** Reads a source, locked for a change when told so. Throws a Failure when there is none of that code. */
export async function readSource(client: pg.ClientBase, code: string, lock = false): Promise<Source> {
  const { rows } = await client.query<Source>(
    `select ${sourceColumns} from app_public.sources as s where s.code = $1 ${lock ? 'for update' : ''}`,
    [code],
  )
  if (rows[0] !== undefined) return rows[0]
  throw new Failure(`source ${code} does not exist`, { hint: 'List the sources with: parcelle sources list' })
}

/** Whether a source works, in words. */
export function stateOf(source: Pick<Source, 'is_enabled' | 'paused_at'>): string {
  if (!source.is_enabled) return 'disabled'
  if (source.paused_at === null) return 'works'
  return `paused since ${source.paused_at.toISOString().slice(0, 16).replace('T', ' ')}`
}

/**
 * What keeps the config of a source from being scraped by, one sentence each; none where files are staged into it, since
 * then nothing is asked for.
 */
export async function findFaults(source: Pick<Source, 'kind' | 'base_url' | 'config'>): Promise<string[]> {
  if (source.base_url === null) return []
  const { loadAdapter } = await import('../../../tasks/lib/scrape/adapters/index.ts')
  const { askingSchema } = await import('../../../tasks/lib/scrape/config.ts')
  const adapter = await loadAdapter(source.kind)
  if (adapter === null) return []
  return [askingSchema, adapter.config].flatMap((schema) =>
    (schema.safeParse(source.config).error?.issues ?? []).map(
      ({ path, message }) => `${path.join('.') || 'config'}: ${message}`,
    ),
  )
}

/** The lines that tell such faults; undefined when there are none. */
export function describeFaults(faults: readonly string[]): string | undefined {
  return faults.length === 0 ? undefined : ['it cannot be scraped as it is:', ...faults].join('\n  ')
}
