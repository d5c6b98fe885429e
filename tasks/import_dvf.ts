import { createHash } from 'node:crypto'
import path from 'node:path'
import pg from 'pg'
import type { Logger } from 'pino'
import { holdOffDeploys } from '../sql/deploy/lock.ts'
import { type FiguresAside, prepareFigures } from './lib/dvf/figures.ts'
import {
  createCommuneIndex,
  createShardPlan,
  type KnownCommune,
  openSources,
  type Source,
  translate,
} from './lib/dvf/index.ts'
import { createRejectWriter } from './lib/dvf/rejects.ts'
import { claimsOf, type ScopeClaim } from './lib/dvf/scope.ts'
import { openShard, type ShardWriter, stopWithClient } from './lib/dvf/shard.ts'

/** A running display of long work; see `Output.progress` of the command line. */
type StartProgress = (
  name: string,
  total?: number,
  unit?: string,
) => { update(done: number, extra?: { note?: string }): void; stop(done?: number): void }

export interface ImportOptions {
  /** Connection of the owner. */
  url: string
  log: Logger
  paths: readonly string[] | 'stdin'
  /** What the release is called; made from the file's name and checksum when not given. */
  code?: string | undefined
  /** What the release covers; told by the files' names or inferred from their lines when not given. */
  scope?: ScopeClaim[] | undefined
  signal?: AbortSignal | undefined
  progress?: StartProgress | undefined
}

/** What became of a release. Counts of transactions are null while it is held. */
export interface ImportReport {
  code: string
  status: 'applied' | 'held' | 'unchanged'
  batchId: string
  lines: number
  accepted: number
  rejected: number
  rejectedByReason: Record<string, number>
  /** Lines that two files of the release both brought; they count once. */
  repeated: number
  transactions: number | null
  added: number | null
  corrected: number | null
  withdrawn: number | null
  heldReasons: unknown[] | null
  seconds: number
}

interface ReleaseRow {
  id: number
  code: string
  batch_id: string
  status: 'applied' | 'held'
  line_count: number
  accepted_count: number
  rejected_count: number
  repeated_count: number | null
  transaction_count: number | null
  added_count: number | null
  corrected_count: number | null
  withdrawn_count: number | null
  held_reasons: unknown[] | null
}

/**
 * Imports DVF files as one release: streams their lines into the release's partition, two shards side by side, has
 * them grouped into mutations, and brings the ledger to what they say in one transaction, or leaves the release held.
 * The same contents again change nothing. An import that fails or is aborted leaves no trace but its record; one that
 * was killed is cleared away by the next.
 *
 * DvfInputError: a file cannot be read as DVF. PC409: another import is running, or the code is taken.
 */
export async function importDvf(options: ImportOptions): Promise<ImportReport> {
  const begun = performance.now()
  const sources = await openSources(options.paths)
  const checksums = options.paths === 'stdin' ? null : await readChecksums(sources)
  const known = checksums && checksumOf(checksums)
  const code = options.code ?? defaultCode(sources, known)
  const client = await connect(options.url, 'parcelle import')
  try {
    await holdOffDeploys(client)
    const { rows } = await client.query<{ release_id: number; is_known: boolean }>(
      'select release_id, is_known from app_private.begin_dvf_import($1, $2)',
      [code, known],
    )
    const begin = rows[0] as { release_id: number; is_known: boolean }
    if (begin.is_known) {
      await refreshViews(client, options.url)
      return await report(client, begin.release_id, 'unchanged', begun)
    }
    const log = options.log.child({ releaseId: begin.release_id, code })
    log.info({ sources: sources.map((source) => source.name) }, 'import begins')
    try {
      const isNew = await load(client, begin.release_id, sources, checksums, options)
      const done = await settle(client, isNew, options, begun)
      log.info({ ...done }, 'import ends')
      return done
    } catch (error) {
      await client.end().catch(() => {})
      await abandon(options.url, begin.release_id).catch((err: unknown) =>
        log.warn({ err }, 'what was loaded stays until the next import clears it away'),
      )
      throw error
    }
  } finally {
    await client.end().catch(() => {})
  }
}

// On a connection of its own, since the importing one may be what broke, and again where somebody stood in the way: the
// shards' own servers may still be rolling back.
async function abandon(url: string, releaseId: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const client = await connect(url, 'parcelle import, clearing away')
    try {
      await client.query('select app_private.abandon_dvf_import($1)', [releaseId])
      return
    } catch (error) {
      if (attempt === 5) throw error
      await new Promise((resolve) => setTimeout(resolve, 200 * attempt))
    } finally {
      await client.end().catch(() => {})
    }
  }
}

/** What the settling transaction needs to know of a loaded release. */
interface Loaded {
  releaseId: number
  /** Release that holds the same contents already, found only once standard input had been read. */
  knownReleaseId: number | null
  sources: object[]
  claims: ScopeClaim[] | null
  repeated: number
}

async function load(
  client: pg.Client,
  releaseId: number,
  sources: Source[],
  known: string[] | null,
  options: ImportOptions,
): Promise<Loaded> {
  const communes = createCommuneIndex(await knownCommunes(client))
  const plan = createShardPlan(communes)
  const rejects = createRejectWriter(client, releaseId)
  const total = sources.reduce((sum, source) => sum + (source.size ?? 0), 0)
  const progress = options.progress?.('reading', sources.every((source) => source.size) ? total : 0, 'bytes')
  const shards: ShardWriter[] = []
  try {
    for (const shardNo of [0, 1] as const) shards.push(await openShard(options.url, releaseId, shardNo))
    const files: object[] = []
    let bytesBefore = 0
    let linesBefore = 0
    for (const [index, source] of sources.entries()) {
      const read = await translate(source.open(), {
        communes,
        plan,
        releaseId,
        sourceNo: index + 1,
        ...(known?.[index] === undefined ? {} : { sha256: known[index] }),
        write: (shard, chunk) => (shards[shard] as ShardWriter).write(chunk),
        reject: (line) => rejects.add(line),
        progress: (bytes, lines) => {
          options.signal?.throwIfAborted()
          progress?.update(bytesBefore + bytes, { note: `${linesBefore + lines} lines` })
        },
      })
      bytesBefore += read.bytes
      linesBefore += read.lines
      files.push({
        source_no: index + 1,
        name: source.name,
        checksum: read.sha256,
        byte_count: read.bytes,
        dialect: `${read.dialect.description}, ${read.encoding}`,
        line_count: read.lines,
        accepted_count: read.accepted,
        rejected_count: read.rejected,
      })
    }
    await rejects.flush()
    progress?.stop(bytesBefore)
    const grouping = options.progress?.('grouping', linesBefore, 'lines')
    const cancel = () => {
      for (const shard of shards) shard.cancel()
    }
    options.signal?.addEventListener('abort', cancel, { once: true })
    const repeated = await Promise.all(shards.map((shard) => shard.finish()))
    options.signal?.removeEventListener('abort', cancel)
    grouping?.stop(linesBefore)
    const checksums = files.map((file) => (file as { checksum: string }).checksum)
    const { rows } = await client.query<{ known: number | null }>(
      'select app_private.recognise_dvf_contents($1, $2) as known',
      [releaseId, checksumOf(checksums)],
    )
    return {
      releaseId,
      knownReleaseId: rows[0]?.known ?? null,
      sources: files,
      claims: options.scope ?? claimsOf(sources.map((source) => source.name)),
      repeated: repeated.reduce((sum, count) => sum + count, 0),
    }
  } finally {
    progress?.stop()
    await Promise.allSettled(shards.map((shard) => shard.close()))
  }
}

async function settle(
  client: pg.Client,
  loaded: Loaded,
  options: ImportOptions,
  begun: number,
): Promise<ImportReport> {
  if (loaded.knownReleaseId !== null) {
    await client.query('select app_private.abandon_dvf_import($1)', [loaded.releaseId])
    return report(client, loaded.knownReleaseId, 'unchanged', begun)
  }
  options.signal?.throwIfAborted()
  const progress = options.progress?.('comparing with the ledger', 0, 'steps')
  let figures: FiguresAside | undefined
  try {
    const { rows: ledger } = await client.query<{ is_empty: boolean }>(
      'select app_private.is_ledger_empty() as is_empty',
    )
    if (ledger[0]?.is_empty) figures = await prepareFigures(options.url, loaded.releaseId)
    await client.query('begin')
    await client.query('select app_private.record_dvf_sources($1, $2::jsonb, $3)', [
      loaded.releaseId,
      JSON.stringify(loaded.sources),
      loaded.repeated,
    ])
    await client.query('select app_private.record_dvf_scope($1, $2::jsonb)', [
      loaded.releaseId,
      loaded.claims === null ? null : JSON.stringify(loaded.claims),
    ])
    const { rows } = await client.query<{ status: 'applied' | 'held' }>(
      'select status from app_private.apply_dvf_release($1, false)',
      [loaded.releaseId],
    )
    await client.query('commit')
    const problem = await figures?.ended
    if (problem !== undefined) options.log.warn({ err: problem }, 'statistics were not computed aside')
    const status = (rows[0] as { status: 'applied' | 'held' }).status
    await refreshViews(client, options.url)
    return await report(client, loaded.releaseId, status, begun)
  } finally {
    figures?.cancel()
    progress?.stop()
  }
}

// After commit, and after an earlier import that was killed before it came to this.
async function refreshViews(client: pg.Client, url: string): Promise<void> {
  const { rows } = await client.query(
    `select from app_public.dvf_releases where status = 'applied' and views_refreshed_at is null limit 1`,
  )
  if (rows.length === 0) return
  const second = await connect(url, 'parcelle import views')
  const refresh = async (by: pg.Client, ...views: string[]) => {
    for (const view of views) await by.query('select app_private.refresh_market_view($1)', [view])
  }
  try {
    await Promise.all([
      refresh(second, 'market_seasonality'),
      refresh(client, 'market_changes', 'market_rankings'),
    ])
  } finally {
    await second.end()
  }
  await client.query('select app_private.refresh_market_views($1)', [
    ['market_changes', 'market_rankings', 'market_seasonality'],
  ])
}

async function report(
  client: pg.Client,
  releaseId: number,
  status: ImportReport['status'],
  begun: number,
): Promise<ImportReport> {
  const { rows } = await client.query<ReleaseRow>('select * from app_public.dvf_releases where id = $1', [
    releaseId,
  ])
  const release = rows[0] as ReleaseRow
  const reasons = await client.query<{ reason: string; count: number }>(
    'select reason, count(*)::integer as count from app_private.dvf_rejects where release_id = $1 group by reason',
    [releaseId],
  )
  return {
    code: release.code,
    status,
    batchId: release.batch_id,
    lines: release.line_count,
    accepted: release.accepted_count,
    rejected: release.rejected_count,
    rejectedByReason: Object.fromEntries(reasons.rows.map((row) => [row.reason, row.count])),
    repeated: release.repeated_count ?? 0,
    transactions: release.transaction_count,
    added: status === 'unchanged' ? 0 : release.added_count,
    corrected: status === 'unchanged' ? 0 : release.corrected_count,
    withdrawn: status === 'unchanged' ? 0 : release.withdrawn_count,
    heldReasons: release.held_reasons,
    seconds: Math.round(performance.now() - begun) / 1000,
  }
}

async function connect(url: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: name })
  // A server that goes away is told by the statement under way or the next; nothing more may end the process.
  client.on('error', () => {})
  await client.connect()
  await stopWithClient(client)
  return client
}

async function knownCommunes(client: pg.Client): Promise<KnownCommune[]> {
  const { rows } = await client.query<{ code: string; presentCode: string; departmentCode: string }>(
    `select insee_code_given as code, insee_code_present as "presentCode", department_code as "departmentCode"
     from app_private.known_communes()`,
  )
  return rows
}

// The order in which files are given does not make other contents.
function checksumOf(checksums: string[]): string {
  return createHash('sha256').update(checksums.toSorted().join('\n')).digest('hex')
}

async function readChecksums(sources: Source[]): Promise<string[]> {
  const checksums: string[] = []
  for (const source of sources) checksums.push(await source.checksum())
  return checksums
}

function defaultCode(sources: Source[], checksum: string | null): string {
  const first = path.basename((sources[0] as Source).name).replace(/\.(csv|txt|gz|zip)/gi, '')
  const suffix = checksum?.slice(0, 8) ?? new Date().toISOString().replace(/[-:]|\.\d+Z/g, '')
  return `${first === '-' ? 'stdin' : first}${sources.length > 1 ? `+${sources.length - 1}` : ''}-${suffix}`
}
