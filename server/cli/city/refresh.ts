import type { Command } from '@commander-js/extra-typings'
import pg from 'pg'
import type { RefreshReport } from '../../../tasks/lib/geo/refresh-cities.ts'
import type { Call } from '../../../tasks/lib/scrape/politeness.ts'
import { Failure } from '../../failure.ts'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatNumber } from '../lib/numbers.ts'
import { formatTable } from '../lib/output.ts'

interface Compared {
  insee_code: string
  city: string
  property_type: string
  source: string | null
  source_price_per_m2: number | null
  ledger_price_per_m2: number | null
  difference: number | null
}

const euros = (price: number | null) => (price === null ? '–' : `${formatNumber(Math.round(price))} €/m²`)
const percent = (share: number | null) =>
  share === null ? '' : `${share > 0 ? '+' : ''}${(100 * share).toFixed(1)} %`

function describe(report: RefreshReport, prices: readonly Compared[]): string {
  const parts = [`refreshed ${report.refreshed} of ${report.cities} cities`]
  if (prices.length > 0) {
    const rows = prices.map((row) => [
      ...[row.insee_code, row.city, row.property_type, row.source ?? ''],
      ...[euros(row.source_price_per_m2), euros(row.ledger_price_per_m2), percent(row.difference)],
    ])
    parts.push(formatTable(['INSEE', 'city', 'type', 'source', 'its page', 'our ledger', ''], rows))
  }
  if (report.failures.length > 0) {
    const rows = report.failures.map(({ inseeCode, name, from, error }) => [inseeCode, name, from, error])
    parts.push(`not learnt:\n${formatTable(['INSEE', 'city', 'from', 'why'], rows)}`)
  }
  return parts.join('\n\n')
}

async function withCall<T>(house: CliHouse, run: (call: Call) => Promise<T>): Promise<T> {
  return house.database(async (db) => {
    const pool = new pg.Pool({ connectionString: db.ownerUrl, application_name: 'parcelle city', max: 3 })
    // What a lost connection means is told by the statement that needs it.
    pool.on('error', (error) => house.log.debug({ err: error }, 'a connection was lost'))
    try {
      return await run(async (text, values) => (await pool.query(text, [...values])).rows)
    } finally {
      await pool.end()
    }
  })
}

async function refreshHere(house: CliHouse, codes: readonly string[]): Promise<void> {
  const { config, log, out, signal } = house
  await withCall(house, async (call) => {
    const known = await call<{ code: string; present: string | null }>(
      'select c.code, app_public.present_insee_code(c.code) as present from unnest($1::text[]) as c (code)',
      [codes],
    )
    const unknown = known.filter(({ present }) => present === null).map(({ code }) => code)
    if (unknown.length > 0) {
      throw new Failure(`commune ${unknown.join(', ')} does not exist`, {
        hint: 'Give INSEE codes, or look one up: parcelle city resolve NAME [POSTCODE]',
      })
    }
    const inseeCodes = [...new Set(known.map(({ present }) => String(present)))]
    const { geoApiUrl, contact = null } = config
    const progress = out.progress('refreshing', inseeCodes.length, 'cities')
    // What reads pages of cities takes longer to load than most commands take.
    const { refreshCities } = await import('../../../tasks/lib/geo/refresh-cities.ts')
    let report: RefreshReport
    try {
      report = await refreshCities({
        ...{ inseeCodes, call, geoApiUrl, contact, log, signal },
        progress: (done) => progress.update(done),
      })
    } finally {
      progress.stop()
    }
    const prices = await call<Compared>(
      `select p.insee_code, p.city, p.property_type, p.source, p.source_price_per_m2::float8 as source_price_per_m2,
         p.ledger_price_per_m2::float8 as ledger_price_per_m2, p.difference::float8 as difference
       from app_public.city_price_comparisons as p
       where p.insee_code = any ($1) order by p.insee_code, p.property_type, p.source`,
      [inseeCodes],
    )
    out.result({ ...report, prices }, () => describe(report, prices))
    if (report.refreshed === 0) {
      throw new Failure('nothing was learnt of any city', {
        hint: 'Look at the reasons above; GEO_API_URL says who is asked where cities lie.',
      })
    }
  })
}

async function refreshByWorker(house: CliHouse, params: Record<string, unknown>): Promise<void> {
  await withCall(house, async (call) => {
    const [run] = await call<{ id: number }>(
      `select r.id from app_public.trigger_pipeline('city_refresh', $1) as r`,
      [JSON.stringify(params)],
    )
    house.out.result(
      { run: run?.id },
      () => `run ${run?.id} waits for a worker; see how far it is: parcelle pipeline status ${run?.id}`,
    )
  })
}

/** Adds `parcelle city refresh`: where cities lie, and what a square metre costs there by an explorer and by the ledger. */
export function addRefresh(city: Command, house: CliHouse): void {
  const refresh = city
    .command('refresh')
    .description('ask where cities lie and what a square metre costs there, by explorer and by ledger')
    .argument('[insee...]', 'their INSEE codes, present or former')
    .option('--department <code>', 'all cities of a department, by the workers')
    .option('--all', 'all cities of France, by the workers')
    .action(async (codes, { department, all }) => {
      const ways = [codes.length > 0, department !== undefined, all === true].filter(Boolean).length
      if (ways !== 1) {
        throw new Failure('give INSEE codes, --department or --all', {
          hint: 'For one city: parcelle city refresh 35238',
          exitCode: 2,
        })
      }
      if (codes.length > 0) await refreshHere(house, codes)
      else await refreshByWorker(house, department === undefined ? {} : { department })
    })
  addExamples(refresh, [
    ['parcelle city refresh 35238 44109', 'two cities, here and now'],
    ['parcelle city refresh --department 35', 'all of a department, by the workers'],
    ['parcelle city refresh --all --json', 'all of France; the number of the run as JSON'],
  ])
}
