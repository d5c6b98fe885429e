import { posix } from 'node:path'
import type pg from 'pg'
import type { Definition } from './files.ts'
import { definitionSchemas } from './lock.ts'

/** A materialized view that a deploy leaves as it is: `schema.name`, and the file that made it. */
export type KeptMatview = { name: string; path: string }

/**
 * Which materialized views can stay: they exist, and neither their file, nor the policies file that says who may read
 * them, nor any file they require has changed since it was recorded.
 *
 * Only for a deploy without pending migrations: those may change what the views read.
 */
export async function keptMatviews(
  client: pg.ClientBase,
  definitions: Definition[],
  recorded: Map<string, string>,
): Promise<KeptMatview[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(
    `select n.nspname as schema, c.relname as name
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where c.relkind = 'm' and n.nspname = any ($1)`,
    [definitionSchemas],
  )
  const files = new Map(definitions.map((definition) => [definition.path, definition]))
  const existing = new Set(rows.map(({ schema, name }) => posix.join('sql/matviews', schema, `${name}.sql`)))
  const isUnchanged = (path: string): boolean => {
    const file = files.get(path)
    if (file === undefined) return !recorded.has(path)
    if (recorded.get(path) !== file.hash) return false
    if (file.kind === 'matviews' && !existing.has(path)) return false
    return file.requires.every(isUnchanged)
  }
  return rows
    .map(({ schema, name }) => ({
      name: `${schema}.${name}`,
      path: posix.join('sql/matviews', schema, `${name}.sql`),
    }))
    .filter(
      ({ path }) => files.has(path) && isUnchanged(path) && isUnchanged(path.replace('matviews', 'policies')),
    )
}
