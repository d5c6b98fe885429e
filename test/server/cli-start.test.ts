import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { z } from 'zod'
import { seededPipelines } from '../../seeds/reference/pipelines.ts'
import { freshConfig, postmaster } from './postgres/lib.ts'

t.setTimeout(300_000)

const bin = fileURLToPath(new URL('../../bin/parcelle.js', import.meta.url))
const overview = z.object({
  releases: z.array(z.object({ code: z.string(), status: z.string(), added: z.number(), sales: z.number() })),
  prices: z.object({ priciest: z.array(z.unknown()), cheapest: z.array(z.unknown()) }),
  listings: z.object({
    sessions: z.array(z.object({ name: z.string(), status: z.string(), new: z.number() })),
    quality: z.object({ verdict: z.string(), session: z.object({ name: z.string() }) }),
  }),
  work: z.object({
    scrapes: z.array(
      z.object({
        source: z.string(),
        jobs: z.number(),
        success: z.number(),
        held: z.number(),
        failed: z.number(),
      }),
    ),
    pipelines: z.array(
      z.object({
        pipeline: z.string(),
        runs: z.number(),
        succeeded: z.number(),
        failed: z.number(),
        open: z.number(),
      }),
    ),
    queue: z.record(z.string(), z.number()),
    qualityMetrics: z.number(),
  }),
})
const served = overview.extend({
  url: z.string(),
  queries: z.array(z.object({ title: z.string(), query: z.string() })),
})

t.test('one command fills the ledger, a second one serves it at once', async (t) => {
  const { dataDir } = freshConfig(t)
  const env = { ...process.env, PARCELLE_DATA_DIR: dataDir, DATABASE_URL: '', LOG_LEVEL: 'warn', PORT: '0' }
  const start = ['start', '--lines', '4000', '--json']
  const run = (...args: string[]) => spawnSync(process.execPath, [bin, ...args], { encoding: 'utf8', env })

  const first = run(...start, '--once')
  t.equal(first.status, 0, first.stderr)
  const filled = overview.parse(JSON.parse(first.stdout))
  t.same(
    filled.releases.map(({ code, status }) => [code, status]),
    [
      ['world-A', 'applied'],
      ['world-B', 'applied'],
    ],
  )
  t.match(first.stderr, /release world-A: [\d,]+ sales added/)
  t.same(
    filled.listings.sessions.map(({ name, status }) => [name, status]),
    [
      ['night-1', 'completed'],
      ['night-2', 'completed'],
      ['night-3', 'held'],
    ],
  )
  t.equal(filled.listings.quality.session.name, 'night-2')
  t.match(first.stderr, /night-3: held, nothing applied;.*\n {2}\d+ of \d+ homes are missing/)

  const { scrapes, pipelines, queue, qualityMetrics } = filled.work
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0)
  t.ok(sum(scrapes.map(({ jobs }) => jobs)) >= 20, 'twenty scraping jobs and more')
  t.ok(sum(scrapes.map(({ failed }) => failed)) >= 1, 'some of them failed')
  t.equal(scrapes.find(({ source }) => source === 'sim-guarded')?.held, 1, 'a challenge page is no way in')
  t.same(
    pipelines.map(({ pipeline }) => pipeline),
    seededPipelines.map(({ name }) => name).sort(),
    'runs of every pipeline',
  )
  t.ok(sum(pipelines.map(({ runs }) => runs)) >= 40, 'forty of them and more')
  t.equal(sum(pipelines.map(({ open }) => open)), 0, 'all at their end')
  t.match(Object.keys(queue), ['new', 'processing', 'enriched', 'scored', 'failed'], 'items in every status')
  t.ok(sum(Object.values(queue)) >= 50)
  t.ok(qualityMetrics >= 50)

  const second = spawn(process.execPath, [bin, ...start], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(second, 'exit')
  let said = ''
  for await (const chunk of second.stdout) {
    said += chunk
    if (said.endsWith('}\n')) break
  }
  const now = served.parse(JSON.parse(said))
  t.same(overview.parse(now), filled, 'nothing was imported again')
  t.equal(now.queries.length, 3)
  for (const { title, query } of now.queries) {
    const answer = await fetch(`${now.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const body = (await answer.json()) as { errors?: unknown; data?: unknown }
    t.equal(body.errors, undefined, title)
    t.ok(body.data, title)
  }
  t.equal((await fetch(`${now.url}/readyz`)).status, 200)
  const status = JSON.parse(run('status', '--json').stdout)
  t.match(status, {
    database: { releases: 2, listings: { sessions: { held: 2 }, paused: [] } },
  })
  t.ok(status.database.listings.homes > 500)

  const mixed = run('start', '--once', '--dvf', bin)
  t.equal(mixed.status, 2)
  t.match(mixed.stderr, /simulated France, which real files must not be mixed with/)

  second.kill('SIGINT')
  t.same(await ended, [0, null], 'ctrl-C is how a server ends')
  t.equal(postmaster(dataDir), undefined)
})
