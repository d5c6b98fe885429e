import type pg from 'pg'

/** What a DeployError may say beside its message. */
export type DeployErrorDetails = {
  hint?: string | undefined
  detail?: string | undefined
  code?: string | undefined
  file?: string | undefined
  line?: number | undefined
  cause?: unknown
}

/**
 * A deploy that stopped, with the database as it was.
 *
 * `file` (from the project's root) and `line` (from 1) say where, and begin the message; `code` is PostgreSQL's SQLSTATE when it spoke,
 * else of class PC; `hint` is a sentence that says what to do.
 */
export class DeployError extends Error {
  readonly hint: string | undefined
  readonly detail: string | undefined
  readonly code: string | undefined
  readonly file: string | undefined
  readonly line: number | undefined

  constructor(message: string, details: DeployErrorDetails = {}) {
    const place = [details.file, details.line].filter((part) => part !== undefined).join(':')
    super(place === '' ? message : `${place}: ${message}`, { cause: details.cause })
    this.name = 'DeployError'
    this.hint = details.hint
    this.detail = details.detail
    this.code = details.code
    this.file = details.file
    this.line = details.line
  }
}

/** Tells PostgreSQL's own errors apart from everything else that can be thrown. */
export function isDatabaseError(error: unknown): error is pg.DatabaseError {
  return error instanceof Error && 'severity' in error && 'code' in error
}

/** The SQLSTATE of whatever was thrown, or undefined. */
export function sqlState(error: unknown): string | undefined {
  if (error instanceof DeployError || isDatabaseError(error)) return error.code
  return undefined
}

/** What to show a person: message, detail and hint, each on a line of its own, without a stack. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!(error instanceof DeployError || isDatabaseError(error))) return error.stack ?? error.message
  const { code, detail, hint } = error
  return [code === undefined ? error.message : `${error.message} (${code})`, detail, hint]
    .filter((line) => line !== undefined)
    .join('\n  ')
}
