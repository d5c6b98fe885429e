import pg from 'pg'

/**
 * Cancels whatever a connection is running when the signal is aborted, so that its transaction rolls back at once
 * instead of when its statement is done. The statement then fails with SQLSTATE 57014. Returns how to stop listening.
 */
export function cancelOnAbort(client: pg.Client, url: string, signal: AbortSignal): () => void {
  const cancel = async () => {
    const { processID } = client as pg.Client & { processID?: number | null }
    if (typeof processID !== 'number') return
    const other = new pg.Client({ connectionString: url, application_name: 'parcelle cancel' })
    other.on('error', () => {})
    try {
      await other.connect()
      await other.query('select pg_catalog.pg_cancel_backend($1)', [processID])
    } catch {
      // The server has gone, and the statement with it.
    } finally {
      await other.end().catch(() => {})
    }
  }
  const listener = () => void cancel()
  if (signal.aborted) listener()
  signal.addEventListener('abort', listener, { once: true })
  return () => signal.removeEventListener('abort', listener)
}
