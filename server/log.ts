import pino from 'pino'
import { prettyFactory } from 'pino-pretty'
import type { Config } from './config.ts'

const secretKeys = [
  'password',
  'serverPassword',
  'authorization',
  'cookie',
  'apiKey',
  'token',
  '*.password',
  '*.serverPassword',
  '*.authorization',
  '*.cookie',
  '*.apiKey',
  '*.token',
  '*.headers.authorization',
  '*.headers.cookie',
]

/** The text without the passwords of the addresses in it: `postgresql://user:***@host`. */
export function withoutPasswords(text: string): string {
  return text.replace(/(\b[a-z][a-z0-9+.-]*:\/\/[^:/@\s"']*):[^@/\s"']+@/gi, '$1:***@')
}

/**
 * What the log keeps of an error: what it is, says and where. Drivers hang whole connections on theirs, keys and all.
 */
function plainError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { code, hint, detail, where, table, constraint } = error as Error & Record<string, unknown>
  const cause = error.cause === undefined ? undefined : plainError(error.cause)
  const { name: type, message, stack } = error
  return { type, message, code, hint, detail, where, table, constraint, stack, cause }
}

/**
 * The log: JSON lines on stderr, or readable ones where stderr is a terminal (stdout is for results).
 * Secrets are redacted by key, as the passwords inside addresses, and as the configured values themselves.
 * Children carry ids: `log.child({ request: 'r1' })`.
 */
export function createLog(
  config: Pick<Config, 'logLevel' | 'serverPassword'>,
  sink: { write(text: string): unknown; isTTY?: boolean } = process.stderr,
): pino.Logger {
  const secret = config.serverPassword
  const clean = (text: string) => {
    const cleaned = withoutPasswords(text)
    return secret ? cleaned.replaceAll(secret, '***') : cleaned
  }
  const format = sink.isTTY
    ? prettyFactory({
        colorize: true,
        singleLine: true,
        ignore: 'pid,hostname',
        translateTime: 'SYS:HH:MM:ss',
      })
    : (line: string) => line
  const destination = { write: (line: string) => sink.write(clean(format(line))) }
  return pino(
    {
      level: config.logLevel,
      serializers: { err: plainError, error: plainError },
      redact: { paths: secretKeys, censor: '***' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  )
}
