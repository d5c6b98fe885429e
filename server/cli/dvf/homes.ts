import type { Command } from '@commander-js/extra-typings'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatNumber } from '../lib/numbers.ts'
import { withClient } from '../lib/query.ts'
import { describeSync, syncSession } from '../lib/sync.ts'

type Staged = { session_id: string; staged_count: number }

/** Adds `parcelle dvf stage`: the ledger's single dwellings as a session of source dvf. */
export function registerHomes(dvf: Command, house: CliHouse): void {
  const command = dvf
    .command('stage')
    .description("stage the ledger's sales of single dwellings as a session of source dvf")
    .argument('[release]', 'the last release that stands')
    .option('--sync', 'sync the session at once')
    .action(async (release, options) => {
      const { rows } = await withClient(house, async (client) => {
        const { rows: ids } = await client.query<{ id: string }>(
          'select app_public.stage_dvf_sales($1) as id',
          [release ?? null],
        )
        return client.query<Staged>(
          'select id as session_id, staged_count from app_public.scrape_sessions where id = $1',
          [ids[0]?.id],
        )
      })
      const staged = rows[0] as Staged
      const said = `dvf: ${formatNumber(staged.staged_count)} sales of single dwellings staged`
      if (!options.sync) {
        house.out.result(
          staged,
          () => `${said}\nsync them with: parcelle sync --session-id ${staged.session_id}`,
        )
        return
      }
      house.out.note(said)
      const sync = await withClient(house, (client) => syncSession(client, staged.session_id))
      house.out.result({ ...staged, sync }, () => describeSync(sync))
    })
  addExamples(command, [['parcelle dvf stage --sync', 'bring the live homes to what the ledger says']])
}
