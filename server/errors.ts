import { randomBytes } from 'node:crypto'
import type pino from 'pino'
import { GraphQLError } from 'postgraphile/graphql'
import { statementTimeout } from './session.ts'

/** What a caller is told about an error: a message, a code of class PC and a sentence that says what to do. */
export type PublicError = { message: string; code: string; hint?: string | undefined }

type PostgresError = Error & { code: string; hint?: string | undefined }

const isPostgresError = (error: unknown): error is PostgresError =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^[0-9A-Z]{5}$/.test(error.code)

/**
 * Translates an error of the database for the caller, or null when it is nobody's business but the log's.
 *
 * Class PC is raised by our own functions and passes as it is; what the caller can mend (a value PostgreSQL cannot
 * read, a search that takes too long, something the role may not see) is put into words.
 */
export function publicError(error: unknown): PublicError | null {
  if (!isPostgresError(error)) return null
  const { code } = error
  if (code.startsWith('PC')) return { message: error.message, code, hint: error.hint }
  if (code.startsWith('22'))
    return { message: error.message, code: 'PC400', hint: 'Correct the value and ask again.' }
  if (code === '42501') {
    // Whoever may not see leads may well see everything else.
    if (/\boffmarket_leads$/.test(error.message)) {
      return {
        message: 'not allowed to see leads',
        code: 'PC403',
        hint: 'Leads are for operators: start the server on a loopback address with PARCELLE_LOOPBACK_ROLE=operator.',
      }
    }
    return {
      message: 'not allowed to see this',
      code: 'PC403',
      hint: 'Single sales and homes are shown, and operations done, on a loopback address only; elsewhere ask for marketStats.',
    }
  }
  if (code === '57014') {
    return {
      message: `the search took longer than ${statementTimeout / 1000} seconds`,
      code: 'PC422',
      hint: 'Name a place or a period, or ask for fewer rows.',
    }
  }
  return null
}

/**
 * The mask over every error that leaves by GraphQL: what the caller can use passes, anything else becomes an id that
 * is found again in the log.
 */
export function createErrorMask(log: pino.Logger): (error: GraphQLError) => GraphQLError {
  return (error) => {
    const cause = error.originalError ?? null
    if (cause === null || cause instanceof GraphQLError) return error
    const known = publicError(cause) ?? limitError(cause)
    const errorId = randomBytes(6).toString('base64url')
    if (known === null) log.error({ err: cause, errorId, path: error.path }, 'a request failed')
    const told = known ?? {
      message: 'something went wrong here',
      code: 'PC500',
      hint: `The log says more about ${errorId}.`,
    }
    return new GraphQLError(told.message, {
      nodes: error.nodes ?? null,
      source: error.source ?? null,
      positions: error.positions ?? null,
      path: error.path ?? null,
      originalError: cause,
      extensions: {
        code: told.code,
        ...(told.hint === undefined ? {} : { hint: told.hint }),
        ...(known === null ? { errorId } : {}),
      },
    })
  }
}

/** An error our own limits raise; the shape a SafeError carries. */
const limitError = (error: Error): PublicError | null => {
  if (!('extensions' in error) || typeof error.extensions !== 'object' || error.extensions === null)
    return null
  const { code, hint } = error.extensions as { code?: unknown; hint?: unknown }
  if (typeof code !== 'string' || !code.startsWith('PC')) return null
  return { message: error.message, code, hint: typeof hint === 'string' ? hint : undefined }
}
