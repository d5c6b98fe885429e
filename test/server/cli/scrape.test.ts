import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { startPortal } from '../../../seeds/world/sites/portal.ts'
import { portalSettings } from '../../../seeds/world/sites/settings.ts'
import { database } from '../../lib/database.ts'
import { temporaryFolder } from '../../tasks/import-lib.ts'
import { serve } from '../lib/serve.ts'

const main = resolve('server/cli/main.ts')

t.test('scraping by the command line, from adding a source to reading the export back', async (t) => {
  const db = await database(t)
  const folder = temporaryFolder(t)
  const site = await startPortal({ seed: 'cli', homes: 150 })
  t.teardown(() => site.close())
  const run = async (args: string[], interruptAt?: RegExp) => {
    const env = { ...process.env, DATABASE_URL: db.url, LOG_LEVEL: 'silent', NODE_ENV: 'test' }
    const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    const said = { out: '', err: '' }
    child.stdout.on('data', (chunk) => {
      said.out += chunk
    })
    child.stderr.on('data', (chunk) => {
      said.err += chunk
      if (!interruptAt?.test(said.err) || child.killed) return
      child.kill('SIGINT')
    })
    const [code] = await once(child, 'close')
    return { ...said, code: code as number }
  }
  const [city] = site.truth().cities
  const insee = city?.inseeCode ?? ''
  const homes = site.truth().homes.filter(({ inseeCode }) => inseeCode === insee).length
  const config = JSON.stringify(portalSettings({ requests_per_second: 20 }))
  const adding = ['sources', 'add', 'my-portal', '--name', 'My portal', '--kind', 'portal', '--url', site.url]
  t.match(await run([...adding, '--local', '--config', config]), { code: 0 })

  const place = ['--city', city?.name ?? '', '--postal-code', city?.postalCode ?? '']
  const broken = await run(['scrape', '--source', 'my-portal', ...place], /scraping my-portal/)
  t.match(broken, { code: 130, err: /go on with: parcelle scrape --resume [0-9a-f-]{36}/ })
  const file = join(folder, 'homes.csv')
  const whole = await run(['scrape', '--resume', 'last', '--export', file, '--json'])
  t.match(whole, { code: 0, err: /pages\/s|items/ })
  t.match(JSON.parse(whole.out), {
    outcome: 'complete',
    staged_count: homes,
    exported: homes,
    sync: { new_count: homes },
  })
  t.equal(readFileSync(file, 'utf8').split('\n').length, homes + 2)

  const copy = join(folder, 'copy.csv')
  const back = await run(['scrape', '--source', 'csv', '--file', file, '--no-sync', '--export', copy])
  t.match(back, { code: 0, out: /sync it with: parcelle sync/ })
  const sorted = (path: string) => readFileSync(path, 'utf8').split('\n').sort()
  t.strictSame(sorted(copy), sorted(file))

  for (const [args, code, said] of [
    [['scrape'], 2, /either --source or --resume/],
    [['scrape', '--source', 'nobody'], 2, /source 'nobody' does not exist/],
    [['scrape', '--source', 'my-portal', '--city', 'Nowhereville'], 2, /not understood as a city/],
    [['scrape', '--source', 'my-portal', '--insee', insee, '--export', 'x.xls'], 2, /says no format/],
    [['scrape', '--source', 'my-portal'], 1, /give a commune with --city/],
    [['scrape', '--resume', '999'], 1, /no session 999/],
  ] as const) {
    t.match(await run([...args]), { code, err: said }, args.join(' '))
  }
  site.setFaults([{ kind: 'challenge', share: 1 }])
  t.match(await run(['scrape', '--source', 'my-portal', ...place]), { code: 1, out: /blocked, and held/ })
})

t.test('scrapes, their items and figures are in GraphQL', async (t) => {
  const db = await database(t)
  const server = await serve(t, db)
  await db.query(`select app_public.add_source('my-portal', 'My portal', 'portal', 'https://portal.example')`)
  const started = await server.ask(
    `mutation { startScrape(input: { source: "my-portal", parameters: { insee_code: "44109" } }) {
       result { id status parameters } } }`,
  )
  t.match(started, {
    data: {
      startScrape: { result: { status: /queued/i, parameters: { insee_code: '44109', tier: 'full' } } },
    },
  })
  t.match(await server.ask('{ scrapingStats { jobsTotal jobsRunning successRate } }'), {
    data: { scrapingStats: { jobsTotal: '1', jobsRunning: '1', successRate: null } },
  })
  t.match(
    await server.ask(
      `{ all: scrapingJobs(source: "my-portal", status: "running") { totalCount nodes { source itemsScraped dagId } }
         none: scrapingJobs(status: "failed", filter: { source: { equalTo: "my-portal" } }) { totalCount } }`,
    ),
    {
      data: {
        all: { totalCount: 1, nodes: [{ source: 'my-portal', itemsScraped: 0, dagId: 'scrape' }] },
        none: { totalCount: 0 },
      },
    },
  )
  t.match(await server.ask('{ prospectQueue { totalCount } }'), {
    data: { prospectQueue: { totalCount: 0 } },
  })
  t.match(await server.ask('{ scrapingJobs(status: "done") { totalCount } }'), {
    errors: [{ extensions: { code: 'PC400' } }],
  })
  t.match(
    await server.ask(
      '{ scrapeItems(filter: { status: { equalTo: waiting } }) { totalCount nodes { itemKey session { status } } } }',
    ),
    {
      data: { scrapeItems: { totalCount: 0, nodes: [] } },
    },
  )
  const refused = await server.ask(
    `mutation { startScrape(input: { source: "my-portal", parameters: { file: "/etc/passwd" } }) { result { id } } }`,
  )
  t.match(refused, { errors: [{ extensions: { code: 'PC403' } }] })
})
