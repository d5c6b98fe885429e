import { setTimeout as sleep } from 'node:timers/promises'
import { runMigrations as migrateWorker, Logger as WorkerLogger } from 'graphile-worker'
import pg from 'pg'
import { bootstrap, checkServer } from './bootstrap.ts'
import { build, check, nothingKept } from './build.ts'
import { DeployError, sqlState } from './error.ts'
import { type Definition, readDefinitions } from './files.ts'
import { blockers, describeBlocker, isAutovacuum, isBlocked, lockManaged } from './lock.ts'
import { keptMatviews } from './matviews.ts'
import { type Migration, pendingMigrations, runMigrations } from './migrate.ts'
import { keptInPlace } from './routines.ts'
import { dropRuleFunctions, makeRuleFunctions } from './rules.ts'
import { mergeSeeds, type Reference, readSeeds, type Seed } from './seed.ts'
import { settleSequences } from './sequences.ts'
import { teardown } from './teardown.ts'

/** What a deploy is asked for. */
export type DeployOptions = {
  /** The owner's connection. */
  url: string
  /** Becomes the password of `parcelle_server`. */
  serverPassword?: string | undefined
  /** How long to wait for whoever holds a table, in seconds; 600 unless said. */
  wait?: number | undefined
  /** Build even when nothing has changed. */
  force?: boolean | undefined
  /** Told what is happening, in plain sentences. */
  log?: ((message: string) => void) | undefined
  /** The project's root; this clone unless said. */
  root?: string | undefined
  /** Reference rows to merge; those of seeds/reference unless said. */
  reference?: readonly Reference[] | undefined
  /** Stops the wait for a lock and rolls back. */
  signal?: AbortSignal | undefined
}

/** What a deploy did. `milliseconds` is the whole, `attempts` how often it had to begin because somebody was there. */
export type DeployReport = {
  changed: boolean
  migrations: string[]
  definitions: number
  seeds: string[]
  keptMatviews: string[]
  attempts: number
  milliseconds: number
}

type Plan = {
  pending: Migration[]
  definitions: Definition[]
  seeds: Seed[]
  isChanged: boolean
  recorded: Recorded
}
/** How an attempt goes about it: waiting longer for locks; keeping no routine or type in place. */
type Mode = { isPatient: boolean; isThorough: boolean }
type Recorded = Map<string, string>

const projectRoot = new URL('../..', import.meta.url).pathname

/**
 * Brings a database to what the files say, in one transaction; `sql/README.md` tells how.
 *
 * Nothing changed means no locks and no writes. Throws DeployError (file, line, PostgreSQL's own message, a hint) with
 * the database as it was: PC422 for a server or files that cannot be used, PC409 for changed history, a definition
 * something stored rests on, or a blocker that did not leave in time.
 */
export async function deploy(options: DeployOptions): Promise<DeployReport> {
  const started = performance.now()
  const log = options.log ?? (() => {})
  const root = options.root ?? projectRoot
  const client = new pg.Client({ connectionString: options.url, application_name: 'parcelle deploy' })
  // Without a listener a connection lost between two queries would end the process; the next query reports it.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(
      `set client_min_messages = warning; set search_path = app_deploy; set statement_timeout = 0`,
    )
    await checkServer(client)
    await bootstrap(client, options.serverPassword)
    await migrateWorker({ connectionString: options.url, logger: silent })
    const plan = await makePlan(client, root, options)
    const report: DeployReport = {
      changed: plan.isChanged,
      migrations: plan.pending.filter(({ id }) => id > 0).map(({ fileName }) => fileName),
      definitions: plan.definitions.length,
      seeds: [],
      keptMatviews: [],
      attempts: 0,
      milliseconds: 0,
    }
    if (plan.isChanged) await applyWhenFree(client, root, options, plan, report, log)
    else log('nothing has changed')
    report.milliseconds = Math.round(performance.now() - started)
    return report
  } finally {
    await client.end().catch(() => {})
  }
}

async function makePlan(client: pg.Client, root: string, options: DeployOptions): Promise<Plan> {
  const pending = await pendingMigrations(client, root)
  const definitions = await readDefinitions(root)
  const references = options.reference ?? (await import('../../seeds/reference/index.ts')).reference
  const seeds = await readSeeds(references)
  const { rows } = await client.query<{ path: string; hash: string }>(
    'select path, hash from app_deploy.definitions',
  )
  const recorded = new Map(rows.map(({ path, hash }) => [path, hash]))
  const present = [...definitions, ...seeds]
  const isSame =
    present.length === recorded.size && present.every(({ path, hash }) => recorded.get(path) === hash)
  return {
    pending,
    definitions,
    seeds,
    recorded,
    isChanged: options.force === true || pending.length > 0 || !isSame,
  }
}

async function applyWhenFree(
  client: pg.Client,
  root: string,
  options: DeployOptions,
  plan: Plan,
  report: DeployReport,
  log: (message: string) => void,
): Promise<void> {
  const wait = options.wait ?? 600
  const deadline = performance.now() + wait * 1000
  const mode: Mode = { isPatient: false, isThorough: options.force === true }
  let saidAt = Number.NEGATIVE_INFINITY
  for (;;) {
    options.signal?.throwIfAborted()
    report.attempts++
    try {
      const present = report.attempts === 1 ? plan : await makePlan(client, root, options)
      if (present.isChanged) await apply(client, root, options, present, report, mode)
      return
    } catch (error) {
      await client.query('rollback').catch(() => {})
      if (!mode.isThorough && isInTheWay(error)) {
        mode.isThorough = true
        continue
      }
      if (!isBlocked(error)) throw error
      const inTheWay = await blockers(client)
      const names = inTheWay.map(describeBlocker)
      if (performance.now() >= deadline) {
        throw new DeployError(`waited ${wait} s for ${names.join('; ') || 'a lock'}`, {
          code: 'PC409',
          hint: 'Let it finish or end it, then deploy again; DEPLOY_WAIT sets how many seconds to wait.',
          cause: error,
        })
      }
      mode.isPatient = inTheWay.length > 0 && inTheWay.every(isAutovacuum)
      if (names.length > 0 && performance.now() - saidAt > 5000) {
        log(`waiting for ${names.join('; ')}`)
        saidAt = performance.now()
      }
      await sleep(100 + Math.random() * 200, undefined, { signal: options.signal })
    }
  }
}

async function apply(
  client: pg.Client,
  root: string,
  options: DeployOptions,
  plan: Plan,
  report: DeployReport,
  mode: Mode,
): Promise<void> {
  const { pending, definitions, recorded } = plan
  await client.query('begin')
  await lockManaged(client, mode.isPatient)
  if (await isOvertaken(client, plan)) throw new DeployError('another deploy came first', { code: '55P03' })
  const isAnew = pending.length > 0 || options.force === true
  const matviews = isAnew ? [] : await keptMatviews(client, definitions, recorded)
  const names = matviews.map(({ name }) => name)
  const inPlace = mode.isThorough ? nothingKept : await keptInPlace(client, definitions, recorded, names)
  const kept = { ...inPlace, matviews }
  await dropRuleFunctions(client)
  await teardown(client, kept)
  // Clients wait from here on, but nobody can be in the way: what is still to be locked is new or already ours.
  await client.query(`set local lock_timeout = '10s'`)
  await runMigrations(client, root, pending)
  await build(client, definitions, kept)
  await check(client, definitions)
  const seeds = plan.seeds.filter(({ path, hash }) => isAnew || recorded.get(path) !== hash)
  // Before the seeds: what merges rules has them checked and planned.
  await makeRuleFunctions(client)
  await mergeSeeds(client, seeds)
  if (pending.length > 0) await settleSequences(client)
  await record(client, [...definitions, ...plan.seeds])
  await client.query('commit')
  report.seeds = seeds.map(({ reference }) => reference.name)
  report.keptMatviews = names
}

/** Whether a migration or the teardown met something that rests on what was kept in place. */
function isInTheWay(error: unknown): boolean {
  return ['2BP01', 'PC409'].includes(sqlState(error) ?? '')
}

async function isOvertaken(client: pg.Client, plan: Plan): Promise<boolean> {
  const { rows } = await client.query<{ path: string; hash: string }>(
    'select path, hash from app_deploy.definitions',
  )
  return rows.length !== plan.recorded.size || rows.some(({ path, hash }) => plan.recorded.get(path) !== hash)
}

async function record(client: pg.Client, files: { path: string; hash: string }[]): Promise<void> {
  await client.query(
    `merge into app_deploy.definitions as d
    using unnest($1::text[], $2::text[]) as f (path, hash) on f.path = d.path
    when not matched by target then insert (path, hash) values (f.path, f.hash)
    when matched and d.hash <> f.hash then update set hash = f.hash
    when not matched by source then delete`,
    [files.map(({ path }) => path), files.map(({ hash }) => hash)],
  )
}

const silent = new WorkerLogger(() => () => {})
