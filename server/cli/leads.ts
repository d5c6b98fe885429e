import type { Command } from '@commander-js/extra-typings'
import { z } from 'zod'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatNumber } from './lib/numbers.ts'
import { formatTable } from './lib/output.ts'
import { withClient } from './lib/query.ts'
import { positive } from './sessions.ts'

type Lead = {
  property_id: string
  score: number
  insee_code: string | null
  city: string | null
  address: string | null
  property_type: string
  surface_m2: number | null
  source: string | null
  reasons: unknown
  found_at: Date
  ended_at: Date | null
}

const query = `
  select l.property_id::text, l.score, l.insee_code, coalesce(c.name, p.city_name) as city, p.address, l.property_type,
    p.surface_m2::float8, s.code as source, l.reasons, l.found_at, l.ended_at
  from app_public.offmarket_leads as l
  left join app_public.properties_live as p on p.id = l.property_id
  left join app_public.sources as s on s.id = p.source_id
  left join app_public.cities as c on c.insee_code = l.insee_code
  where ($1::text is null or l.department_code = $1)
    and ($2::text is null or l.insee_code = $2)
    and (l.ended_at is null or $3)
  order by l.score desc, l.property_id
  limit $4`

const day = z.string().nullish()
const reasonSchema = z.discriminatedUnion('rule', [
  z.looseObject({ rule: z.literal('withdrawn'), missing_since: day, price_eur: z.number().nullish() }),
  z.looseObject({ rule: z.literal('certificate'), changed_on: day, from: z.unknown(), to: z.unknown() }),
  z.looseObject({ rule: z.literal('long_held'), sold_on: day }),
])

/** A reason of a lead in words; one of a rule that this has no words for as it is kept. */
function describeReason(given: unknown): string {
  const { data: reason } = reasonSchema.safeParse(given)
  switch (reason?.rule) {
    case 'withdrawn':
      return `ad withdrawn on ${reason.missing_since}${reason.price_eur ? ` at ${formatNumber(reason.price_eur)} €` : ''}`
    case 'certificate':
      return `energy class ${reason.from ? `${reason.from}, now ` : ''}${reason.to} since ${reason.changed_on}`
    case 'long_held':
      return `sold last on ${reason.sold_on}`
    default:
      return JSON.stringify(given)
  }
}

function describe(leads: readonly Lead[]): string {
  if (leads.length === 0)
    return 'there is no lead here; they are looked for with: parcelle pipeline run discovery_offmarket'
  return formatTable(
    ['score', 'INSEE', 'city', 'address', 'type', 'm²', 'source', 'why'],
    leads.map((lead) => [
      ...[lead.score.toFixed(2), lead.insee_code, lead.city, lead.address, lead.property_type],
      ...[lead.surface_m2 === null ? null : formatNumber(Math.round(lead.surface_m2)), lead.source],
      `${(Array.isArray(lead.reasons) ? lead.reasons : []).map(describeReason).join('; ')}${lead.ended_at === null ? '' : ' (ended)'}`,
    ]),
  )
}

/** Adds `parcelle leads`: homes that may soon be for sale although nobody offers them, and why. Homes, never persons. */
export function register(program: Command, house: CliHouse): void {
  const leads = program
    .command('leads')
    .description('homes that may soon be for sale although nobody offers them, best first, and why')
    .option('--department <code>', 'only this department')
    .option('--insee <code>', 'only the commune of this INSEE code')
    .option('--limit <count>', 'so many at most', positive, 20)
    .option('--all', 'those whose reasons hold no more, too')
    .action(async ({ department, insee, limit, all }) => {
      const { rows } = await withClient(house, (client) =>
        client.query<Lead>(query, [department, insee, all === true, limit]),
      )
      house.out.result(rows, () => describe(rows))
    })
  addExamples(leads, [
    ['parcelle leads --department 44', 'the best of a department'],
    ['parcelle leads --insee 35238 --limit 100 --json', 'of a commune, for a program'],
    ['parcelle pipeline run discovery_offmarket --wait', 'look for them anew; it is done every night'],
  ])
}
