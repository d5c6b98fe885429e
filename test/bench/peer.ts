import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { z } from 'zod'
import { seconds } from './measure.ts'

const departments = z
  .array(z.object({ code: z.string(), region: z.string() }))
  .parse(createRequire(import.meta.url)('@etalab/decoupage-administratif/data/departements.json'))

const types: Record<string, string> = {
  date_mutation: 'DATE',
  numero_disposition: 'INTEGER',
  valeur_fonciere: 'DOUBLE',
  adresse_numero: 'INTEGER',
  nombre_lots: 'INTEGER',
  code_type_local: 'INTEGER',
  surface_reelle_bati: 'INTEGER',
  nombre_pieces_principales: 'INTEGER',
  surface_terrain: 'INTEGER',
  longitude: 'DOUBLE',
  latitude: 'DOUBLE',
}

const salesQuery = `
  create table sales as
  with premises as (
    select date_mutation, nature_mutation, numero_disposition, valeur_fonciere, id_parcelle, code_type_local,
      surface_reelle_bati, nombre_pieces_principales, lot1_numero, any_value(code_commune) as code_commune,
      any_value(code_departement) as code_departement, count(*) as line_count
    from lines
    group by all
  ), sale as (
    select date_mutation as sold_on, nature_mutation as nature, valeur_fonciere as price,
      any_value(code_commune) as commune, any_value(code_departement) as department,
      sum(line_count) as line_count,
      count(*) filter (where code_type_local = 1) as houses,
      count(*) filter (where code_type_local = 2) as flats,
      count(*) filter (where code_type_local = 4) as commercial,
      sum(surface_reelle_bati) filter (where code_type_local <= 2) as surface
    from premises
    group by date_mutation, nature_mutation, numero_disposition, valeur_fonciere, left(id_parcelle, 10)
  )
  select *,
    case when commercial > 0 or houses > 0 and flats > 0 then 'other' when houses > 0 then 'house'
      when flats > 0 then 'flat' else 'land' end as kind,
    case when houses + flats = 1 and commercial = 0 and surface > 0 then price / surface end as price_per_m2,
    date_trunc('month', sold_on) as sold_month,
    date_trunc('quarter', sold_on) as sold_quarter,
    date_trunc('year', sold_on) as sold_year
  from sale`

const places = ['commune', 'department', 'region', '']
const periods = ['sold_month', 'sold_quarter', 'sold_year']
const groups = places.flatMap((place) =>
  periods.map((period) => `(${[place, period, 'kind', 'nature'].filter(Boolean).join(', ')})`),
)

const statisticsQuery = `
  create table statistics as
  select commune, department, region, sold_month, sold_quarter, sold_year, kind, nature,
    count(*) as sale_count, sum(price) as volume, avg(price) as price_mean,
    quantile_cont(price, [0.25, 0.5, 0.75]) as price_quartiles,
    count(price_per_m2) as price_per_m2_count, avg(price_per_m2) as price_per_m2_mean,
    quantile_cont(price_per_m2, [0.25, 0.5, 0.75]) as price_per_m2_quartiles
  from sales join regions using (department)
  group by grouping sets (${groups.join(', ')})`

/**
 * What people would use instead: DuckDB loads the file into a database file, groups its lines into sales by date,
 * nature, disposition, price and section, and computes the same statistics. It keeps no identity, no history and no line
 * to go back to. Gives the seconds of it all.
 */
export async function importByDuckDb(
  csv: string,
  columns: readonly string[],
  folder: string,
): Promise<number> {
  const described = columns.map((name) => `'${name}': '${types[name] ?? 'VARCHAR'}'`)
  return seconds(async () => {
    const instance = await DuckDBInstance.create(join(folder, `peer-${process.hrtime.bigint()}.duckdb`), {
      threads: String(cpus().length),
    })
    const connection = await instance.connect()
    try {
      const path = csv.replaceAll("'", "''")
      await connection.run(
        `create table lines as
        from read_csv('${path}', header = true, columns = {${described.join(', ')}}, quote = '"', escape = '"')`,
      )
      const values = departments.map(({ code, region }) => `('${code}', '${region}')`)
      await connection.run(
        `create table regions as from (values ${values.join(', ')}) as r (department, region)`,
      )
      await connection.run(salesQuery)
      await connection.run(statisticsQuery)
      await connection.run('checkpoint')
    } finally {
      connection.closeSync()
      instance.closeSync()
    }
  })
}
