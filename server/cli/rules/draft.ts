import { type CommandUnknownOpts, InvalidArgumentError } from '@commander-js/extra-typings'
import { z } from 'zod'

/** What the command line says of a rule; absent where it says nothing. */
export type RuleOptions = {
  type?: string | undefined
  field?: string | undefined
  config?: Record<string, unknown> | undefined
  severity?: string | undefined
  weight?: number | undefined
  description?: string | undefined
  source?: string | undefined
  propertyType?: string | undefined
  where?: string | undefined
  warnBelow?: number | undefined
  failBelow?: number | undefined
}

/** The options that say what a rule is, as help shows them, with what reads their values. */
export const ruleOptions: readonly (readonly [
  flags: string,
  does: string,
  read?: (text: string) => unknown,
])[] = [
  ['--type <type>', 'what it compares: parcelle rules types'],
  ['--field <field>', 'the field it judges, such as price'],
  ['--config <json>', 'with what, as JSON in the shape of its type', readConfig],
  ['--severity <severity>', 'info, warning, error (keeps a row out) or blocker (holds the session)'],
  ['--weight <number>', 'how much it counts in the quality of a row', readNumber],
  ['--description <text>', 'why it is there'],
  ['--source <code>', 'only rows of this source'],
  ['--property-type <type>', 'only homes of this type: house, flat, land …'],
  ['--where <condition>', 'only rows that fulfil this SQL condition'],
  ['--warn-below <share>', 'share of passing rows below which the session is warned of', readNumber],
  ['--fail-below <share>', 'share of passing rows below which the rule fails as a whole', readNumber],
]

const config = z.record(z.string(), z.unknown())

function readConfig(text: string): Record<string, unknown> {
  try {
    return config.parse(JSON.parse(text))
  } catch {
    throw new InvalidArgumentError(`It must be a JSON object such as '{"min": 50000}'.`)
  }
}

function readNumber(text: string): number {
  const n = Number(text)
  if (text.trim() === '' || !Number.isFinite(n)) throw new InvalidArgumentError('It must be a number.')
  return n
}

/** Gives a command the options that say what a rule is. */
export function addRuleOptions(command: CommandUnknownOpts): void {
  for (const [flags, does, read] of ruleOptions) {
    if (read === undefined) command.option(flags, does)
    else command.option(flags, does, read)
  }
}

/** A rule as try_rule reads it: what was said on the command line, under the names of validation_rules. */
export function draftOf(name: string | undefined, options: RuleOptions): Record<string, unknown> {
  const draft = {
    rule_name: name,
    field_name: options.field,
    rule_type: options.type,
    rule_config: options.config,
    severity: options.severity,
    weight: options.weight,
    description: options.description,
    source: options.source,
    property_type: options.propertyType,
    scope_where: options.where,
    warn_below: options.warnBelow,
    fail_below: options.failBelow,
  }
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined))
}
