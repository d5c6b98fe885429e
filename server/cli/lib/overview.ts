import type pg from 'pg'
import { formatNumber } from './numbers.ts'
import { formatTable } from './output.ts'

/** What a release did to the ledger, as it records it itself. */
export type ReleaseRow = {
  code: string
  status: string
  lines: number
  rejected: number
  sales: number
  added: number
  corrected: number
  withdrawn: number
}

/** The releases in the ledger, oldest first; held ones too. */
export async function readReleases(client: pg.ClientBase): Promise<ReleaseRow[]> {
  const { rows } = await client.query<ReleaseRow>(
    `select r.code, r.status::text as status, coalesce(r.line_count, 0) as lines,
            coalesce(r.rejected_count, 0) as rejected, coalesce(r.transaction_count, 0) as sales,
            coalesce(r.added_count, 0) as added, coalesce(r.corrected_count, 0) as corrected,
            coalesce(r.withdrawn_count, 0) as withdrawn
     from app_public.dvf_releases as r
     where r.status in ('applied', 'held')
     order by r.applied_order nulls last, r.id`,
  )
  return rows
}

/** The releases as a table. */
export function describeReleases(releases: ReleaseRow[]): string {
  return formatTable(
    ['release', 'status', 'lines', 'rejected', 'sales', 'added', 'corrected', 'withdrawn'],
    releases.map((r) => [
      r.code,
      r.status,
      ...[r.lines, r.rejected, r.sales, r.added, r.corrected, r.withdrawn].map(formatNumber),
    ]),
  )
}

/** What a square metre of a flat went for in a commune in a year, in €. */
export type PriceRow = { insee_code: string; name: string; median: number; sales: number; year: number }

async function readEnd(client: pg.ClientBase, direction: 'desc' | 'asc'): Promise<PriceRow[]> {
  const { rows } = await client.query<PriceRow>(
    `select c.insee_code, c.name, r.price_per_m2_median::float8 as median, r.price_per_m2_count::integer as sales,
            r.sold_year as year
     from app_public.market_rankings as r
     join app_public.cities as c on c.insee_code = r.insee_code
     where r.property_type = 'flat' and r.nature = 'sale'
       and r.sold_year = (
         select max(l.sold_year) from app_public.market_rankings as l
         where l.property_type = 'flat' and l.nature = 'sale'
       )
     order by r.price_per_m2_median ${direction}, c.insee_code
     limit 5`,
  )
  return rows
}

/** The five priciest and the five cheapest communes for flats, in the newest year that has enough sales. */
export async function readPrices(
  client: pg.ClientBase,
): Promise<{ priciest: PriceRow[]; cheapest: PriceRow[] }> {
  return { priciest: await readEnd(client, 'desc'), cheapest: await readEnd(client, 'asc') }
}

/** Both ends as one table; undefined when no commune has five sales of flats. */
export function describePrices(prices: { priciest: PriceRow[]; cheapest: PriceRow[] }): string | undefined {
  const year = prices.priciest[0]?.year
  if (year === undefined) return undefined
  const cell = (row: PriceRow | undefined) =>
    row ? [`${row.name} (${row.insee_code})`, `${formatNumber(row.median)} €/m²`] : ['', '']
  const rows = prices.priciest.map((row, i) => [...cell(row), ...cell(prices.cheapest[i])])
  return formatTable([`priciest for flats in ${year}`, 'median', 'cheapest', 'median'], rows)
}
