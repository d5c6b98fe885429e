import type { Client } from 'pg'
import { changeConfidence } from './change-confidence.ts'
import { validationRules } from './default-rules.ts'
import { departmentBoxes } from './department-boxes.ts'
import { geography } from './geography.ts'
import { pipelines } from './pipelines.ts'
import { qualityThresholds } from './quality-thresholds.ts'
import { ruleFields } from './rule-fields.ts'
import { sources } from './sources.ts'

/** Rows the code relies on: merged by every deploy, skipped while `hash` is what the last deploy recorded. */
export interface ReferenceSeed {
  /** What the rows are, as the deploy's log names it. */
  readonly name: string
  /** A digest of the rows and of the code that writes them. */
  hash(): Promise<string> | string
  /** Writes the rows inside the deploy's transaction; writes nothing when they already stand. */
  merge(client: Client): Promise<void>
}

/** Every reference seed, in the order in which they are merged. */
export const reference: readonly ReferenceSeed[] = [
  geography,
  departmentBoxes,
  sources,
  qualityThresholds,
  changeConfidence,
  ruleFields,
  validationRules,
  pipelines,
]
