/** Input that cannot be used at all: not a DVF file, an archive cut short, a folder without files. */
export class DvfInputError extends Error {
  override name = 'DvfInputError'
  readonly code: string = 'PC422'
  readonly hint: string

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}

/** A header that is neither official form nor an altered copy that can be read without guessing. */
export class DialectError extends DvfInputError {
  override name = 'DialectError'
  readonly missing: string[]
  readonly nearest: 'geo' | 'raw' | null

  constructor(message: string, hint: string, missing: string[], nearest: 'geo' | 'raw' | null) {
    super(message, hint)
    this.missing = missing
    this.nearest = nearest
  }
}

/** Why a line was not read; `detail` beside it says what was expected and what came. */
export const rejectReasons = [
  'field_count',
  'missing_value',
  'bad_date',
  'bad_number',
  'bad_nature',
  'bad_disposition',
  'bad_parcel',
  'bad_premises_type',
  'unknown_commune',
  'bad_quoting',
  'encoding',
  'line_too_long',
] as const

export type RejectReason = (typeof rejectReasons)[number]

/** A line that could not be read, exactly as it stood. */
export interface RejectedLine {
  sourceNo: number
  /** Physical line in the file, the header being line 1. */
  lineNo: number
  reason: RejectReason
  detail: string
  /** The line's bytes, its own line end included: writing all of them one after the other restores them. */
  raw: Buffer
}
