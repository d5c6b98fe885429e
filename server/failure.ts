/**
 * An error a person is meant to read: what went wrong and, in `hint`, a sentence that says what to do.
 * `exitCode` is what a command ends with: 1 something failed, 2 it was asked wrongly.
 */
export class Failure extends Error {
  readonly hint: string | undefined
  readonly exitCode: 1 | 2

  constructor(message: string, options: { hint?: string; exitCode?: 1 | 2; cause?: unknown } = {}) {
    super(message, { cause: options.cause })
    this.name = 'Failure'
    this.hint = options.hint
    this.exitCode = options.exitCode ?? 1
  }
}
