import { parseArgs } from 'node:util'
import { createLog } from '../../server/log.ts'
import { describeError } from '../../sql/deploy/error.ts'
import { withDatabaseName, withScratchDatabase } from '../../sql/deploy/scratch.ts'
import { auditBenches, benchAudit } from './audit.ts'
import { benchExplorer, type ExplorerFinding, explorerBenches } from './explorer.ts'
import {
  type BenchContext,
  benchImports,
  importBenches,
  importExpecting,
  withFreshDatabase,
} from './imports.ts'
import { benchJobs, type FanoutFinding, jobBenches } from './jobs.ts'
import { type Finding, rounded } from './measure.ts'
import { benchPortal, portalBenches } from './portal.ts'
import { benchRules } from './rules.ts'
import { searchBench } from './search.ts'
import { benchSync, syncBenches } from './sync.ts'
import { benchSyncTruth, missesBar, type SyncTruthFinding } from './sync-truth.ts'
import { benchTruth, type TruthFinding } from './truth.ts'
import { cachedWorld, releaseFile } from './world.ts'

// The runner behind `npm run bench [-- NAME…]`: one embedded server of its own with the shipped settings, JSON lines on
// stdout, everything else on stderr. Ends with 1 when a bar is missed.

/** Benches that are measured together, because they share what they are made on. */
interface BenchGroup {
  names: readonly string[]
  run(wanted: ReadonlySet<string>, context: BenchRun): Promise<void>
}

/** What a group of benches has at hand: a server of the bench's own, and sizes from the command line. */
interface BenchRun extends BenchContext {
  serverUrl: string
  lines: number
  truthLines: number
  tell(
    finding: Finding | SearchFinding | TruthFinding | SyncTruthFinding | ExplorerFinding | FanoutFinding,
  ): void
}

const groups: readonly BenchGroup[] = [
  {
    names: importBenches,
    async run(wanted, context) {
      const world = await cachedWorld(context.lines, 'bench', context.say)
      for (const finding of await benchImports(wanted, world, context)) context.tell(finding)
    },
  },
  {
    names: ['search'],
    async run(_, context) {
      const world = await cachedWorld(context.lines, 'bench', context.say)
      context.tell(await benchSearch(world, context.serverUrl, context))
    },
  },
  { names: ['dvf-truth'], run: (_, context) => benchTruth(context.truthLines, context, context.tell) },
  { names: syncBenches, run: benchSync },
  { names: ['rules-100k-40'], run: (_, context) => benchRules(context) },
  {
    names: auditBenches,
    async run(wanted, context) {
      for (const finding of await benchAudit(wanted, context)) context.tell(finding)
    },
  },
  {
    names: jobBenches,
    async run(wanted, context) {
      for (const finding of await benchJobs(wanted, context)) context.tell(finding)
    },
  },
  {
    names: portalBenches,
    async run(wanted, context) {
      for (const finding of await benchPortal(wanted, context)) context.tell(finding)
    },
  },
  {
    names: explorerBenches,
    run: (wanted, context) => benchExplorer(wanted, context, context.tell),
  },
  { names: ['sync-truth'], run: (_, context) => benchSyncTruth(context) },
]

const names = groups.flatMap((group) => group.names)

const usage = `npm run bench [-- NAME… --lines N --truth-lines N]

names: ${names.join(', ')}; all of them when none is given
--lines N        lines of the world that is imported and searched (1000000)
--truth-lines N  lines of each of the three worlds that are compared with their truth (100000)`

function whole(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 500) throw new Error(`${text} is no number of lines from 500 on`)
  return value
}

type SearchFinding = Finding & {
  /** The search that decides. */
  worst: string
  /** Searches whose plan scans a ledger table or touches more than 10 buffers a row and 100. */
  bad_plans: string[]
}

async function benchSearch(world: string, serverUrl: string, context: BenchContext): Promise<SearchFinding> {
  const { say } = context
  const a = await releaseFile(world, 'A')
  const b = await releaseFile(world, 'B')
  return withFreshDatabase(context, 'bench_search', async (url) => {
    say('search: importing both releases')
    await importExpecting(url, a.path, 'A', 'applied', context)
    await importExpecting(url, b.path, 'B', 'applied', context)
    const log = { info: (details: object, message: string) => say(`${message}: ${JSON.stringify(details)}`) }
    const found = await searchBench({
      ownerUrl: url,
      serverUrl: withDatabaseName(serverUrl, new URL(url).pathname.slice(1)),
      log,
    })
    return {
      bench: 'search',
      ours_s: Number(found.ours_s.toFixed(6)),
      floor_s: Number(found.floor_s.toFixed(6)),
      ratio: rounded(found.ours_s / found.floor_s),
      bar: 3,
      rows: found.rows,
      worst: found.worst,
      bad_plans: found.searches
        .filter(
          ({ buffers, buffersAllowed, sequentialScans }) =>
            buffers > buffersAllowed || sequentialScans.length > 0,
        )
        .map(({ name }) => name),
    }
  })
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      lines: { type: 'string', default: '1000000' },
      'truth-lines': { type: 'string', default: '100000' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  const unknown = positionals.filter((name) => !names.includes(name))
  if (values.help === true || unknown.length > 0) {
    console.error(unknown.length > 0 ? `there is no bench ${unknown.join(', ')}\n\n${usage}` : usage)
    return unknown.length > 0 ? 2 : 0
  }
  const wanted = new Set(positionals.length === 0 ? names : positionals)
  const [lines, truthLines] = [whole(values.lines), whole(values['truth-lines'])]

  const abort = new AbortController()
  // The first ctrl-C lets the server be stopped and the folders be removed.
  process.once('SIGINT', () => abort.abort(new Error('stopped')))
  process.once('SIGTERM', () => abort.abort(new Error('stopped')))
  const say = (text: string): void => console.error(text)
  const missed: string[] = []
  const tell: BenchRun['tell'] = (finding) => {
    console.log(JSON.stringify(finding))
    const isMissed =
      'must_be' in finding
        ? missesBar(finding)
        : 'ratio' in finding
          ? finding.ratio > finding.bar || ('bad_plans' in finding && finding.bad_plans.length > 0)
          : finding.recall < finding.bar || finding.precision < (finding.precision_bar ?? finding.bar)
    if (isMissed) missed.push('case' in finding ? `${finding.bench}, ${finding.case}` : finding.bench)
  }

  const log = createLog({ logLevel: 'warn', serverPassword: undefined })
  await withScratchDatabase({ log, name: 'bench' }, async ({ url, serverUrl }) => {
    const context = { templateUrl: url, serverUrl, say, signal: abort.signal, lines, truthLines, tell }
    for (const group of groups) {
      abort.signal.throwIfAborted()
      if (group.names.some((name) => wanted.has(name))) await group.run(wanted, context)
    }
  })
  if (missed.length > 0) say(`bars missed: ${missed.join('; ')}`)
  return missed.length > 0 ? 1 : 0
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(describeError(error))
  return 1
})
