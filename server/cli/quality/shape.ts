import { z } from 'zod'

const outcome = z.enum(['passed', 'warned', 'failed', 'not_applicable', 'broken'])
const maybe = z.number().nullable()

/** A quality report as app_public.generate_quality_report gives it; shares are 0 to 1. */
export const reportShape = z.object({
  session: z.object({
    id: z.string(),
    name: z.string().nullable(),
    session_no: z.number(),
    source: z.string(),
    source_name: z.string(),
    status: z.string(),
    is_complete: z.boolean(),
    held_reasons: z.array(z.object({ reason: z.string(), message: z.string() })).nullable(),
  }),
  verdict: outcome,
  counts: z.object({
    staged_count: z.number(),
    brought_count: z.number(),
    unchanged_count: z.number(),
    new_count: z.number(),
    updated_count: z.number(),
    likely_removed_count: z.number(),
    removed_count: z.number(),
    quarantined_count: z.number(),
    unkeyed_count: z.number(),
    duplicate_count: z.number(),
  }),
  thresholds: z.array(
    z.object({
      metric: z.string(),
      description: z.string(),
      value: maybe,
      is_upper_bound: z.boolean(),
      warn_at: z.number(),
      fail_at: z.number(),
      outcome,
    }),
  ),
  fields: z.array(
    z.object({
      field: z.string(),
      said_share: maybe,
      read_share: maybe,
      unreadable_count: z.number(),
      unreadable_share: maybe,
      unreadable_samples: z.array(z.string()),
      earlier_share: maybe,
    }),
  ),
  rules: z.array(
    z.object({
      rule: z.string(),
      field: z.string().nullable(),
      type: z.string(),
      severity: z.string(),
      outcome,
      checked_count: z.number(),
      failed_count: z.number(),
      failed_share: maybe,
      samples: z.array(z.object({ source_key: z.string().nullable(), value: z.string().nullable() })),
    }),
  ),
  severities: z.record(z.string(), z.number()),
  duplicates: z.object({
    repeated_key_count: z.number(),
    candidate_count: z.number(),
    examples: z.array(
      z.object({
        kind: z.string(),
        confidence: z.number(),
        source_keys: z.array(z.string()),
        row_count: z.number(),
        address: z.string().nullable(),
        evidence: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
  geography: z.object({
    commune_count: z.number(),
    department_count: z.number(),
    brought_commune_count: z.number(),
    unresolved_count: z.number(),
    unresolved_live_count: z.number(),
    departments: z.array(
      z.object({
        code: z.string(),
        name: z.string(),
        live_count: z.number(),
        brought_count: z.number(),
        commune_count: z.number(),
      }),
    ),
    unresolved_names: z.array(
      z.object({ city: z.string().nullable(), postal_code: z.string().nullable(), row_count: z.number() }),
    ),
  }),
  freshness: z.object({
    reported_at: z.string(),
    hours: maybe,
    source_last_applied_at: z.string().nullable(),
    source_hours: maybe,
    waiting_count: z.number(),
    held_count: z.number(),
  }),
  trend: z.array(
    z.object({
      session_no: z.number(),
      name: z.string().nullable(),
      status: z.string(),
      applied_at: z.string().nullable(),
      staged_count: z.number(),
      new_count: z.number(),
      updated_count: z.number(),
      gone_count: z.number(),
      measures: z.record(z.string(), maybe).nullable(),
    }),
  ),
  recommendations: z.array(
    z.object({
      priority: z.number(),
      field: z.string().nullable(),
      finding: z.string(),
      likely_cause: z.string(),
      next_step: z.string(),
    }),
  ),
  generated_at: z.string(),
})

/** All there is to say about the quality of a session. */
export type QualityReport = z.output<typeof reportShape>

/** What a duplicate rests on, in words; keys stand first. */
export function describeEvidence(example: QualityReport['duplicates']['examples'][number]): string {
  const { evidence } = example
  if (example.kind === 'source_key') {
    return `${example.row_count} rows with ${evidence.different_contents} different contents`
  }
  const pair = (name: string, unit: string) => {
    const values = evidence[name]
    return Array.isArray(values) && values.every((value) => value !== null)
      ? [`${values.join(' and ')} ${unit}`]
      : []
  }
  return [
    example.address ?? '',
    ...pair('surface_m2', 'm²'),
    ...pair('price_eur', '€'),
    ...pair('room_count', 'rooms'),
  ]
    .filter((part) => part !== '')
    .join(', ')
}

/** The value of a measure with its unit. */
export function formatMeasure(metric: string, value: number | null, share: (n: number) => string): string {
  if (value === null) return ''
  return metric.endsWith('_hours') ? `${value.toFixed(1)} h` : share(value)
}

/** What a session is called. */
export function titleOf({ session }: QualityReport): string {
  return session.name ?? `session ${session.session_no}`
}
