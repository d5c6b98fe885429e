import { type Command, Option } from '@commander-js/extra-typings'
import type pg from 'pg'
import { Failure } from '../../failure.ts'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatTable } from '../lib/output.ts'
import { withClient } from '../lib/query.ts'
import { readConfig, readPath, readSetting, settingsOf, withoutSetting, withSetting } from './config.ts'
import { describeFaults, findFaults, readSource, type Source } from './read.ts'

/** The kinds of sources there are. */
export const kinds = ['explorer', 'portal', 'feed', 'sitemap', 'register', 'legacy'] as const

/** What the command line says of a source; absent where it says nothing. */
type Wishes = {
  columns: Record<string, unknown>
  config: string | undefined
  settings: string[]
  unset: string[]
  isLocal: boolean | undefined
}

const collect = (text: string, before: string[] = []): string[] => [...before, text]

async function changesOf(source: Source, wishes: Wishes): Promise<Record<string, unknown>> {
  let config: unknown = wishes.config === undefined ? source.config : await readConfig(wishes.config)
  for (const setting of wishes.settings.map(readSetting))
    config = withSetting(config, setting.path, setting.value)
  for (const path of wishes.unset.map(readPath)) config = withoutSetting(config, path)
  return config === source.config ? wishes.columns : { ...wishes.columns, config }
}

async function change(client: pg.ClientBase, code: string, wishes: Wishes) {
  await client.query('begin')
  try {
    const before = await readSource(client, code, true)
    const changes = await changesOf(before, wishes)
    await client.query('select app_private.change_source($1, $2)', [code, JSON.stringify(changes)])
    if (wishes.isLocal !== undefined && wishes.isLocal !== before.is_local)
      await client.query('select app_private.set_source_local($1, $2)', [code, wishes.isLocal])
    const after = await readSource(client, code)
    await client.query('commit')
    return { before, after }
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

/** What differs, setting by setting, as rows of a table. */
function differences(before: Source, after: Source): string[][] {
  const rows: string[][] = []
  const [old, present] = [settingsOf(before), settingsOf(after)]
  for (const path of new Set([...old.keys(), ...present.keys()])) {
    const [from, to] = [old.get(path), present.get(path)]
    if (from !== to) rows.push([path, from ?? '', to ?? ''])
  }
  return rows
}

/** Adds `parcelle sources set`. */
export function registerSet(sources: Command, house: CliHouse): void {
  const set = sources
    .command('set')
    .description('change what is known of a source')
    .argument('<code>', 'the source')
    .option('--name <name>', 'what it is called')
    .option('--url <url>', 'where it is reached; "" for nowhere')
    .addOption(new Option('--kind <kind>', 'what sort of source it is').choices(kinds))
    .option('--reliability <share>', 'how far it is believed, from 0 to 1')
    .option('--config <json>', 'its whole config: JSON, a file, or - for standard input')
    .option('--set <path=value>', 'one setting of its config; as often as needed', collect)
    .option('--unset <path>', 'take one setting away; as often as needed', collect)
    .option('--enable', 'let it be used: you say that its terms allow it')
    .option('--disable', 'let it be used no more')
    .option('--local', 'private addresses may be asked for it')
    .option('--no-local', 'they may not')
    .option(
      '--likely-removed-after <sessions>',
      'complete sessions without a home until it is likely removed',
    )
    .option('--removed-after <sessions>', 'complete sessions without a home until it is removed')
    .option('--removal-grace <time>', 'how long a home is missing at least before that, such as "48 hours"')
    .option('--unkeyed-share-max <share>', 'rows without key above which a session is not complete')
    .option('--removed-share-max <share>', 'homes removed above which a session is held')
    .option('--changed-share-max <share>', 'homes changed above which a session is held')
    .option('--judged-from <homes>', 'homes a scope must hold for these shares to be judged')
    .action(async (code, options) => {
      if (options.enable && options.disable) {
        throw new Failure('a source is enabled or disabled, not both', { exitCode: 2 })
      }
      const columns = Object.fromEntries(
        Object.entries({
          name: options.name,
          kind: options.kind,
          base_url: options.url === '' ? null : options.url,
          reliability: options.reliability,
          is_enabled: options.enable ? true : options.disable ? false : undefined,
          likely_removed_after: options.likelyRemovedAfter,
          removed_after: options.removedAfter,
          removal_grace: options.removalGrace,
          unkeyed_share_max: options.unkeyedShareMax,
          removed_share_max: options.removedShareMax,
          changed_share_max: options.changedShareMax,
          judged_from: options.judgedFrom,
        }).filter(([, value]) => value !== undefined),
      )
      const wishes: Wishes = {
        ...{ columns, config: options.config, settings: options.set ?? [], unset: options.unset ?? [] },
        isLocal: options.local,
      }
      const { config, settings, unset, isLocal } = wishes
      const isAny = [columns, settings, unset].some((given) => Object.keys(given).length > 0)
      if (!isAny && config === undefined && isLocal === undefined) {
        throw new Failure('nothing is to be changed', { hint: 'See the options with --help.', exitCode: 2 })
      }
      const { before, after } = await withClient(house, (client) => change(client, code, wishes))
      const rows = differences(before, after)
      const faults = await findFaults(after)
      house.out.result({ ...after, faults }, () =>
        rows.length === 0
          ? `${code} is so already`
          : `${code} is changed:\n${formatTable(['what', 'before', 'now'], rows)}`,
      )
      const said = describeFaults(faults)
      if (said !== undefined) house.out.note(said)
    })
  addExamples(set, [
    ['parcelle sources set my-portal --set search.first_pages=3 --unset detail.fields.floor', 'two settings'],
    [
      'parcelle sources set my-portal --url https://portal.example --config portal.json',
      'address and config',
    ],
    ['parcelle sources set my-portal --removed-share-max 0.4', 'let it remove more before it is held'],
    ['parcelle sources set immodata --url https://… --set selectors=… --enable', 'one that ships disabled'],
  ])
}
