import type { Command } from '@commander-js/extra-typings'
import pg from 'pg'
import { withoutPasswords } from '../log.ts'
import { checkServer } from '../postgres/check.ts'
import { inspectEmbedded } from '../postgres/inspect.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatBytes, formatNumber } from './lib/numbers.ts'
import { formatTable } from './lib/output.ts'

type Contents = {
  version: string
  bytes: number
  isDeployed: boolean
  releases: number | null
  transactions: number | null
  /** What sources report; null before that part of the schema is deployed. */
  listings: Listings | null
}

type Listings = {
  homes: number
  sources: number
  paused: string[]
  sessions: Record<string, number>
  quarantined: number
}

async function countListings(client: pg.ClientBase): Promise<Listings> {
  const { rows } = await client.query<Listings>(
    `select
       (select case when c.reltuples > 100000 then c.reltuples::bigint
          else (select count(*) from app_public.properties_live) end
        from pg_catalog.pg_class as c where c.oid = 'app_public.properties_live'::regclass)::float8 as homes,
       (select count(*) from app_public.sources as s where s.is_enabled)::float8 as sources,
       (select coalesce(array_agg(s.code order by s.code), '{}') from app_public.sources as s
        where s.paused_at is not null) as paused,
       (select coalesce(jsonb_object_agg(n.status, n.count), '{}')
        from (select s.status, count(*) from app_public.scrape_sessions as s group by s.status) as n) as sessions,
       (select count(*) from app_public.quarantined_rows as q where q.released_at is null)::float8 as quarantined`,
  )
  return rows[0] as Listings
}

async function lookInside(url: string): Promise<Contents> {
  const client = new pg.Client({ connectionString: url, application_name: 'parcelle status' })
  await client.connect()
  try {
    const { rows } = await client.query<{
      version: string
      bytes: string
      deployed: boolean
      has_releases: boolean
      has_listings: boolean
    }>(
      `select pg_catalog.current_setting('server_version') as version,
              pg_catalog.pg_database_size(pg_catalog.current_database()) as bytes,
              pg_catalog.to_regclass('app_deploy.definitions') is not null as deployed,
              pg_catalog.to_regclass('app_public.dvf_releases') is not null
                and pg_catalog.to_regclass('app_public.transactions') is not null as has_releases,
              pg_catalog.to_regclass('app_public.quarantined_rows') is not null as has_listings`,
    )
    const found = rows[0]
    if (!found) throw new Error('the server did not answer')
    const contents: Contents = {
      version: found.version,
      bytes: Number(found.bytes),
      isDeployed: found.deployed,
      releases: null,
      transactions: null,
      listings: found.has_listings ? await countListings(client) : null,
    }
    if (found.has_releases) {
      // The planner's count where there are many: an exact count of millions of sales would make status slow.
      const counted = await client.query<{ releases: string; transactions: string }>(
        `select (select count(*) from app_public.dvf_releases as r where r.status = 'applied') as releases,
                case when c.reltuples > 100000 then c.reltuples::bigint
                  else (select count(*) from app_public.transactions)
                end as transactions
         from pg_catalog.pg_class as c
         where c.oid = 'app_public.transactions'::regclass`,
      )
      contents.releases = Number(counted.rows[0]?.releases ?? 0)
      contents.transactions = Number(counted.rows[0]?.transactions ?? 0)
    }
    return contents
  } finally {
    await client.end()
  }
}

function describeContents(contents: Contents | undefined): [string, string][] {
  if (!contents) return []
  const rows: [string, string][] = [
    ['postgresql', contents.version],
    ['size', formatBytes(contents.bytes)],
    ['deployed', contents.isDeployed ? 'yes' : 'no: run npm run deploy'],
  ]
  if (contents.releases !== null) rows.push(['releases', formatNumber(contents.releases)])
  if (contents.transactions !== null) rows.push(['sales', formatNumber(contents.transactions)])
  if (contents.listings !== null) rows.push(...describeListings(contents.listings))
  return rows
}

function describeListings(listings: Listings): [string, string][] {
  const sessions = Object.entries(listings.sessions).sort(([a], [b]) => a.localeCompare(b))
  const paused = listings.paused.length > 0 ? `, paused: ${listings.paused.join(', ')}` : ''
  const rows: [string, string][] = [
    ['sources', `${formatNumber(listings.sources)} enabled${paused}`],
    ['live homes', formatNumber(listings.homes)],
    [
      'sessions',
      sessions.map(([status, count]) => `${formatNumber(count)} ${status}`).join(', ') || 'none yet',
    ],
  ]
  if (listings.quarantined > 0) rows.push(['in quarantine', `${formatNumber(listings.quarantined)} rows`])
  return rows
}

async function showGiven(house: CliHouse, url: string): Promise<void> {
  await checkServer(url)
  const contents = await lookInside(url)
  const value = { embedded: false, url: withoutPasswords(url), database: contents }
  house.out.result(value, () => formatTable(['', ''], [['server', value.url], ...describeContents(contents)]))
}

async function showEmbedded(house: CliHouse): Promise<void> {
  const state = await inspectEmbedded(house.config.dataDir)
  const contents = state.running && (await lookInside(state.running.ownerUrl))
  const value = {
    embedded: true,
    dataDir: house.config.dataDir,
    folder: state.folder ?? null,
    isElsewhere: state.isElsewhere,
    running: state.running ? { pid: state.running.pid, port: state.running.port } : null,
    commands: state.leases,
    database: contents ?? null,
  }
  house.out.result(value, () =>
    formatTable(
      ['', ''],
      [
        ['data folder', house.config.dataDir],
        ['database in', state.folder ?? 'not made yet: any command makes it'],
        [
          'server',
          state.running ? `runs, pid ${state.running.pid}, port ${state.running.port}` : 'is stopped',
        ],
        ...state.leases.map((lease) => ['used by', `${lease.command || 'a command'} (pid ${lease.pid})`]),
        ...describeContents(contents),
      ],
    ),
  )
}

/** Adds `parcelle status`: what runs where, without starting anything. */
export function register(program: Command, house: CliHouse): void {
  const status = program
    .command('status')
    .description('say which database is used, whether it runs, for whom, and what is in it')
    .action(async () => {
      const { databaseUrl } = house.config
      if (databaseUrl !== undefined) await showGiven(house, databaseUrl)
      else await showEmbedded(house)
    })
  addExamples(status, [
    ['parcelle status', 'a short table'],
    ['parcelle status --json', 'the same for a program'],
  ])
}
