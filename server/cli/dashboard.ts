import { type Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { z } from 'zod'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatNumber, formatShare } from './lib/numbers.ts'
import { formatTable } from './lib/output.ts'
import { withClient } from './lib/query.ts'
import { sparkline } from './lib/sparkline.ts'
import { describeReasons } from './lib/sync.ts'

const count = z.number().nullish()
const figures = z.object({
  session_count: z.number(),
  completed_count: count,
  held_count: count,
  failed_count: count,
  waiting_count: count,
  staged_count: count,
  change_count: count,
  new_count: count,
  updated_count: count,
  gone_count: count,
  rows_per_second: count,
  success_rate: count,
  quality_score: count,
  completeness: count,
})
const shape = z.object({
  days: z.number(),
  from: z.string(),
  to: z.string(),
  totals: figures,
  by_day: z.array(figures.extend({ day: z.string() })),
  by_source: z.array(figures.extend({ source: z.string(), hours_since: count, is_paused: z.boolean() })),
  held: z.array(
    z.object({
      session_id: z.string(),
      source: z.string(),
      name: z.string().nullable(),
      reasons: z.array(z.object({ reason: z.string(), message: z.string() })).nullable(),
    }),
  ),
  quarantine_count: z.number(),
  failing: z.array(
    z.object({ source: z.string(), metric: z.string(), value: z.number(), threshold: z.number() }),
  ),
})

/** What the sources did lately, as app_public.get_sync_dashboard_data gives it. */
export type Dashboard = z.output<typeof shape>

function wholeDays(text: string): number {
  const days = Number(text)
  if (Number.isInteger(days) && days >= 1 && days <= 366) return days
  throw new InvalidArgumentError('A whole number of days, 1 to 366.')
}

/** Adds `parcelle dashboard`: success, throughput and quality of the last days. */
export function register(program: Command, house: CliHouse): void {
  const command = program
    .command('dashboard')
    .description('what the sources did lately: success, throughput, changes and quality, day by day')
    .option('--days <number>', 'how many days back, today included', wholeDays, 7)
    .action(async (options) => {
      const data = await withClient(house, async (client) => {
        const { rows } = await client.query<{ data: unknown }>(
          'select app_public.get_sync_dashboard_data($1) as data',
          [options.days],
        )
        return rows[0]?.data
      })
      house.out.result(data, () => describeDashboard(shape.parse(data)))
    })
  addExamples(command, [
    ['parcelle dashboard', 'the last seven days'],
    ['parcelle dashboard --days 30 --json', 'a month, for a program'],
  ])
}

const number = (value: number | null | undefined) => (value == null ? '' : formatNumber(value))
const share = (value: number | null | undefined) => (value == null ? '' : formatShare(value))

/** The dashboard as a page of text. */
export function describeDashboard(data: Dashboard): string {
  const { totals } = data
  const row = (
    name: string,
    pick: (day: Dashboard['by_day'][number]) => number | null | undefined,
    sum: string,
    range?: [number, number],
  ) => [
    name,
    sparkline(
      data.by_day.map((day) => pick(day) ?? null),
      range,
    ),
    sum,
  ]
  const trend = formatTable(
    [`${data.from} to ${data.to}`, 'by day', ''],
    [
      row('sessions', (day) => day.session_count, number(totals.session_count)),
      row('applied of those decided or held', (day) => day.success_rate, share(totals.success_rate), [0, 1]),
      row('rows staged', (day) => day.staged_count, number(totals.staged_count)),
      row('rows per second, median', (day) => day.rows_per_second, number(totals.rows_per_second)),
      row('homes changed', (day) => day.change_count, number(totals.change_count)),
      row('quality', (day) => day.quality_score, share(totals.quality_score), [0, 1]),
      row('completeness', (day) => day.completeness, share(totals.completeness), [0, 1]),
    ],
  )
  const sources = formatTable(
    [
      'source',
      'sessions',
      'applied',
      'held',
      'failed',
      'rows',
      'new',
      'updated',
      'gone',
      'quality',
      'hours since',
    ],
    data.by_source.map((one) => [
      one.is_paused ? `${one.source} (paused)` : one.source,
      number(one.session_count),
      number(one.completed_count),
      number(one.held_count),
      number(one.failed_count),
      number(one.staged_count),
      number(one.new_count),
      number(one.updated_count),
      number(one.gone_count),
      share(one.quality_score),
      one.hours_since == null ? 'never' : one.hours_since.toFixed(1),
    ]),
  )
  const worries = [
    ...data.held.map(
      (one) =>
        `held: ${one.source} ${one.name ?? one.session_id}: ${describeReasons(one.reasons).join('; ')}`,
    ),
    ...data.failing.map((one) => `${one.source}: ${one.metric} ${one.value} is beyond ${one.threshold}`),
    ...(data.quarantine_count > 0 ? [`${formatNumber(data.quarantine_count)} rows wait in quarantine`] : []),
  ]
  const parts = data.by_source.length === 0 ? [`no session in the last ${data.days} days`] : [trend, sources]
  return [...parts, ...(worries.length > 0 ? [worries.join('\n')] : [])].join('\n\n')
}
