/** A file that cannot be staged at all: not there, cut short, of no form that is known. */
export class StagingInputError extends Error {
  override name = 'StagingInputError'
  readonly code: string = 'PC422'
  readonly hint: string

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}

/** Why a line or an element could not be read as a row. */
export type StagingRejectReason = 'field_count' | 'bad_quoting' | 'bad_json' | 'not_stored' | 'cut_short'

/** What could not be read, exactly as it stood, apart from bytes that no text can hold. */
export interface StagingReject {
  file: string
  /** Physical line, the first being 1; in a JSON array the element, the first being 1. */
  line: number
  reason: StagingRejectReason
  raw: string
}
