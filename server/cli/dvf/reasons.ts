import { formatNumber } from '../lib/numbers.ts'

/** One reason why a release waits, as `app_private.judge_dvf_release` gives it. */
export interface HeldReason {
  reason: 'no_lines' | 'rejected_lines' | 'missing_department' | 'volume_collapse'
  department?: string
  insee_code?: string | null
  year?: number
  before?: number
  now?: number
  rejected?: number
  lines?: number
  share_max?: number
  share_min?: number
}

const shown = 12

/** The reasons as sentences, the first dozen of them in full. */
export function describeHeld(reasons: HeldReason[]): string[] {
  const sentences = reasons.slice(0, shown).map(describe)
  if (reasons.length > shown) sentences.push(`and ${formatNumber(reasons.length - shown)} more reasons`)
  return sentences
}

function describe(reason: HeldReason): string {
  const n = (value: number | undefined) => formatNumber(value ?? 0)
  const share = (value: number | undefined) => `${Math.round((value ?? 0) * 100)} %`
  switch (reason.reason) {
    case 'no_lines':
      return 'its files hold no line'
    case 'rejected_lines':
      return `${n(reason.rejected)} of ${n(reason.lines)} lines were rejected, above ${share(reason.share_max)}`
    case 'missing_department':
      return `département ${reason.department} is missing in ${reason.year}, the last release had it`
    case 'volume_collapse':
      return (
        `${reason.insee_code ? `commune ${reason.insee_code}` : `département ${reason.department}`} in ${reason.year}: ` +
        `${n(reason.now)} sales where the ledger holds ${n(reason.before)}, under ${share(reason.share_min)}`
      )
  }
}
