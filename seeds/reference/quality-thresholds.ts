import type { Client } from 'pg'
import type { ReferenceSeed } from './index.ts'

/** From where on a measure of quality is a worry, and from where on it fails. */
export type QualityThreshold = {
  metric: string
  description: string
  isUpperBound: boolean
  warnAt: number
  failAt: number
}

/** The measures that are judged, with the limits they are given at first. */
export const thresholds: readonly QualityThreshold[] = [
  {
    metric: 'completeness_rate',
    description:
      'Share of fields filled, weighted by field, in the rows a session brought (new or changed ones).',
    isUpperBound: false,
    warnAt: 0.6,
    failAt: 0.4,
  },
  {
    metric: 'duplicate_rate',
    description: 'Rows whose key another row of the session repeats, of all rows staged.',
    isUpperBound: true,
    warnAt: 0.01,
    failAt: 0.05,
  },
  {
    metric: 'error_rate',
    description: 'Rows kept out (quarantined by a rule, or without a key), of all rows staged.',
    isUpperBound: true,
    warnAt: 0.02,
    failAt: 0.1,
  },
  {
    metric: 'freshness_hours',
    description: 'Hours since the session had all its rows.',
    isUpperBound: true,
    warnAt: 48,
    failAt: 168,
  },
  {
    metric: 'quality_score',
    description: 'Mean quality of the rows a session brought: 1 where no rule fails.',
    isUpperBound: false,
    warnAt: 0.9,
    failAt: 0.75,
  },
  {
    metric: 'unreadable_rate',
    description: 'Rows with a field that could not be read, of the rows a session brought.',
    isUpperBound: true,
    warnAt: 0.02,
    failAt: 0.1,
  },
  {
    metric: 'unresolved_rate',
    description: 'Rows whose commune could not be told, of the rows a session brought.',
    isUpperBound: true,
    warnAt: 0.02,
    failAt: 0.1,
  },
]

/** The thresholds of quality. What an owner set stays; what a measure means follows the code. */
export const qualityThresholds: ReferenceSeed = {
  name: 'quality-thresholds',
  hash: () => JSON.stringify(thresholds),
  async merge(client: Client): Promise<void> {
    await client.query(
      `merge into app_public.quality_thresholds as t
       using jsonb_to_recordset($1::jsonb) as s
         (metric text, description text, "isUpperBound" boolean, "warnAt" numeric, "failAt" numeric)
         on t.metric = s.metric
       when matched and (t.description, t.is_upper_bound) is distinct from (s.description, s."isUpperBound") then
         update set description = s.description, is_upper_bound = s."isUpperBound"
       when not matched then insert (metric, description, is_upper_bound, warn_at, fail_at)
         values (s.metric, s.description, s."isUpperBound", s."warnAt", s."failAt")`,
      [JSON.stringify(thresholds)],
    )
  },
}
