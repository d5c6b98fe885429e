import { StagingInputError, type StagingReject, type StagingRejectReason } from './errors.ts'
import { asText } from './records.ts'

const manyRejects = 100_000
const manyBytes = 67_108_864
const sampleCount = 20

/** What is noted among a session's errors: how often a reason came up, and the first few places. */
export interface RejectSummary {
  reason: StagingRejectReason
  count: number
  samples: { file: string; line: number; raw: string }[]
}

/** Lines and elements that are no rows, kept until the rows around them are stored. */
export interface RejectBook {
  add(file: string, line: number, reason: StagingRejectReason, raw: Buffer | string): void
  /** Every one of them, in the order in which they came. */
  readonly all: readonly StagingReject[]
  summaries(): RejectSummary[]
}

/**
 * Opens an empty book. It is held in memory, so a file of which little can be read ends it.
 *
 * StagingInputError: more than 100 000 rejects, or 64 MB of them.
 */
export function openRejectBook(): RejectBook {
  const all: StagingReject[] = []
  let size = 0
  return {
    all,
    add(file, line, reason, raw) {
      const text = typeof raw === 'string' ? raw : asText(raw).toString('utf8')
      size += text.length
      if (all.length >= manyRejects || size > manyBytes) {
        throw new StagingInputError(
          `${all.length} lines of ${file} could not be read, the last one is ${line} (${reason})`,
          'Look at the form of the file: CSV with a header, a JSON array, or JSON lines.',
        )
      }
      all.push({ file, line, reason, raw: text })
    },
    summaries() {
      const byReason = new Map<StagingRejectReason, RejectSummary>()
      for (const { file, line, reason, raw } of all) {
        const summary = byReason.get(reason) ?? { reason, count: 0, samples: [] }
        summary.count++
        if (summary.count <= sampleCount) summary.samples.push({ file, line, raw: raw.slice(0, 1000) })
        byReason.set(reason, summary)
      }
      return [...byReason.values()]
    },
  }
}
