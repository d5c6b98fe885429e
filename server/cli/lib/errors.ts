import { CommanderError } from 'commander'
import { Failure } from '../../failure.ts'
import { withoutPasswords } from '../../log.ts'

/** What is told about an error: message, what to do, PostgreSQL's SQLSTATE. */
export type ToldError = { message: string; hint?: string; code?: string; detail?: string }

function text(error: object, key: string): string | undefined {
  const value = (error as Record<string, unknown>)[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** What to tell about anything thrown: the message, and hint, detail and SQLSTATE where the error has them. */
export function tellError(error: unknown): ToldError {
  if (!(error instanceof Error)) return { message: String(error) }
  const inner = error instanceof AggregateError ? error.errors[0] : undefined
  const told: ToldError = {
    message: withoutPasswords(error.message || (inner instanceof Error ? inner.message : error.name)),
  }
  const hint = text(error, 'hint')
  const code = text(error, 'code')
  const detail = text(error, 'detail')
  if (hint !== undefined) told.hint = hint
  if (code !== undefined) told.code = code
  if (detail !== undefined) told.detail = detail
  return told
}

/** The lines a person reads about an error. */
export function formatError(told: ToldError): string {
  const isState = told.code !== undefined && /^[0-9A-Z]{5}$/.test(told.code)
  const lines = [`error: ${told.message}${isState ? ` (SQLSTATE ${told.code})` : ''}`]
  if (told.detail !== undefined) lines.push(`detail: ${told.detail}`)
  if (told.hint !== undefined) lines.push(`hint: ${told.hint}`)
  return lines.join('\n')
}

/** The exit code for anything thrown: 2 when the command was asked wrongly, else 1. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Failure) return error.exitCode
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  return 1
}
