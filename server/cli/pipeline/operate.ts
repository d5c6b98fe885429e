import type { Command } from '@commander-js/extra-typings'
import { InvalidArgumentError } from 'commander'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { withClient } from '../lib/query.ts'
import { tellRun, waitForRun } from './run.ts'
import { readRuns } from './shape.ts'
import { describeRun } from './text.ts'

function runNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('The number of a run, as parcelle pipeline status shows it.')
}

/** Adds `parcelle pipeline retry`, `cancel`, `pause` and `resume`. */
export function registerOperate(pipeline: Command, house: CliHouse): void {
  const act = (name: 'cancel_run' | 'retry_run' | 'pause_run' | 'resume_run', run: number) =>
    withClient(house, async (client) => {
      await client.query(`select id from app_public.${name}($1)`, [run])
      const [state] = await readRuns(client, String(run))
      house.out.result(state, () => (state === undefined ? '' : describeRun(state)))
    })

  const retry = pipeline
    .command('retry')
    .description('try again what a run could not do: failed and cancelled tasks only')
    .argument('<run>', 'the number of the run', runNumber)
    .option('--wait', 'show it live until it has ended', false)
    .action(async (run, options) => {
      if (!options.wait) return act('retry_run', run)
      await withClient(house, async (client) => {
        await client.query('select id from app_public.retry_run($1)', [run])
        tellRun(house, await house.database((db) => waitForRun(house, db, client, run), { deployed: false }))
      })
    })
  addExamples(retry, [['parcelle pipeline retry 12', 'after what failed has been mended']])

  const cancel = pipeline
    .command('cancel')
    .description('call a run off: what waits at once, what is at work within seconds')
    .argument('<run>', 'the number of the run', runNumber)
    .action((run) => act('cancel_run', run))
  addExamples(cancel, [['parcelle pipeline cancel 12', 'stop it']])

  for (const [verb, runs, whole] of [
    ['pause', 'keep back what a run has waiting', 'begin no runs of it'],
    ['resume', 'let a paused run go on', 'let it begin runs again'],
  ] as const) {
    const command = pipeline
      .command(verb)
      .description(`${runs}; with the name of a pipeline: ${whole}`)
      .argument('<target>', 'the number of a run, or a pipeline')
      .action(async (target) => {
        if (/^\d+$/.test(target)) return act(`${verb}_run`, runNumber(target))
        await withClient(house, async (client) => {
          const { rows } = await client.query(`select name, paused_at from app_public.${verb}_pipeline($1)`, [
            target,
          ])
          house.out.result(rows[0], () => `${target}: ${verb === 'pause' ? 'paused' : 'works'}`)
        })
      })
    addExamples(command, [
      [`parcelle pipeline ${verb} 12`, runs],
      [`parcelle pipeline ${verb} dvf_update`, whole],
    ])
  }
}
