import type { ScrapeProgress, ScrapeReport } from '../../../tasks/lib/scrape/session.ts'
import { formatCount, formatDuration, formatNumber } from './numbers.ts'
import type { Output } from './output.ts'

/** Shows a scrape while it runs: items done and left, pages a second, homes found, what failed, time spent waiting. */
export function showScrape(
  out: Output,
  source: string,
): { update(progress: ScrapeProgress): void; stop(): void } {
  const begun = performance.now()
  let shown: ReturnType<Output['progress']> | undefined
  let done = 0
  return {
    update(progress) {
      shown ??= out.progress(`scraping ${source}`, progress.item_count, 'items')
      done = progress.item_count - progress.left
      const seconds = Math.max((performance.now() - begun) / 1000, 0.001)
      const parts = [
        `${formatNumber(progress.left)} left`,
        `${(progress.requests / seconds).toFixed(1)} pages/s`,
        `${formatNumber(progress.staged_count)} found`,
        ...(progress.failed_count > 0 ? [`${formatNumber(progress.failed_count)} failed`] : []),
        `waited ${formatDuration(progress.waits.milliseconds / 1000)}`,
      ]
      shown.update(done, { total: progress.item_count, note: parts.join(', ') })
    },
    stop() {
      shown?.stop(done)
      shown = undefined
    },
  }
}

const bounds = ['budget', 'repeated_row']

/** Whether a scrape brought what it was asked for, or less only because less was asked for. */
export function isAsAsked(report: ScrapeReport): boolean {
  const isRead = report.outcome === 'complete' || report.outcome === 'partial'
  return isRead && report.errors.every(({ reason }) => bounds.includes(reason))
}

const outcomes = {
  complete: 'complete',
  partial: 'not complete, so that nothing counts as missing',
  blocked: 'blocked, and held: nothing is applied unless you accept it',
  failed: 'failed: nothing is applied',
}

/** What a scrape came to, in sentences. */
export function describeScrape(report: ScrapeReport): string {
  const { counts, source, errors } = report
  const lines = [
    `${source}: ${formatCount(report.staged_count, 'home')} staged from ${formatCount(counts.request_count, 'page')} ` +
      `in ${formatDuration(report.seconds)}; ${outcomes[report.outcome]}`,
  ]
  for (const { reason, count, detail, samples } of errors) {
    const [sample] = samples ?? []
    const told =
      detail ?? (typeof sample === 'object' && sample !== null && 'detail' in sample ? sample.detail : sample)
    lines.push(
      `  ${reason}${count === undefined ? '' : ` (${formatNumber(count)})`}${told ? `: ${told}` : ''}`,
    )
  }
  return lines.join('\n')
}
