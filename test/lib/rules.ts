import type { TestDatabase } from './database.ts'
import { type StagedRow, stage } from './sessions.ts'

/** A sound flat in Rennes, with what a test changes. */
export function flat(key: string, changes: StagedRow = {}): StagedRow {
  return {
    source_key: key,
    property_type: 'Appartement',
    city: 'Rennes',
    postal_code: '35000',
    insee_code: '35238',
    address: `${key.length} rue de la Paix`,
    price: '200000',
    surface: '50',
    rooms: '2',
    ...changes,
  }
}

/** A rule as a test writes it. */
export type TriedRule = {
  field?: string
  type: string
  config?: Record<string, unknown>
  severity?: string
  propertyType?: string
  where?: string
  warnBelow?: number
  failBelow?: number
}

/** Puts this rule in force and no other; gives its id. */
export async function onlyRule(db: TestDatabase, rule: TriedRule): Promise<number> {
  await db.query('update validation_rules set is_enabled = false where is_enabled')
  await db.query(`delete from validation_rules where rule_name = 'tried'`)
  const [row] = await db.query<{ id: number }>(
    `insert into validation_rules (
       rule_name, field_name, rule_type, rule_config, severity, property_type, scope_where, warn_below, fail_below
     ) values ('tried', $1, $2, $3, coalesce($4::app_base.rule_severity, 'warning'), $5, $6, $7, $8) returning id`,
    [
      rule.field,
      rule.type,
      rule.config ?? {},
      rule.severity,
      rule.propertyType,
      rule.where,
      rule.warnBelow,
      rule.failBelow,
    ],
  )
  return (row as { id: number }).id
}

/** What the rule in force came to. */
export type RuleResult = {
  outcome: string
  checked: number
  failed: number
  details: Record<string, unknown>
}

/** Stages rows (as if so many were expected) and judges them by the rule in force: what it came to, and what failed. */
export async function judge(db: TestDatabase, source: string, rows: StagedRow[], expected?: number) {
  const session = await stage(db, source, rows, expected === undefined ? {} : { expected })
  const [result] = await db.query<RuleResult>(
    `select outcome, checked_count as checked, failed_count as failed, details from validate_staging_data($1)`,
    [session],
  )
  const failures = await db.query<{ key: string | null; value: string | null }>(
    `select source_key as key, failed_value as value from validation_failures where session_id = $1 order by source_key, staged_id`,
    [session],
  )
  return { session, result: result as RuleResult, failures, keys: failures.map(({ key }) => key) }
}
