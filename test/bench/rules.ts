import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { z } from 'zod'
import { writeStagedFile } from '../../seeds/world/listings/index.ts'
import { runCommand } from './child.ts'
import { copyRaw } from './floor.ts'
import { type BenchContext, withFreshDatabase } from './imports.ts'
import { type Finding, findingOf } from './measure.ts'
import { generatorDigest } from './world.ts'

const rounds = 3
const rows = 100_000
const ruleCount = 40

// Beside the rules that judge row by row among the defaults, as many of an operator's own as make forty.
const own = [
  `('own_price', 'price', 'range', '{"min": 1000, "max": 90000000}', null)`,
  `('own_title', 'title', 'length', '{"min": 3, "max": 200}', null)`,
  `('own_city', 'city', 'not_regex', '{"pattern": "[0-9]"}', null)`,
  `('own_per_m2', null, 'expression', '{"expression": "price / surface between 100 and 60000"}', 'surface > 8')`,
  `('own_rooms', null, 'expression', '{"expression": "rooms <= 3 + surface / 6"}', null)`,
  `('own_dates', null, 'expression', '{"expression": "listed_on <= coalesce(sale_date, listed_on)"}', null)`,
  `('own_class', 'dpe_class', 'enum', '{"values": ["A", "B", "C", "D", "E", "F", "G"]}', null)`,
  `('own_agency', 'agency_name', 'required', '{}', 'contact_phone is not null')`,
  `('own_department', 'department', 'enum_ref', '{"ref": "departments.code"}', null)`,
  `('own_land', null, 'cross_field', '{"left": "surface", "op": "<=", "right": "land_surface", "factor": 4}', null)`,
]

const validatedSchema = z.object({
  seconds: z.number().positive(),
  judged: z.literal(ruleCount),
  rows: z.literal(rows),
})

async function forceRules(url: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(
      `insert into app_public.validation_rules (rule_name, field_name, rule_type, rule_config, scope_where)
       values ${own.join(', ')}`,
    )
    await client.query(
      `update app_public.validation_rules as r set is_enabled = false
       where r.id not in (
         select o.id from app_public.validation_rules as o
         where app_private.rule_sort(o) = 'row'
         order by o.is_default, o.id
         limit $1
       )`,
      [ruleCount],
    )
  })
}

/**
 * Forty rules over a hundred thousand new rows, from the compiled scan to scores and results written, beside a raw COPY
 * of the same rows; each round in a fresh database.
 */
export async function benchRules(context: BenchContext & { tell(finding: Finding): void }): Promise<void> {
  const { say, signal } = context
  const file = join(tmpdir(), 'parcelle-bench', `rules-${rows}-${generatorDigest('listings')}.csv`)
  if (!existsSync(file)) writeStagedFile({ rows, seed: 'rules', night: 1, out: file })
  const times = { ours: [] as number[], floor: [] as number[] }
  for (let round = 1; round <= rounds; round++) {
    signal.throwIfAborted()
    await withFreshDatabase(context, 'bench_rules', async (url) => {
      await forceRules(url)
      times.floor.push(await copyRaw(url, file, rows))
      await runCommand(url, ['stage', file, '--source', 'csv', '--complete', '--sync'], signal)
      times.ours.push(await validateSeconds(url))
      say(
        `round ${round}, rules: ${times.ours.at(-1)?.toFixed(2)} s, raw COPY ${times.floor.at(-1)?.toFixed(2)} s`,
      )
    })
  }
  context.tell(findingOf('rules-100k-40', 10, rows, times))
}

/** What the sync itself measured of its validation. */
async function validateSeconds(url: string): Promise<number> {
  return withClient(url, async (client) => {
    const { rows: answers } = await client.query(
      `select (m.durations_ms ->> 'validate')::float8 / 1000 as seconds, m.staged_count as rows,
         (select count(*)::integer from app_public.validation_results as r
          where r.session_id = m.session_id and r.outcome <> 'broken') as judged
       from app_public.sync_metadata as m`,
    )
    return validatedSchema.parse(answers[0]).seconds
  })
}

async function withClient<T>(url: string, run: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}
