import pg from 'pg'
import type { Logger } from 'pino'
import { holdOffDeploys } from '../sql/deploy/lock.ts'
import { type LoadedFile, loadFile } from './lib/staging/load.ts'
import { openStagingFiles, type StagingFile } from './lib/staging/open.ts'
import { openRejectBook, type RejectSummary } from './lib/staging/rejects.ts'
import { type FilledSession, storeRejects } from './lib/staging/store.ts'

/** A running display of long work; see `Output.progress` of the command line. */
type StartProgress = (
  name: string,
  total?: number,
  unit?: string,
) => { update(done: number, extra?: { note?: string }): void; stop(done?: number): void }

export interface StageOptions {
  /** Connection of the owner. */
  url: string
  log: Logger
  /** Files of one session; `-` for standard input. */
  paths: readonly string[]
  /** What `-` reads; the process's standard input when not given. */
  input?: AsyncIterable<Buffer> | undefined
  /** Code of the source. */
  source: string
  name?: string | undefined
  /** INSEE codes the session set out to see; all when not given. */
  inseeCodes?: readonly string[] | undefined
  /** Types it set out to see; all when not given. */
  propertyTypes?: readonly string[] | undefined
  /** First and last day, yyyy-mm-dd. */
  from?: string | undefined
  to?: string | undefined
  /** Whether the files hold all of that. */
  isComplete?: boolean | undefined
  /** How many rows there will be, about; told by the sizes of the files when not given. */
  expectedRows?: number | undefined
  signal?: AbortSignal | undefined
  progress?: StartProgress | undefined
}

export interface StageReport {
  sessionId: string
  source: string
  /** Rows staged, those that could not be read included. */
  staged: number
  /** Rows that do not say which home they mean, those that could not be read included. */
  unkeyed: number
  isComplete: boolean
  /** Lines and elements that are no rows, by reason. */
  rejects: RejectSummary[]
  /** Columns whose cells are in the payload, since staging has none of that name. */
  payloadColumns: string[]
  seconds: number
}

// A row of a listing hardly has fewer bytes; gzip makes such files about six times smaller.
const bytesPerRow = 150
const gzipFactor = 6

/**
 * Stages files as one session of a source: one transaction, so that nothing of a session that broke off is ever
 * seen; the session itself is then failed, by this process or, after kill -9, by the next one. Memory does not grow with the files.
 *
 * StagingInputError: a file cannot be read. PC404, PC409: as begin_session.
 */
export async function stageFiles(options: StageOptions): Promise<StageReport> {
  const begun = performance.now()
  const files = await openStagingFiles(options.paths, options.input)
  const client = await connect(options.url)
  try {
    await holdOffDeploys(client)
    await client.query('select app_private.give_up_broken_sessions()')
    const session = await begin(client, files, options)
    const log = options.log.child({ sessionId: session.id })
    log.info({ source: options.source, files: files.map((file) => file.name) }, 'staging begins')
    try {
      const report = await fill(client, session, files, options)
      log.info({ staged: report.staged, unkeyed: report.unkeyed }, 'staging ends')
      return { ...report, seconds: Math.round(performance.now() - begun) / 1000 }
    } catch (error) {
      await client.end().catch(() => {})
      await fail(options.url, session, error).catch((err: unknown) =>
        log.warn({ err }, 'the session stays open until the next one begins'),
      )
      throw error
    }
  } finally {
    await client.end().catch(() => {})
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'parcelle stage' })
  // A server that goes away is told by the statement under way or the next.
  client.on('error', () => {})
  await client.connect()
  return client
}

async function begin(
  client: pg.Client,
  files: readonly StagingFile[],
  options: StageOptions,
): Promise<FilledSession> {
  const { rows } = await client.query<FilledSession>(
    `select s.id, s.session_no, s.staging_bucket, pg_advisory_lock(hashtext('parcelle.stage'), s.session_no)
     from app_public.begin_session(
       $1, $2, $3, $4, $5, $6, $7, is_complete => $8, expected_rows => $9, parameters => $10
     ) as s`,
    [
      options.source,
      options.name ?? null,
      files.map((file) => file.name).join(' '),
      options.inseeCodes ?? null,
      options.propertyTypes ?? null,
      options.from ?? null,
      options.to ?? null,
      options.isComplete ?? false,
      options.expectedRows ?? expectedRows(files),
      JSON.stringify({ files: files.map((file) => file.name) }),
    ],
  )
  return rows[0] as FilledSession
}

// How much will come through a pipe nobody knows: it gets the room of a large one.
function expectedRows(files: readonly StagingFile[]): number {
  const rows = files.map((file) =>
    file.storedSize === null ? 50_000 : (file.storedSize * (file.isGzip ? gzipFactor : 1)) / bytesPerRow,
  )
  return Math.ceil(rows.reduce((sum, count) => sum + count, 0))
}

async function fill(
  client: pg.Client,
  session: FilledSession,
  files: readonly StagingFile[],
  options: StageOptions,
): Promise<Omit<StageReport, 'seconds'>> {
  const rejects = openRejectBook()
  const total = files.reduce((sum, file) => sum + (file.storedSize ?? 0), 0)
  const isSizeKnown = files.every((file) => file.storedSize !== null)
  const progress = options.progress?.('staging', isSizeKnown ? total : 0, 'bytes')
  const loaded: LoadedFile[] = []
  try {
    await client.query('begin')
    const isOwn = session.staging_bucket < 0
    const partition = isOwn ? await openOwnPartition(client, session) : undefined
    let bytesBefore = 0
    let rowsBefore = 0
    for (const file of files) {
      const one = await loadFile(file, {
        client,
        session,
        ownPartition: partition,
        rejects,
        progress(bytes, rows) {
          options.signal?.throwIfAborted()
          progress?.update(bytesBefore + bytes, { note: `${rowsBefore + rows} rows` })
        },
      })
      loaded.push(one)
      bytesBefore += file.storedSize ?? 0
      rowsBefore += one.rows
    }
    await storeRejects(client, session, rejects.all)
    for (const summary of rejects.summaries()) {
      await client.query('select app_public.heartbeat_session($1, error => $2)', [
        session.id,
        JSON.stringify(summary),
      ])
    }
    if (isOwn) await client.query('select app_private.attach_staging_partition($1)', [session.staging_bucket])
    // What broke off inside a row cannot have shown everything.
    const isWhole = loaded.every((one) => one.isWhole)
    const { rows } = await client.query<{
      staged_count: number
      unkeyed_count: number
      is_complete: boolean
    }>('select staged_count, unkeyed_count, is_complete from app_public.finish_session($1, $2, $3)', [
      session.id,
      isWhole ? null : false,
      files.length,
    ])
    options.signal?.throwIfAborted()
    await client.query('commit')
    const finished = rows[0] as { staged_count: number; unkeyed_count: number; is_complete: boolean }
    progress?.stop(isSizeKnown ? total : undefined)
    return {
      sessionId: session.id,
      source: options.source,
      staged: finished.staged_count,
      unkeyed: finished.unkeyed_count,
      isComplete: finished.is_complete,
      rejects: rejects.summaries(),
      payloadColumns: [...new Set(loaded.flatMap((one) => one.payloadColumns))],
    }
  } finally {
    progress?.stop()
  }
}

async function openOwnPartition(client: pg.Client, session: FilledSession): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    'select app_private.open_staging_partition($1, false) as name',
    [session.staging_bucket],
  )
  const name = (rows[0] as { name: string }).name
  await client.query(
    `alter table ${name} alter column session_id set default ${client.escapeLiteral(session.id)}`,
  )
  return name
}

async function fail(url: string, session: FilledSession, error: unknown): Promise<void> {
  const client = await connect(url)
  try {
    await client.query('select app_private.fail_session($1, $2)', [
      session.id,
      JSON.stringify({ reason: 'failed', detail: error instanceof Error ? error.message : String(error) }),
    ])
  } finally {
    await client.end()
  }
}
