import type { Test } from 'tap'
import type { TestDatabase } from '../../lib/database.ts'

/** Holds that there is no offender; each one fails with its own line, which says what to do. */
export function noOffenders(t: Test, offenders: string[]): void {
  for (const offender of offenders.sort()) t.fail(offender, { stack: '', at: null })
  if (offenders.length === 0) t.pass('none')
}

/** Holds that a query, which gives one text column `offender`, finds nothing. */
export async function finds(t: Test, db: TestDatabase, query: string): Promise<void> {
  const rows = await db.query<{ offender: string }>(query)
  noOffenders(
    t,
    rows.map(({ offender }) => offender),
  )
}
