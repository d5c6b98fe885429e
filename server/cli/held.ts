import type { Command } from '@commander-js/extra-typings'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatNumber } from './lib/numbers.ts'
import { withClient } from './lib/query.ts'
import { findSession } from './lib/session.ts'
import { describeReasons, describeSync, type HeldReason, syncSession } from './lib/sync.ts'

type HeldRow = {
  id: string
  name: string | null
  source: string
  staged_count: number | null
  live_count: number
  finished_at: Date | null
  held_reasons: HeldReason[]
}

const sessionHelp = 'id, number or name of the session'

/** Adds `parcelle held list`, `accept` and `reject`: the sessions that wait for an operator. */
export function register(program: Command, house: CliHouse): void {
  const held = program.command('held').description('sessions that were not plausible and wait for a decision')
  addExamples(held, [['parcelle held list', 'what waits, and why']])

  const list = held
    .command('list')
    .description('the held sessions, with the reasons, the numbers and a sample')
    .action(async () => {
      const { rows } = await withClient(house, (client) =>
        client.query<HeldRow>(
          `select s.id, s.name, o.code as source, s.staged_count, s.finished_at, s.held_reasons,
             (select count(*) from app_public.properties_live as l
              where l.source_id = s.source_id and l.status in ('active', 'under_offer'))::integer as live_count
           from app_public.scrape_sessions as s
           join app_public.sources as o on o.id = s.source_id
           where s.status = 'held' order by s.session_no`,
        ),
      )
      house.out.result(rows, () =>
        rows.length === 0 ? 'no session is held' : rows.map(describeHeldSession).join('\n'),
      )
    })
  addExamples(list, [
    ['parcelle held list', 'what waits, and why'],
    ['parcelle held list --json', 'with all the numbers'],
  ])

  const accept = held
    .command('accept')
    .description('apply a held session after all, against the live homes as they are now')
    .argument('<session>', sessionHelp)
    .action(async (said) => {
      const row = await withClient(house, async (client) =>
        syncSession(client, await findSession(client, said), { overruled: true }),
      )
      house.out.result(row, () => describeSync(row))
    })
  addExamples(accept, [['parcelle held accept june', 'the market has really changed that much']])

  const reject = held
    .command('reject')
    .description(
      'turn a held session down; live homes stay as they are, its rows stay until they are cleaned up',
    )
    .argument('<session>', sessionHelp)
    .action(async (said) => {
      const row = await withClient(house, async (client) => {
        const { rows } = await client.query<{ id: string; name: string | null; status: string }>(
          'select r.id, r.name, r.status from app_public.reject_session($1) as r',
          [await findSession(client, said)],
        )
        return rows[0]
      })
      house.out.result(row, () => `${row?.name ?? row?.id} is ${row?.status}`)
    })
  addExamples(reject, [['parcelle held reject june', 'the crawl broke off; another one will come']])
}

/** A held session with its reasons, as lines. */
export function describeHeldSession(row: HeldRow): string {
  return [
    `${row.source} ${row.name ?? ''} ${row.id}`.replaceAll('  ', ' ') +
      `: ${formatNumber(row.staged_count ?? 0)} rows, ${formatNumber(row.live_count)} homes on the market`,
    ...describeReasons(row.held_reasons).map((reason) => `  ${reason}`),
  ].join('\n')
}
