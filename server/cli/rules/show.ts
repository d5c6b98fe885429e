import type { Command } from '@commander-js/extra-typings'
import { Failure } from '../../failure.ts'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatNumber } from '../lib/numbers.ts'
import { formatTable } from '../lib/output.ts'
import { withClient } from '../lib/query.ts'

/** A rule with what it last came to. */
export type RuleRow = {
  rule_name: string
  rule_type: string
  field_name: string | null
  severity: string
  rule_config: Record<string, unknown>
  source: string | null
  property_type: string | null
  scope_where: string | null
  weight: number
  warn_below: number | null
  fail_below: number | null
  valid_from: string | null
  valid_to: string | null
  owner: string
  version: number
  is_enabled: boolean
  is_default: boolean
  description: string | null
  outcome: string | null
  failed_count: number | null
  message: string | null
}

const query = `
  select r.rule_name, r.rule_type, r.field_name, r.severity, r.rule_config, s.code as source, r.property_type,
    r.scope_where, r.weight::float8 as weight, r.warn_below::float8 as warn_below, r.fail_below::float8 as fail_below,
    r.valid_from::text, r.valid_to::text, r.owner, r.version, r.is_enabled, r.is_default, r.description,
    l.outcome, l.failed_count, l.details ->> 'message' as message
  from app_public.validation_rules as r
  left join app_public.sources as s on s.id = r.source_id
  left join lateral (
    select v.* from app_public.validation_results as v where v.rule_id = r.id order by v.judged_at desc limit 1
  ) as l on true
  where ($1::text is null or r.rule_name = $1)
    and ($2::text is null or r.source_id is null or s.code = $2)
    and (r.is_enabled or $3)
  order by r.rule_name`

/** Reads rules: one by its name, or those of a source, with those that are switched off or without. */
export function readRules(
  house: CliHouse,
  wanted: { name?: string | undefined; source?: string | undefined; isAll: boolean },
): Promise<RuleRow[]> {
  return withClient(house, async (client) => {
    const { rows } = await client.query<RuleRow>(query, [wanted.name, wanted.source, wanted.isAll])
    return rows
  })
}

/** A rule that must be there. Throws a Failure that says where to look. */
export async function readRule(house: CliHouse, name: string): Promise<RuleRow> {
  const [rule] = await readRules(house, { name, isAll: true })
  if (rule === undefined) {
    throw new Failure(`rule ${name} does not exist`, {
      hint: 'List the rules with: parcelle rules list --all',
    })
  }
  return rule
}

/** What a rule judges besides its field: source, type of home, condition. */
export function scopeOf(rule: RuleRow): string {
  return [rule.source, rule.property_type, rule.scope_where].filter((part) => part !== null).join(', ')
}

/** All about a rule, as lines. */
export function describeRule(rule: RuleRow): string {
  const last =
    rule.outcome === null
      ? 'not yet'
      : `${rule.outcome}${rule.failed_count ? `, ${formatNumber(rule.failed_count)} failed` : ''}${rule.message === null ? '' : `: ${rule.message}`}`
  const facts: [string, unknown][] = [
    ['rule', rule.rule_name],
    ['why', rule.description],
    ['type', rule.rule_type],
    ['field', rule.field_name],
    ['config', JSON.stringify(rule.rule_config)],
    ['severity', `${rule.severity}, weight ${rule.weight}`],
    ['only', scopeOf(rule) || null],
    ['warns below', rule.warn_below],
    ['fails below', rule.fail_below],
    ['in force from', rule.valid_from],
    ['in force until', rule.valid_to],
    ['switched', rule.is_enabled ? 'on' : 'off'],
    ['version', `${rule.version}${rule.is_default ? ', as it came with Parcelle' : `, of ${rule.owner}`}`],
    ['last judged', last],
  ]
  return formatTable(
    ['', ''],
    facts.filter(([, value]) => value !== null),
  )
}

/** Adds `parcelle rules list` and `show`. */
export function registerShow(rules: Command, house: CliHouse): void {
  const list = rules
    .command('list')
    .description('the rules in force, with what they last came to')
    .option('--source <code>', 'those that judge this source')
    .option('--all', 'those that are switched off too')
    .action(async (options) => {
      const rows = await readRules(house, { source: options.source, isAll: options.all === true })
      house.out.result(rows, () =>
        formatTable(
          ['rule', 'type', 'field', 'severity', 'only', 'last'],
          rows.map((rule) => [
            rule.is_enabled ? rule.rule_name : `${rule.rule_name} (off)`,
            rule.rule_type,
            rule.field_name,
            rule.severity,
            scopeOf(rule).slice(0, 40),
            rule.failed_count ? `${rule.outcome} ${formatNumber(rule.failed_count)}` : rule.outcome,
          ]),
        ),
      )
    })
  addExamples(list, [
    ['parcelle rules list', 'what homes are judged by'],
    ['parcelle rules list --source csv --all --json', 'with all that is said of them'],
  ])
  const show = rules
    .command('show')
    .description('all about one rule')
    .argument('<rule>', 'its name')
    .action(async (name) => {
      const rule = await readRule(house, name)
      house.out.result(rule, () => describeRule(rule))
    })
  addExamples(show, [['parcelle rules show price_among_peers', 'what it compares, and why']])
}
