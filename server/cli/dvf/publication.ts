import type { Command } from '@commander-js/extra-typings'
import { newestRelease } from '../../../tasks/lib/download.ts'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatTable } from '../lib/output.ts'
import { withClient } from '../lib/query.ts'

/** Adds `parcelle dvf check`. */
export function registerPublication(dvf: Command, house: CliHouse): void {
  const command = dvf
    .command('check')
    .description('ask the official address whether a newer release has been published')
    .action(async () => {
      const newest = await newestRelease({ datasetUrl: house.config.dvfDatasetUrl, signal: house.signal })
      const latest = await withClient(house, async (client) => {
        const { rows } = await client.query<{ latest: Date | null }>(
          `select max(started_at) as latest from app_public.dvf_releases where status = 'applied'`,
        )
        return rows[0]?.latest ?? null
      })
      const isNewer = latest === null || new Date(newest.lastUpdate) > latest
      house.out.result({ ...newest, lastImport: latest, isNewer }, () =>
        [
          `published ${newest.lastUpdate}, last import ${latest?.toISOString() ?? 'never'}: ` +
            (isNewer ? 'a newer release is there' : 'nothing newer'),
          formatTable(
            ['file', 'address'],
            newest.resources.map((resource) => [resource.title, resource.url]),
          ),
        ].join('\n'),
      )
    })
  addExamples(command, [['parcelle dvf check', 'is there something to import?']])
}
