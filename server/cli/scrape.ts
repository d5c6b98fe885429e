import type { Command } from '@commander-js/extra-typings'
import { Option } from '@commander-js/extra-typings'
import pg from 'pg'
import { type ExportFormat, exportFormat } from '../../tasks/lib/export/formats.ts'
import { exportSession } from '../../tasks/lib/export/write.ts'
import type { Call } from '../../tasks/lib/scrape/politeness.ts'
import type { ScrapeReport } from '../../tasks/lib/scrape/session.ts'
import { Failure } from '../failure.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { describeScrape, isAsAsked, showScrape } from './lib/scrape.ts'
import { findSession, sessionIdHelp } from './lib/session.ts'
import { describeSync, syncSession } from './lib/sync.ts'
import { positive } from './sessions.ts'

const tiers = ['full', 'first_pages', 'changes', 'manifest', 'sample'] as const
const words = (text: string) => text.split(',').map((word) => word.trim())

/** Adds `parcelle scrape`: reads a source, politely, into a session, with a live view. */
export function register(program: Command, house: CliHouse): void {
  const command = program
    .command('scrape')
    .description('read a source, politely, into a session, and sync it')
    .option('--source <code>', 'the source, as "parcelle sources list" names it')
    .option('--city <name>', 'only this commune')
    .option('--postal-code <code>', 'with --city: its postal code')
    .option('--insee <code>', 'only the commune of this INSEE code')
    .option('--url <address>', 'begin with this page of the source')
    .option('--file <path>', 'read this file in place of the source’s address (feeds)')
    .option('--types <types>', 'only these types: house,apartment,land,commercial,annex', words)
    .option('--from <month>', 'first month of listing or sale, such as 01/2023')
    .option('--to <month>', 'last such month')
    .option('--max-pages <number>', 'ask for so many pages at most', positive)
    .addOption(
      new Option('--tier <tier>', 'how much of the source to look at')
        .choices(tiers)
        .default('full' as const),
    )
    .option('--name <name>', 'what the session is called')
    .option('--resume <session>', `go on with a scrape that was broken off: ${sessionIdHelp}`)
    .option('--export <file>', 'write the homes to this file: .csv, .geojson or .jsonl')
    .option('--no-sync', 'leave the session to be synced later')
    .action(async (options) => {
      const { resume, source } = options
      if ((resume === undefined) === (source === undefined)) {
        throw new Failure('give either --source or --resume', {
          hint: 'List the sources with: parcelle sources list',
          exitCode: 2,
        })
      }
      const format = options.export === undefined ? null : formatOf(options.export)
      await house.database(async (db) => {
        const pool = new pg.Pool({
          connectionString: db.ownerUrl,
          application_name: 'parcelle scrape',
          max: 4,
        })
        // What a lost connection means is told by the statement that needs it.
        pool.on('error', (error) => house.log.debug({ err: error }, 'a connection was lost'))
        const call: Call = async (text, values) => (await pool.query(text, [...values])).rows
        try {
          const client = await pool.connect()
          const sessionId = await (resume === undefined
            ? begin(call, String(source), {
                ...{ city: options.city, postal_code: options.postalCode, insee_code: options.insee },
                ...{
                  url: options.url,
                  file: options.file,
                  types: options.types,
                  from: options.from,
                  to: options.to,
                },
                ...{
                  max_pages: options.maxPages,
                  tier: options.tier,
                  name: options.name,
                  sync: options.sync,
                },
              })
            : findSession(client, resume)
          ).finally(() => client.release())
          const report = await scrape(house, call, sessionId)
          await follow(house, pool, call, report, { format, path: options.export, isToSync: options.sync })
        } finally {
          await pool.end()
        }
      })
    })
  command.addHelpText(
    'after',
    '\nExit codes: 0 what was asked for was read; 1 some of it could not be, or the source blocks us; 2 asked wrongly; 130 ctrl-C.',
  )
  addExamples(command, [
    ['parcelle scrape --source my-portal --city Nantes --postal-code 44000', 'one commune, synced at once'],
    ['parcelle scrape --source my-portal --insee 44109 --types house --max-pages 50', 'a look at some of it'],
    [
      'parcelle scrape --source csv --file homes.csv --no-sync',
      'a file of the eight columns that --export writes',
    ],
    ['parcelle scrape --source my-portal --city Rennes --export rennes.geojson', 'for a map'],
    ['parcelle scrape --resume last', 'go on with what ctrl-C broke off'],
  ])
}

function formatOf(path: string): ExportFormat {
  const format = exportFormat(path)
  if (format !== null) return format
  throw new Failure(`${path} has a name that says no format`, {
    hint: 'Give one that ends in .csv, .geojson or .jsonl.',
    exitCode: 2,
  })
}

async function begin(call: Call, source: string, parameters: Record<string, unknown>): Promise<string> {
  const [row] = await call<{ id: string }>('select id from app_private.begin_scrape($1, $2::jsonb)', [
    source,
    JSON.stringify(parameters),
  ]).catch((error: Error & { code?: string; hint?: string }) => {
    if (!/^PC4(00|04|22)$/.test(error.code ?? '')) throw error
    throw new Failure(error.message, {
      hint: error.hint ?? 'See: parcelle help scrape',
      exitCode: 2,
      cause: error,
    })
  })
  return (row as { id: string }).id
}

async function scrape(house: CliHouse, call: Call, sessionId: string): Promise<ScrapeReport> {
  const [session] = await call<{ code: string }>(
    `select o.code from app_public.scrape_sessions as s join app_public.sources as o on o.id = s.source_id
     where s.id = $1`,
    [sessionId],
  )
  const view = showScrape(house.out, session?.code ?? sessionId)
  try {
    const { scrapeSession } = await import('../../tasks/lib/scrape/session.ts')
    return await scrapeSession({
      ...{ call, sessionId, log: house.log, signal: house.signal },
      contact: house.config.contact ?? null,
      geoApiUrl: house.config.geoApiUrl,
      progress: view.update,
    })
  } catch (error) {
    view.stop()
    const [open] = await call<{ is_open: boolean }>(
      `select s.status = 'queued' and s.finished_at is null as is_open from app_public.scrape_sessions as s where s.id = $1`,
      [sessionId],
    ).catch(() => [])
    if (open?.is_open) house.out.note(`go on with: parcelle scrape --resume ${sessionId}`)
    throw error
  } finally {
    view.stop()
  }
}

async function follow(
  house: CliHouse,
  pool: pg.Pool,
  call: Call,
  report: ScrapeReport,
  how: { format: ExportFormat | null; path: string | undefined; isToSync: boolean },
): Promise<void> {
  const { sessionId } = report
  const isSyncable = report.outcome === 'complete' || report.outcome === 'partial'
  const isSynced = how.isToSync && report.isToSync && isSyncable
  let sync: Awaited<ReturnType<typeof syncSession>> | null = null
  if (isSynced) {
    house.out.note(describeScrape(report))
    const client = await pool.connect()
    try {
      sync = await syncSession(client, sessionId)
    } finally {
      client.release()
    }
  }
  let exported: number | null = null
  if (how.format !== null && how.path !== undefined) {
    const { format, path } = { format: how.format, path: how.path }
    exported = await exportSession({ call, sessionId, path, format, signal: house.signal })
  }
  house.out.result({ ...report, sync, exported }, () =>
    [
      sync === null ? describeScrape(report) : describeSync(sync),
      ...(exported === null ? [] : [`${exported} homes written to ${how.path}`]),
      ...(isSynced || !isSyncable ? [] : [`sync it with: parcelle sync --session-id ${sessionId}`]),
    ].join('\n'),
  )
  if (!isAsAsked(report)) process.exitCode = 1
}
