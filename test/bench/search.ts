import { setTimeout as sleep } from 'node:timers/promises'
import Fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import pino from 'pino'
import { Agent } from 'undici'
import { z } from 'zod'
import { startServer } from '../../server/main.ts'
import { createPool } from '../../server/session.ts'
import { type Search, searches } from './searches.ts'

/** What the search bench found; times are medians of one request, seconds. */
export type SearchFinding = {
  name: string
  ours_s: number
  floor_s: number
  ratio: number
  rows: number
  buffers: number
  buffersAllowed: number
  sequentialScans: string[]
}

/** The worst search decides; `searches` has every one. */
export type SearchResult = {
  ours_s: number
  floor_s: number
  rows: number
  worst: string
  searches: SearchFinding[]
}

type Context = {
  serverUrl: string
  ownerUrl: string
  log: { info(details: object, message: string): void }
}

const rounds = 60

/**
 * Six searches over the full ledger through GraphQL, each against a bare Fastify and pg handler that takes the same
 * role and returns the same rows as JSON. Both run in this process, one request at a time, in turns.
 *
 * Throws when the two answers differ, when a search reads a table of the ledger whole, or more than ten buffers a row
 * and a hundred.
 */
export async function searchBench(context: Context): Promise<SearchResult> {
  const { serverUrl, ownerUrl } = context
  const log = pino({ level: 'silent' })
  const config = { host: '127.0.0.1', port: 0, nodeEnv: 'production' as const }
  const server = await startServer({ config, log, db: { serverUrl } })
  const floor = await startFloor(serverUrl)
  const agent = new Agent({ connections: 1, pipelining: 1 })
  const owner = new pg.Client({ connectionString: ownerUrl })
  await owner.connect()
  try {
    const found: SearchFinding[] = []
    for (const search of await searches(owner)) {
      const finding = await compare(search, { ours: server.url, floor: floor.url, agent, serverUrl })
      context.log.info(finding, `search ${search.name}`)
      const { buffers, buffersAllowed, sequentialScans } = finding
      if (buffers > buffersAllowed || sequentialScans.length > 0) {
        throw new Error(
          `search ${search.name} reads ${buffers} buffers, ${sequentialScans.length} tables whole`,
        )
      }
      found.push(finding)
    }
    const worst = found.reduce((a, b) => (b.ratio > a.ratio ? b : a))
    return {
      ours_s: worst.ours_s,
      floor_s: worst.floor_s,
      rows: worst.rows,
      worst: worst.name,
      searches: found,
    }
  } finally {
    await owner.end()
    await agent.close()
    await floor.close()
    await server.close()
  }
}

/** The bare handler: a pool, the role for one transaction, the rows of one prepared statement as JSON. */
async function startFloor(serverUrl: string): Promise<{ url: string; close(): Promise<void> }> {
  const pool = new pg.Pool({ connectionString: serverUrl, max: 10 })
  const app: FastifyInstance = Fastify({ logger: false })
  app.post<{ Body: { name: string; text: string; values: unknown[] } }>('/', async (request) => {
    const { name, text, values } = request.body
    const client = await pool.connect()
    try {
      await client.query('begin')
      await client.query('set local role app_analyst')
      const { rows } = await client.query({ name, text, values })
      await client.query('commit')
      return rows
    } finally {
      client.release()
    }
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url,
    close: async () => {
      await app.close()
      await pool.end()
    },
  }
}

type Addresses = { ours: string; floor: string; agent: Agent; serverUrl: string }

async function compare(search: Search, { ours, floor, agent, serverUrl }: Addresses): Promise<SearchFinding> {
  const { name, text, values, query, variables } = search
  const askOurs = () => post(agent, `${ours}/graphql`, { query, variables })
  const askFloor = () => post(agent, `${floor}/`, { name, text, values })
  const { answer, statement } = await watch(askOurs)
  const rows = rowsOf.parse(JSON.parse(answer))
  const bare = z.array(row).parse(JSON.parse(await askFloor()))
  if (JSON.stringify(rows) !== JSON.stringify(bare)) throw new Error(`search ${name}: the two answers differ`)
  for (let round = 0; round < 10; round++) {
    await askOurs()
    await askFloor()
  }
  const times: { ours: number[]; floor: number[] } = { ours: [], floor: [] }
  for (let round = 0; round < rounds; round++) {
    times.ours.push(await timed(askOurs))
    times.floor.push(await timed(askFloor))
    if (round % 20 === 19) await sleep(5)
  }
  const [ours_s, floor_s] = [median(times.ours), median(times.floor)]
  const plan = await explain(serverUrl, statement)
  return {
    name,
    ours_s,
    floor_s,
    ratio: Number((ours_s / floor_s).toFixed(2)),
    rows: rows.length,
    buffers: plan.buffers,
    buffersAllowed: 10 * rows.length + 100,
    sequentialScans: plan.sequentialScans,
  }
}

type Statement = { text: string; values: unknown[] }

/** Runs one request and tells which statement with parameters it sent to PostgreSQL. */
async function watch(run: () => Promise<string>): Promise<{ answer: string; statement: Statement }> {
  const prototype: { query: (...given: unknown[]) => unknown } = pg.Client.prototype as never
  const { query } = prototype
  const sent: Statement[] = []
  prototype.query = function (this: unknown, ...given: unknown[]) {
    const parsed = statementShape.safeParse(given[0])
    if (parsed.success) sent.push(parsed.data)
    return query.apply(this, given)
  }
  try {
    const answer = await run()
    const statement = sent.find(({ text }) => text.includes('_transactions'))
    if (statement === undefined) throw new Error(`no search was sent to PostgreSQL: ${answer}`)
    return { answer, statement }
  } finally {
    prototype.query = query
  }
}

const statementShape = z.object({ text: z.string(), values: z.array(z.unknown()) })

async function post(agent: Agent, url: string, body: unknown): Promise<string> {
  const { origin, pathname } = new URL(url)
  const answer = await agent.request({
    origin,
    path: pathname,
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
  })
  return answer.body.text()
}

const row = z.record(z.string(), z.unknown())
/** A connection at the top of the data: its rows, whatever it is called. */
const rowsOf = z
  .object({ errors: z.undefined().optional(), data: z.record(z.string(), z.object({ nodes: z.array(row) })) })
  .transform(({ data }) => Object.values(data)[0]?.nodes ?? [])

async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await run()
  return (performance.now() - started) / 1000
}

const median = (times: number[]): number =>
  times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN

type PlanNode = {
  'Node Type': string
  'Relation Name'?: string | undefined
  'Shared Hit Blocks'?: number | undefined
  'Shared Read Blocks'?: number | undefined
  Plans?: PlanNode[] | undefined
}
const planNode: z.ZodType<PlanNode> = z.object({
  'Node Type': z.string(),
  'Relation Name': z.string().optional(),
  'Shared Hit Blocks': z.number().optional(),
  'Shared Read Blocks': z.number().optional(),
  Plans: z.array(z.lazy(() => planNode)).optional(),
})

/** Buffers and sequential scans of the statement that GraphQL sends for a search, under the role it is sent as. */
async function explain(
  serverUrl: string,
  { text, values }: Statement,
): Promise<{ buffers: number; sequentialScans: string[] }> {
  const pool = createPool(serverUrl, 'app_analyst', () => {})
  const client = await pool.connect()
  try {
    const { rows } = await client.query(`explain (analyze, buffers, format json) ${text}`, values)
    const plan = z.array(z.object({ Plan: planNode })).parse(rows[0]?.['QUERY PLAN'])[0]?.Plan
    if (plan === undefined) throw new Error('PostgreSQL gave no plan')
    return {
      buffers: (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0),
      sequentialScans: scans(plan),
    }
  } finally {
    client.release()
    await pool.end()
  }
}

const scans = (node: PlanNode): string[] => [
  ...(node['Node Type'] === 'Seq Scan' && node['Relation Name'] ? [node['Relation Name']] : []),
  ...(node.Plans ?? []).flatMap(scans),
]
