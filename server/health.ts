import { readdir } from 'node:fs/promises'
import type { FastifyInstance } from 'fastify'
import type pg from 'pg'
import { z } from 'zod'
import type { ServedRole } from './session.ts'

const state = z.object({
  migration_count: z.number(),
  last_migration: z.number().nullable(),
  worker_seen_at: z.date().nullable(),
})

/** How long after its last sign a worker still counts as running, milliseconds. */
const workerPatience = 60_000

/** What `/readyz` answers. `ready` asks for the database and its migrations; a server also serves without a worker. */
export type Readiness = {
  ready: boolean
  database: { ok: boolean; milliseconds: number | null; error?: string }
  migrations: { ok: boolean; applied: number | null; expected: number }
  worker: { ok: boolean; seenAt: string | null }
}

/** How many migrations this clone has. */
export async function expectedMigrations(): Promise<number> {
  const files = await readdir(new URL('../sql/migrations', import.meta.url))
  return files.filter((file) => file.endsWith('.sql')).length
}

/** Looks whether the database answers, is deployed as far as this clone expects, and has a worker. */
export async function readiness(pool: pg.Pool, expected: number): Promise<Readiness> {
  const started = performance.now()
  try {
    const { rows } = await pool.query('select * from app_public.deployed_state()')
    const read = state.parse(rows[0])
    const seen = read.worker_seen_at
    const migrationsOk = read.migration_count === expected
    return {
      ready: migrationsOk,
      database: { ok: true, milliseconds: Math.round(performance.now() - started) },
      migrations: { ok: migrationsOk, applied: read.migration_count, expected },
      worker: {
        ok: seen !== null && Date.now() - seen.getTime() < workerPatience,
        seenAt: seen?.toISOString() ?? null,
      },
    }
  } catch (error) {
    // The message may name hosts and users; who asks from outside learns only that it failed.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreachable'
    return {
      ready: false,
      database: { ok: false, milliseconds: null, error: code },
      migrations: { ok: false, applied: null, expected },
      worker: { ok: false, seenAt: null },
    }
  }
}

/** Adds `/healthz` (200 while the process answers) and `/readyz` (200 or 503) to the server. */
export function addHealth(
  app: FastifyInstance,
  options: { pool: pg.Pool; role: ServedRole; expected: number },
): void {
  const { pool, role, expected } = options
  const started = Date.now()
  app.get('/healthz', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    return { status: 'live', answersAs: role, uptimeSeconds: Math.round((Date.now() - started) / 1000) }
  })
  app.get('/readyz', async (_request, reply) => {
    const answer = await readiness(pool, expected)
    reply.header('cache-control', 'no-store').code(answer.ready ? 200 : 503)
    return answer
  })
}
