import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { z } from 'zod'
import { type BenchContext, withFreshDatabase } from './imports.ts'
import { type Finding, findingOf, rounded } from './measure.ts'

/** What is measured here. */
export const portalBenches = ['portal', 'portal-memory'] as const

const connections = 16
const rounds = 3
const homes = 10_000
const memoryBar = 300
const here = (name: string) => new URL(name, import.meta.url).pathname

const siteSchema = z.object({ url: z.string(), paths: z.array(z.string()) })
const childSchema = z.object({ seconds: z.number(), done: z.int() })

async function withSite<T>(run: (site: z.infer<typeof siteSchema>) => Promise<T>): Promise<T> {
  const child = spawn(process.execPath, [here('portal-site.ts'), String(homes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let said = ''
    for await (const chunk of child.stdout) {
      said += chunk
      if (said.includes('\n')) break
    }
    return await run(siteSchema.parse(JSON.parse(said)))
  } finally {
    child.kill('SIGKILL')
  }
}

async function runChild(args: readonly string[], signal: AbortSignal) {
  const folder = await mkdtemp(join(tmpdir(), 'parcelle-bench-peak-'))
  const peakFile = join(folder, 'peak')
  try {
    const child = spawn(
      process.execPath,
      ['--import', new URL('peak-memory.ts', import.meta.url).href, here('portal-child.ts'), ...args],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, PARCELLE_BENCH_PEAK: peakFile },
        signal,
      },
    )
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
    })
    const [code] = await once(child, 'close')
    if (code !== 0) throw new Error(`${args[0]} ended with ${code}`)
    return { ...childSchema.parse(JSON.parse(said)), peak: Number(await readFile(peakFile, 'utf8')) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const config = {
  requests_per_second: null,
  concurrency: connections,
  cache_seconds: null,
  search: { url: '/recherche?page={page}', count: '/class="compte">([^<]+)/', empty: '/class="aucune"/' },
  detail: { url: '/annonces/[^/]+/[^/]+/(\\d+)$' },
}

/**
 * Scrapes ten thousand homes of a portal into staging, against undici fetching the same pages over as many connections.
 * Both meet the same server, which runs in a process of its own with its pages made; the sides take turns.
 */
export async function benchPortal(wanted: ReadonlySet<string>, context: BenchContext): Promise<Finding[]> {
  const { say, signal } = context
  const folder = await mkdtemp(join(tmpdir(), 'parcelle-bench-portal-'))
  try {
    return await withSite(async ({ url: site, paths }) => {
      const list = join(folder, 'paths.json')
      await writeFile(list, JSON.stringify(paths))
      return withFreshDatabase(context, 'bench_portal', async (url) => {
        const client = new pg.Client({ connectionString: url })
        await client.connect()
        try {
          await client.query("select app_public.add_source('portal', 'portal', 'portal', $1, $2)", [
            site,
            JSON.stringify(config),
          ])
          await client.query("select app_private.set_source_local('portal', true)")
          const times = { ours: [] as number[], floor: [] as number[] }
          let peak = 0
          for (let round = 0; round <= rounds; round++) {
            const bare = await runChild(['bare', site, list, String(connections)], signal)
            const { rows } = await client.query<{ id: string }>(
              "select id from app_private.begin_scrape('portal', '{}')",
            )
            const ours = await runChild(['scrape', url, (rows[0] as { id: string }).id], signal)
            if (ours.done !== homes) throw new Error(`${ours.done} of ${homes} homes were staged`)
            say(
              `portal: scraped in ${ours.seconds.toFixed(2)} s, fetched bare in ${bare.seconds.toFixed(2)} s`,
            )
            // The first round warms the server.
            if (round === 0) continue
            times.ours.push(ours.seconds)
            times.floor.push(bare.seconds)
            peak = Math.max(peak, ours.peak)
          }
          const megabytes = rounded(peak / 1_000_000)
          const memory: Finding = {
            ...{ bench: 'portal-memory', ours_s: megabytes, floor_s: memoryBar },
            ...{ ratio: rounded(megabytes / memoryBar), bar: 1, rows: homes },
          }
          return [findingOf('portal', 1.5, homes, times), memory].filter(({ bench }) => wanted.has(bench))
        } finally {
          await client.end()
        }
      })
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
