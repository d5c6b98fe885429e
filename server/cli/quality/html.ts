import { formatCount, formatNumber, formatShare } from '../lib/numbers.ts'
import { html, htmlTable, type Markup, shareBar, trendLine } from './markup.ts'
import { describeEvidence, formatMeasure, type QualityReport, titleOf } from './shape.ts'
import { style } from './style.ts'

const words: Record<string, string> = { not_applicable: 'nothing to measure' }

const verdict = (outcome: string) => html`<span class="${outcome}">${words[outcome] ?? outcome}</span>`

const share = (value: number | null) => (value === null ? '' : formatShare(value))

const day = (instant: string | null) => (instant ?? '').slice(0, 16).replace('T', ' ')

function counts({ counts: all }: QualityReport): Markup {
  const shown: [number, string][] = [
    [all.staged_count, 'rows staged'],
    [all.new_count, 'new'],
    [all.updated_count, 'updated'],
    [all.unchanged_count, 'unchanged'],
    [all.likely_removed_count + all.removed_count, 'gone'],
    [all.quarantined_count, 'in quarantine'],
    [all.duplicate_count, 'repeated keys'],
    [all.unkeyed_count, 'without a key'],
  ]
  return html`<ul class="counts">${shown.map(([count, word]) => html`<li><b>${formatNumber(count)}</b><span>${word}</span></li>`)}</ul>`
}

function recommendations({ recommendations: all }: QualityReport): Markup {
  if (all.length === 0) return html`<p>Nothing stands out: there is nothing to do.</p>`
  return html`<ol class="todo">${all.map(
    (one) => html`<li class="p${one.priority}"><b>${one.finding}</b>
<dl><dt>likely</dt><dd>${one.likely_cause}</dd><dt>next</dt><dd>${one.next_step}</dd></dl></li>\n`,
  )}</ol>`
}

function thresholds(report: QualityReport): Markup {
  return htmlTable(
    ['measure', '#value', '#warns', '#fails', '', 'trend', 'what it is'],
    report.thresholds.map((one) => {
      const limit = (value: number) =>
        `${one.is_upper_bound ? '> ' : '< '}${formatMeasure(one.metric, value, formatShare)}`
      const past = report.trend.map(({ measures }) => measures?.[one.metric] ?? null)
      return [
        one.metric,
        formatMeasure(one.metric, one.value, formatShare),
        limit(one.warn_at),
        limit(one.fail_at),
        verdict(one.outcome),
        trendLine(past, one.is_upper_bound ? one.fail_at : 1),
        html`<span class="soft">${one.description}</span>`,
      ]
    }),
  )
}

function fields({ fields: all }: QualityReport): Markup {
  return htmlTable(
    ['field', 'read', '#said', '#before', '#unreadable', 'as'],
    all.map((one) => [
      one.field,
      shareBar(one.read_share, share(one.read_share)),
      share(one.said_share),
      share(one.earlier_share),
      one.unreadable_count > 0 ? formatNumber(one.unreadable_count) : '',
      one.unreadable_samples.slice(0, 3).map((sample) => html`<code>${sample}</code> `),
    ]),
  )
}

function rules({ rules: all }: QualityReport): Markup {
  if (all.length === 0) return html`<p>No rule was failed.</p>`
  return htmlTable(
    ['rule', 'severity', 'outcome', '#failed', '#of', 'for example'],
    all.map((one) => [
      one.rule,
      one.severity,
      verdict(one.outcome),
      formatNumber(one.failed_count),
      formatNumber(one.checked_count),
      one.samples
        .slice(0, 3)
        .map(({ source_key, value }) => html`${source_key}: <code>${value ?? 'nothing'}</code> `),
    ]),
  )
}

function duplicates({ duplicates: all }: QualityReport): Markup {
  if (all.repeated_key_count + all.candidate_count === 0) return html`<p>No duplicate was found.</p>`
  return html`<p>${formatCount(all.repeated_key_count, 'repeated key')}, ${formatCount(all.candidate_count, 'pair')} of homes at
one address.</p>
${htmlTable(
  ['keys', '#confidence', 'evidence'],
  all.examples.map((one) => [one.source_keys.join(' and '), share(one.confidence), describeEvidence(one)]),
)}`
}

function places({ geography }: QualityReport): Markup {
  const names = geography.unresolved_names.map((one) => [
    [one.city, one.postal_code].filter((part) => part !== null).join(' ') || 'nothing said',
    formatNumber(one.row_count),
  ])
  return html`<p>Live homes in ${formatNumber(geography.commune_count)} communes of
${formatNumber(geography.department_count)} departments; the commune of ${formatNumber(geography.unresolved_count)} rows of the
session and of ${formatNumber(geography.unresolved_live_count)} live homes could not be told.</p>
${htmlTable(
  ['department', '#communes', '#live', '#in the session'],
  geography.departments.map((one) => [
    `${one.name} (${one.code})`,
    formatNumber(one.commune_count),
    formatNumber(one.live_count),
    formatNumber(one.brought_count),
  ]),
)}
${names.length > 0 ? htmlTable(['place that could not be told', '#rows'], names) : null}`
}

function trend({ trend: all }: QualityReport): Markup {
  const measure = (measures: Record<string, number | null> | null, name: string) =>
    share(measures?.[name] ?? null)
  return htmlTable(
    [
      'session',
      'applied',
      '#rows',
      '#new',
      '#updated',
      '#gone',
      '#quality',
      '#complete',
      '#errors',
      '#duplicates',
    ],
    all.map((one) => [
      one.name ?? `session ${one.session_no}`,
      one.applied_at === null ? one.status : day(one.applied_at),
      formatNumber(one.staged_count),
      formatNumber(one.new_count),
      formatNumber(one.updated_count),
      formatNumber(one.gone_count),
      measure(one.measures, 'quality_score'),
      measure(one.measures, 'completeness_rate'),
      measure(one.measures, 'error_rate'),
      measure(one.measures, 'duplicate_rate'),
    ]),
  )
}

/** A quality report as one HTML page that needs no other file; everything from the data is escaped. */
export function printHtml(report: QualityReport): string {
  const { session, freshness } = report
  const title = `Quality of ${titleOf(report)}`
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<header>
<h1>${title}: ${verdict(report.verdict)}</h1>
<p>${session.source_name} (${session.source}), session ${session.session_no}, ${session.status}; reported
${day(freshness.reported_at)}, the source last applied ${day(freshness.source_last_applied_at) || 'never'}</p>
</header>
<main>
${counts(report)}
<h2>What to do</h2>
${recommendations(report)}
<h2>Measures</h2>
${thresholds(report)}
<h2>Fields</h2>
<p class="soft">Read: share of the new and changed rows with a value in the field. Said: share of all staged rows in which the
source wrote something. Before: the median of earlier sessions.</p>
${fields(report)}
<h2>Rules that were failed</h2>
${rules(report)}
<h2>Duplicates</h2>
${duplicates(report)}
<h2>Places</h2>
${places(report)}
<h2>Earlier sessions</h2>
${trend(report)}
</main>
<footer>Parcelle, ${day(report.generated_at)} UTC, session ${session.id}</footer>
</body>
</html>
`
  return page.markup
}
