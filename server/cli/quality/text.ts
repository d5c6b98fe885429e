import { formatCount, formatNumber, formatShare } from '../lib/numbers.ts'
import { formatTable } from '../lib/output.ts'
import { sparkline } from '../lib/sparkline.ts'
import { describeEvidence, formatMeasure, type QualityReport, titleOf } from './shape.ts'

const share = (value: number | null) => (value === null ? '' : formatShare(value))

function describeCounts({ counts }: QualityReport): string {
  const parts: [number, string][] = [
    [counts.staged_count, 'rows staged'],
    [counts.new_count, 'new'],
    [counts.updated_count, 'updated'],
    [counts.unchanged_count, 'unchanged'],
    [counts.likely_removed_count + counts.removed_count, 'gone'],
    [counts.quarantined_count, 'in quarantine'],
    [counts.unkeyed_count, 'without a key'],
  ]
  return parts
    .filter(([count], i) => i === 0 || count > 0)
    .map(([count, word]) => `${formatNumber(count)} ${word}`)
    .join(', ')
}

function describeThresholds(report: QualityReport): string {
  return formatTable(
    ['measure', 'value', 'warns', 'fails', '', 'trend'],
    report.thresholds.map((one) => {
      const past = report.trend.map(({ measures }) => measures?.[one.metric] ?? null)
      return [
        one.metric,
        formatMeasure(one.metric, one.value, formatShare),
        `${one.is_upper_bound ? 'above' : 'below'} ${formatMeasure(one.metric, one.warn_at, formatShare)}`,
        `${one.is_upper_bound ? 'above' : 'below'} ${formatMeasure(one.metric, one.fail_at, formatShare)}`,
        one.outcome === 'not_applicable' ? 'nothing to measure' : one.outcome,
        past.some((value) => value !== null) ? sparkline(past, one.is_upper_bound ? undefined : [0, 1]) : '',
      ]
    }),
  )
}

function describeRecommendations({ recommendations }: QualityReport): string {
  if (recommendations.length === 0) return 'nothing stands out: there is nothing to do'
  const shown = recommendations
    .slice(0, 8)
    .map((one, i) =>
      [`${i + 1}. ${one.finding}`, `   likely: ${one.likely_cause}`, `   next:   ${one.next_step}`].join(
        '\n',
      ),
    )
  const more = recommendations.length - shown.length
  return [
    'what to do, most urgent first',
    ...shown,
    ...(more > 0 ? [`and ${more} more (--json, --html)`] : []),
  ].join('\n')
}

function describeFields({ fields }: QualityReport): string {
  return formatTable(
    ['field', 'said', 'read', 'before', 'unreadable', 'as'],
    fields.map((one) => [
      one.field,
      share(one.said_share),
      share(one.read_share),
      share(one.earlier_share),
      one.unreadable_count > 0 ? formatNumber(one.unreadable_count) : '',
      one.unreadable_samples.slice(0, 2).join(' | '),
    ]),
  )
}

function describeRules({ rules }: QualityReport): string {
  if (rules.length === 0) return 'no rule was failed'
  return formatTable(
    ['rule', 'severity', 'failed', 'of', 'for example'],
    rules.map((one) => [
      one.rule,
      one.severity,
      formatNumber(one.failed_count),
      formatNumber(one.checked_count),
      one.samples
        .slice(0, 2)
        .map(({ source_key, value }) => `${source_key ?? 'a row'}: ${(value ?? 'nothing').slice(0, 40)}`)
        .join(', '),
    ]),
  )
}

function describeDuplicates({ duplicates }: QualityReport): string {
  const { repeated_key_count: repeated, candidate_count: candidates, examples } = duplicates
  if (repeated + candidates === 0) return 'no duplicate was found'
  const head = `${formatCount(repeated, 'repeated key')}, ${formatCount(candidates, 'pair')} of homes at one address`
  return [
    head,
    ...examples.slice(0, 4).map((one) => `  ${one.source_keys.join(' and ')}: ${describeEvidence(one)}`),
  ].join('\n')
}

function describePlaces({ geography, freshness }: QualityReport): string {
  const departments = geography.departments
    .slice(0, 5)
    .map((one) => `${one.name} ${formatNumber(one.live_count)}`)
  const lines = [
    `live homes in ${formatNumber(geography.commune_count)} communes of ${formatNumber(geography.department_count)} ` +
      `departments${departments.length > 0 ? `: ${departments.join(', ')}` : ''}`,
  ]
  if (geography.unresolved_count > 0) {
    const names = geography.unresolved_names
      .slice(0, 3)
      .map(
        (one) =>
          `“${[one.city, one.postal_code].filter((part) => part !== null).join(' ')}” ${formatNumber(one.row_count)}`,
      )
    lines.push(`commune not told in ${formatNumber(geography.unresolved_count)} rows: ${names.join(', ')}`)
  }
  const hours = freshness.source_hours
  lines.push(
    hours === null
      ? 'the source was never applied'
      : `the source was last applied ${hours.toFixed(1)} hours ago`,
  )
  return lines.join('\n')
}

/** A quality report for the terminal; `isShort` leaves out fields, rules, duplicates and places. */
export function printReport(report: QualityReport, isShort = false): string {
  const { session } = report
  const parts = [
    `quality of ${titleOf(report)} (${session.source}, ${session.status}): ${report.verdict}\n${describeCounts(report)}`,
    describeThresholds(report),
    describeRecommendations(
      isShort ? { ...report, recommendations: report.recommendations.slice(0, 3) } : report,
    ),
  ]
  if (!isShort) {
    parts.push(
      describeFields(report),
      describeRules(report),
      describeDuplicates(report),
      describePlaces(report),
    )
  }
  return parts.join('\n\n')
}
