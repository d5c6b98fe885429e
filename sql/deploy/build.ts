import type pg from 'pg'
import { DeployError, isDatabaseError } from './error.ts'
import type { Definition } from './files.ts'
import { definitionSchemas } from './lock.ts'
import type { KeptMatview } from './matviews.ts'
import { type KeptInPlace, replaceRoutine } from './routines.ts'
import { lineAt, runFile } from './statements.ts'

/** Everything that a teardown leaves. */
export type KeptObjects = KeptInPlace & { matviews: KeptMatview[] }

/** Nothing at all. */
export const nothingKept: KeptObjects = { matviews: [], routines: [], types: [] }

/**
 * Builds definition files in the order given, inside the open transaction, with function bodies unchecked (they may
 * name what comes later). What was kept is left out, or replaced when it is a routine. Throws DeployError with file and
 * line.
 */
export async function build(
  client: pg.ClientBase,
  definitions: Definition[],
  kept: KeptObjects,
): Promise<void> {
  await client.query('set local check_function_bodies = off')
  const left = new Set([...kept.matviews, ...kept.types].map(({ path }) => path))
  const inPlace = new Map(kept.routines.map((routine) => [routine.path, routine]))
  for (const definition of definitions) {
    const { path, text } = definition
    const routine = inPlace.get(path)
    if (routine !== undefined) await replaceRoutine(client, definition, routine)
    else if (!left.has(path)) await runFile(client, path, text)
  }
}

/**
 * Has every function's language validate its body, now that all it names exists. PL/pgSQL bodies are parsed, SQL
 * bodies also analysed. Throws DeployError with the file and line the body stands on.
 */
export async function check(client: pg.ClientBase, definitions: Definition[]): Promise<void> {
  await client.query('set local check_function_bodies = on')
  const { rows } = await client.query<{ command: string; schema: string; name: string; body: string }>(
    `select format('select %s(%s)', l.lanvalidator::regproc, p.oid) as command,
      n.nspname as schema, p.proname as name, p.prosrc as body
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    join pg_catalog.pg_language as l on l.oid = p.prolang
    where n.nspname = any ($1) and l.lanname in ('sql', 'plpgsql') and p.prokind <> 'a'
    order by n.nspname, p.proname, p.oid`,
    [definitionSchemas],
  )
  for (const { command, schema, name, body } of rows) {
    try {
      await client.query(command)
    } catch (error) {
      if (!isDatabaseError(error)) throw error
      const source = definitions.find(({ text }) => text.includes(body) && text.includes(`${schema}.${name}`))
      throw new DeployError(error.message, {
        code: error.code,
        detail: error.detail ?? `function ${schema}.${name}`,
        hint: error.hint,
        file: source?.path,
        line: source === undefined ? undefined : failingLine(source.text, body, error),
        cause: error,
      })
    }
  }
}

function failingLine(text: string, body: string, error: pg.DatabaseError): number {
  const start = text.indexOf(body)
  if (error.internalPosition !== undefined && error.internalQuery === body) {
    const before = [...body].slice(0, Number(error.internalPosition) - 1).join('')
    return lineAt(text, start + before.length)
  }
  const lineInBody = /\bline (\d+)\b/.exec(error.where ?? '')?.[1]
  return lineAt(text, start) + (lineInBody === undefined ? 0 : Number(lineInBody) - 1)
}
