import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { loadMigrationFiles, migrate } from 'postgres-migrations'
import { DeployError } from './error.ts'
import { runFile } from './statements.ts'

/** One file of history, as postgres-migrations reads it. */
export type Migration = Awaited<ReturnType<typeof loadMigrationFiles>>[number]

const folder = 'sql/migrations'

/**
 * Compares the history on disk with the history the database remembers; gives the migrations that are still to run.
 *
 * Throws DeployError PC409 when a file that has run was changed, or when the database has run a file that is gone.
 */
export async function pendingMigrations(client: pg.ClientBase, root: string): Promise<Migration[]> {
  await stat(join(root, folder))
  const files = await loadMigrationFiles(join(root, folder))
  const { rows } = await client.query<{ id: number; name: string; hash: string }>(
    'select id, name, hash from app_deploy.migrations order by id',
  )
  const known = new Map(files.map((file) => [file.id, file]))
  for (const { id, name, hash } of rows) {
    const file = known.get(id)
    if (file === undefined) {
      throw new DeployError(`the database has run migration ${id} ${name}, which is not in ${folder}`, {
        code: 'PC409',
        hint: 'Deploy the version of Parcelle that made this database, or a newer one.',
      })
    }
    if (file.hash !== hash) {
      throw new DeployError('this migration has changed since it was run', {
        code: 'PC409',
        file: `${folder}/${file.fileName}`,
        hint: 'Run "parcelle reset" to begin anew with the embedded database, or restore the file.',
      })
    }
  }
  const done = new Set(rows.map(({ id }) => id))
  return files.filter(({ id }) => !done.has(id))
}

/**
 * Runs the pending history inside the transaction that is open on the connection.
 *
 * postgres-migrations brings a transaction of its own for every file; here each becomes a savepoint, so that the
 * deploy stays one transaction. Its search path must lead to `app_deploy`. Throws DeployError with file and line.
 */
export async function runMigrations(
  client: pg.ClientBase,
  root: string,
  pending: Migration[],
): Promise<void> {
  if (pending.length === 0) return
  const files = new Map(pending.map((file) => [file.sql, `${folder}/${file.fileName}`]))
  let failure: unknown
  const savepoints: Record<string, string> = {
    'START TRANSACTION': 'savepoint migration',
    COMMIT: 'release savepoint migration',
    ROLLBACK: 'rollback to savepoint migration',
  }
  const query = async (text: unknown) => {
    if (typeof text !== 'string') return client.query(text as pg.QueryConfig)
    const file = files.get(text)
    if (file === undefined) return client.query(savepoints[text] ?? text)
    await runFile(client, file, text).catch((error: unknown) => {
      failure = error
      throw error
    })
    return undefined
  }
  try {
    await migrate({ client: { query } as unknown as pg.Client }, join(root, folder))
  } catch (error) {
    throw failure ?? error
  }
}
