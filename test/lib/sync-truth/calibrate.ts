import pg from 'pg'
import { z } from 'zod'
import type { HabitsName } from '../../../seeds/world/listings/habits.ts'
import { addSyncTruth, noSyncTruth, type SyncTruth } from './run.ts'
import { syncWorld, type WorldsOptions } from './worlds.ts'

const binSchema = z.object({
  bin_no: z.int().nullable(),
  change_count: z.int(),
  said: z.coerce.number(),
  true_share: z.coerce.number(),
  difference: z.coerce.number(),
  brier: z.coerce.number(),
})

/** Changes of about one confidence, and how many of them came true; `bin_no` is null for all together. */
export type Bin = z.infer<typeof binSchema>

const fitSchema = z.object({
  outcome_count: z.int(),
  cell_count: z.int(),
  brier_before: z.coerce.number(),
  brier_after: z.coerce.number(),
})

/** What fitting on some seeds and measuring on others came to. */
export interface Calibration {
  truth: SyncTruth
  fit: z.infer<typeof fitSchema>
  /** Of the seeds that were not fitted on. */
  bins: Bin[]
  all: Bin
  /** Share of changes whose confidence is below 0.7. */
  doubted: number
}

/** How many worlds of which size are fitted on, and measured on. */
export interface CalibrationSize {
  seeds: number
  homes: number
  sessions: number
}

// Pages of 25 lost at once are few, so that their share is not the same from one set of seeds to the next, whatever the
// cells say; these lose most ads one by one.
const calibratedOn: readonly HabitsName[] = ['careful', 'patchy', 'careless']

async function tellOutcomes(client: pg.Client, truth: SyncTruth): Promise<void> {
  const { outcomes } = truth
  await client.query(
    `select count(app_public.tell_change_outcome(o.batch, o.ordinal, o.is_true))
     from unnest($1::bigint[], $2::integer[], $3::boolean[]) as o (batch, ordinal, is_true)`,
    [
      outcomes.map(({ batch }) => batch),
      outcomes.map(({ ordinal }) => ordinal),
      outcomes.map(({ isTrue }) => isTrue),
    ],
  )
}

/**
 * Syncs worlds of some seeds and three sorts of habits, tells what really happened and fits the confidences; syncs worlds of other
 * seeds and compares what was said of their changes with what happened. What a source's first session finds is left out:
 * everything is new to it.
 */
export async function calibrate(
  { seeds, homes, sessions }: CalibrationSize,
  options: WorldsOptions,
): Promise<Calibration> {
  const client = new pg.Client({ connectionString: options.url })
  await client.connect()
  const sum = noSyncTruth()
  const round = async (name: string): Promise<void> => {
    for (let seed = 1; seed <= seeds; seed++) {
      for (const habits of calibratedOn) {
        const world = { homes, sessions, nightsBetween: 3, seed: `${name}-${seed}`, habits }
        const truth = await syncWorld(`${name}-${seed}-${habits}`, world, options)
        await tellOutcomes(client, truth)
        addSyncTruth(sum, truth)
      }
    }
  }
  try {
    await round('fit')
    const fitted = await client.query('select * from app_public.fit_change_confidence()')
    const since = await client.query<{ now: string }>('select clock_timestamp()::text as now')
    await round('measure')
    const report = await client.query('select * from app_public.change_confidence_report($1)', [
      since.rows[0]?.now,
    ])
    const doubted = await client.query<{ share: number }>(
      `select avg((c.confidence < 0.7)::integer)::float as share
       from app_public.change_outcomes as o
       join app_public.property_changes as c on c.batch_id = o.batch_id and c.ordinal = o.ordinal
       where c.changed_at >= $1`,
      [since.rows[0]?.now],
    )
    const bins = z.array(binSchema).parse(report.rows)
    const all = bins.find(({ bin_no }) => bin_no === null)
    if (all === undefined) throw new Error('no outcome was told')
    return {
      truth: sum,
      fit: fitSchema.parse(fitted.rows[0]),
      bins: bins.filter(({ bin_no }) => bin_no !== null),
      all,
      doubted: doubted.rows[0]?.share ?? 0,
    }
  } finally {
    await client.end()
  }
}
