const told =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect)/

/**
 * Whether an error says that the connection to the database broke or could not be made, so that nothing is known of
 * the statement; not that the database refused it.
 */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isConnectionLost)
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  if (/^(08...|57P0[123])$/.test(code)) return true
  const isOfSystem = 'syscall' in error && /^(ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT)$/.test(code)
  return isOfSystem || told.test(error.message)
}
