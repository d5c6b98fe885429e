import type { Command } from '@commander-js/extra-typings'
import { formatError, type ToldError, tellError } from './lib/errors.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { withClient } from './lib/query.ts'
import { findSession, sessionIdHelp } from './lib/session.ts'
import { describeSync, type SyncRow, syncSession } from './lib/sync.ts'

type Pending = { id: string; source: string; name: string | null; staged_count: number | null }

/** Adds `parcelle sync` and `sync-pending`: bringing the live homes to what sessions report. */
export function register(program: Command, house: CliHouse): void {
  const sync = program
    .command('sync')
    .description('bring the live homes to what a session reports, or hold it when it is not plausible')
    .requiredOption('--session-id <session>', sessionIdHelp)
    .action(async (options) => {
      const row = await withClient(house, async (client) =>
        syncSession(client, await findSession(client, options.sessionId)),
      )
      house.out.result(row, () => describeSync(row))
    })
  addExamples(sync, [
    ['parcelle sync --session-id last', 'the session staged last'],
    ['parcelle sync --session-id june --json', 'the one called june, its figures for a program'],
  ])

  const pending = program
    .command('sync-pending')
    .description('sync every session that is filled and waits, the oldest first')
    .action(async () => {
      const done: (SyncRow | { session_id: string; error: ToldError })[] = []
      await withClient(house, async (client) => {
        const { rows } = await client.query<Pending>(
          `select p.id, s.code as source, p.name, p.staged_count
           from app_public.get_pending_sessions() as p
           join app_public.sources as s on s.id = p.source_id`,
        )
        const progress = house.out.progress('syncing', rows.length, 'sessions')
        for (const session of rows) {
          house.signal.throwIfAborted()
          try {
            done.push(await syncSession(client, session.id))
          } catch (error) {
            // One that cannot be synced must not keep the others waiting.
            done.push({ session_id: session.id, error: tellError(error) })
          }
          progress.update(done.length, { note: session.name ?? session.source })
        }
        progress.stop(done.length)
      })
      house.out.result(done, () =>
        done.length === 0
          ? 'no session waits'
          : done
              .map((one) =>
                'error' in one ? `${one.session_id}: ${formatError(one.error)}` : describeSync(one),
              )
              .join('\n'),
      )
      if (done.some((one) => 'error' in one)) process.exitCode = 1
    })
  addExamples(pending, [['parcelle sync-pending', 'what a crawler left to do']])
}
