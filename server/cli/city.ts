import type { Command } from '@commander-js/extra-typings'
import type pg from 'pg'
import { Failure } from '../failure.ts'
import { addRefresh } from './city/refresh.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatNumber } from './lib/numbers.ts'
import { formatTable } from './lib/output.ts'
import { withClient } from './lib/query.ts'

type Candidate = { insee_code: string; name: string; department_code: string; confidence: number }

type Resolution = {
  insee_code: string | null
  name: string | null
  confidence: number
  reason: string
  candidates: Candidate[]
}

type City = {
  insee_code: string
  name: string
  kind: string
  population: number | null
  department_code: string
  department: string
  region_code: string
  region: string
  parent_insee_code: string | null
  postal_codes: string[]
  former: { former_insee_code: string; name: string | null; kind: string }[]
  arrondissements: string[]
}

async function ask<Row extends pg.QueryResultRow>(
  house: CliHouse,
  text: string,
  values: unknown[],
): Promise<Row | undefined> {
  return withClient(house, async (client) => (await client.query<Row>(text, values)).rows[0])
}

async function resolveCity(house: CliHouse, name: string, code: string | undefined, department?: string) {
  const found = await ask<Resolution>(
    house,
    `select r.insee_code, r.name, r.confidence::float8 as confidence, r.reason, to_jsonb(r.candidates) as candidates
     from app_public.resolve_city($1, $2, $3) as r`,
    [name, code, department],
  )
  if (!found) throw new Error('the database did not answer')
  house.out.result(found, () => {
    const answer =
      found.insee_code === null
        ? `undecided: ${found.reason}`
        : `${found.insee_code} ${found.name}, confidence ${found.confidence}: ${found.reason}`
    const others = found.candidates.filter((candidate) => candidate.insee_code !== found.insee_code)
    if (others.length === 0) return answer
    const table = formatTable(
      ['INSEE', 'name', 'department', 'confidence'],
      others.map((other) => [other.insee_code, other.name, other.department_code, other.confidence]),
    )
    return `${answer}\n\n${found.insee_code === null ? 'candidates' : 'others'}:\n${table}`
  })
}

async function showCity(house: CliHouse, code: string) {
  const city = await ask<City>(
    house,
    `select c.insee_code, c.name, c.kind, c.population, c.department_code, d.name as department,
       d.region_code, r.name as region, c.parent_insee_code,
       array(select p.postal_code from app_public.city_postal_codes as p
             where p.insee_code = c.insee_code order by p.postal_code) as postal_codes,
       (select coalesce(jsonb_agg(to_jsonb(f) order by f.former_insee_code), '[]')
        from (select f.former_insee_code, f.name, f.kind from app_public.former_cities as f
              where f.insee_code = c.insee_code) as f) as former,
       array(select a.insee_code from app_public.cities as a
             where a.parent_insee_code = c.insee_code order by a.insee_code) as arrondissements
     from app_public.cities as c
     join app_public.departments as d on d.code = c.department_code
     join app_public.regions as r on r.code = d.region_code
     where c.insee_code = app_public.present_insee_code($1)`,
    [code],
  )
  if (!city) {
    throw new Failure(`commune ${code} does not exist`, {
      hint: 'Give an INSEE code, or look one up: parcelle city resolve NAME [POSTCODE]',
    })
  }
  house.out.result(city, () =>
    formatTable(
      ['', ''],
      [
        ['INSEE code', city.insee_code === code ? code : `${city.insee_code} (${code} is a former code)`],
        ['name', city.name],
        ['kind', city.kind.replaceAll('_', ' ')],
        ['population', city.population === null ? 'nobody' : formatNumber(city.population)],
        ['department', `${city.department_code} ${city.department}`],
        ['region', `${city.region_code} ${city.region}`],
        ...(city.parent_insee_code === null ? [] : [['part of', city.parent_insee_code]]),
        ['postal codes', city.postal_codes.join(' ')],
        ...city.former.map((former) => [
          'formerly',
          `${former.former_insee_code} ${former.name ?? '(name unknown)'}, ${former.kind}`,
        ]),
        ...(city.arrondissements.length === 0 ? [] : [['arrondissements', city.arrondissements.join(' ')]]),
      ],
    ),
  )
}

/** Adds `parcelle city`: which commune a name means, and what is known of a commune. */
export function register(program: Command, house: CliHouse): void {
  const city = program.command('city').description('communes and arrondissements, by name and by INSEE code')
  const resolve = city
    .command('resolve')
    .description('say which commune a name and a postal code mean, how surely, or why none')
    .argument('<name>', 'the name, however it is written')
    .argument('[postcode]', 'its postal code')
    .option('--department <code>', 'its department')
    .action(async (name, code, options) => resolveCity(house, name, code, options.department))
  addExamples(resolve, [
    ["parcelle city resolve 'ST ETIENNE' 42000", '42218 Saint-Étienne'],
    ["parcelle city resolve 'Lyon 3ème'", 'an arrondissement'],
    ['parcelle city resolve Saint-Denis --department 974 --json', 'one of many namesakes, as JSON'],
  ])
  const show = city
    .command('show')
    .description('show a commune: names, postal codes, department, former communes')
    .argument('<insee>', 'its INSEE code, present or former')
    .action(async (code) => showCity(house, code))
  addExamples(show, [
    ['parcelle city show 35238', 'Rennes'],
    ['parcelle city show 69048', 'the present commune of a former code'],
  ])
  addRefresh(city, house)
  addExamples(city, [
    ["parcelle city resolve 'ST ETIENNE' 42000", 'by name and postal code'],
    ['parcelle city show 75108', 'by INSEE code'],
    ['parcelle city refresh 35238', 'where it lies, and what a square metre costs there'],
  ])
}
