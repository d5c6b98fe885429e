import { readFileSync } from 'node:fs'
import { Agent, type Dispatcher, interceptors, RetryAgent, request } from 'undici'

const version = (() => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
})()

/** What Parcelle calls itself to the services it asks. */
export const userAgent = `Parcelle/${version} (imports French open data into PostgreSQL)`

/** How patient the client is. */
export interface HttpOptions {
  /** Tries after the first one. */
  retries?: number
  /** Milliseconds before the second try; each further wait is twice as long, 30 s at most. */
  firstWait?: number
  /** Milliseconds without an answer, or without a byte of it, before a try is given up. */
  timeout?: number
}

/**
 * A client that tries again when the network or the service fails for a moment (no answer, 429, 5xx), waiting longer
 * each time and as long as `Retry-After` asks. Redirections are followed. A body that breaks off is gone on with by a range request.
 */
export function createHttp(options: HttpOptions = {}): Dispatcher {
  const timeout = options.timeout ?? 60_000
  const agent = new Agent({ headersTimeout: timeout, bodyTimeout: timeout, connect: { timeout: 15_000 } })
  return new RetryAgent(agent.compose(interceptors.redirect({ maxRedirections: 5 })), {
    maxRetries: options.retries ?? 4,
    minTimeout: options.firstWait ?? 500,
    maxTimeout: 30_000,
    timeoutFactor: 2,
    methods: ['GET', 'HEAD'],
    statusCodes: [429, 500, 502, 503, 504],
    throwOnError: false,
  })
}

/** A download that failed for good; `hint` says what can be done. */
export class DownloadError extends Error {
  override name = 'DownloadError'
  readonly hint: string
  readonly statusCode: number | null

  constructor(message: string, hint: string, statusCode: number | null = null, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
    this.statusCode = statusCode
  }
}

/**
 * Asks for an address; answers whatever the service answers, its refusals too.
 *
 * DownloadError: it cannot be reached after several tries. An abort is thrown as it came.
 */
export async function get(
  url: string,
  headers: Record<string, string>,
  options: { signal?: AbortSignal; http?: Dispatcher },
) {
  const http = options.http ?? createHttp()
  try {
    return await request(url, {
      dispatcher: http,
      headers: { 'user-agent': userAgent, ...headers },
      ...(options.signal && { signal: options.signal }),
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new DownloadError(
      `${url} cannot be reached: ${(error as Error).message}`,
      'Check the network and the address.',
      null,
      { cause: error },
    )
  }
}

/** The error for an answer that is not what was asked for; `missingHint` is for 404. */
export function refusal(statusCode: number, url: string, missingHint = 'Check the address.'): DownloadError {
  return statusCode === 404
    ? new DownloadError(`${url} does not exist`, missingHint, statusCode)
    : new DownloadError(`${url} answered ${statusCode}`, 'Try again later, or check the address.', statusCode)
}
