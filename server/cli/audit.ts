import { readFile } from 'node:fs/promises'
import type { Command } from '@commander-js/extra-typings'
import { Failure } from '../failure.ts'
import { addExamples } from './lib/examples.ts'
import type { CliHouse } from './lib/house.ts'
import { formatNumber } from './lib/numbers.ts'
import { withClient } from './lib/query.ts'

type Verdict = {
  is_intact: boolean
  batch_count: number
  change_count: number
  action_count: number
  last_position: number
  link: string | null
  findings: { batch_id: number | null; chain_no: number | null; problem: string }[]
}

/** Adds `parcelle audit verify` and `export-head`. */
export function register(program: Command, house: CliHouse): void {
  const audit = program.command('audit').description('whether the record of changes is as it was written')
  addExamples(audit, [['parcelle audit verify', 'checks every entry, batch and link']])

  const verify = audit
    .command('verify')
    .description(
      'check every change, every batch and every link; ends with 1 when something was tampered with',
    )
    .option('--head <file>', 'also against a head exported earlier and kept elsewhere')
    .action(async (options) => {
      const head = options.head === undefined ? null : await readHead(options.head)
      const verdict = await withClient(house, async (client) => {
        const { rows } = await client.query<{ verdict: Verdict }>(
          'select to_jsonb(app_public.verify_audit($1)) as verdict',
          [head],
        )
        return rows[0]?.verdict
      })
      if (verdict === undefined) throw new Failure('the record could not be checked')
      house.out.result(verdict, () => describe(verdict))
      if (!verdict.is_intact) process.exitCode = 1
    })
  addExamples(verify, [
    ['parcelle audit verify', 'is everything as it was written?'],
    ['parcelle audit verify --head head.json', 'has the end been cut off since?'],
  ])

  const head = audit
    .command('export-head')
    .description('print the end of the chain, to be kept where nobody here can reach it')
    .action(async () => {
      const exported = await withClient(house, async (client) => {
        const { rows } = await client.query<{ head: object }>('select app_public.export_audit_head() as head')
        return rows[0]?.head
      })
      house.out.result(exported, JSON.stringify(exported))
    })
  addExamples(head, [['parcelle audit export-head > head.json', 'keep it on another machine']])
}

async function readHead(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Failure(`cannot read ${path}`, { hint: 'Name a file that parcelle audit export-head wrote.' })
  })
  try {
    return JSON.parse(text)
  } catch {
    throw new Failure(`${path} is no JSON`, { hint: 'Name a file that parcelle audit export-head wrote.' })
  }
}

function describe(verdict: Verdict): string {
  const counted =
    `${formatNumber(verdict.batch_count)} batches, ${formatNumber(verdict.change_count)} changes, ` +
    `${formatNumber(verdict.action_count)} actions of operators`
  if (verdict.is_intact) {
    return verdict.link === null
      ? 'nothing has been recorded yet'
      : `intact: ${counted}; last link ${verdict.link}`
  }
  return [
    `tampered with: ${counted}`,
    ...verdict.findings.map(({ chain_no, batch_id, problem }) =>
      chain_no === null ? `  ${problem}` : `  link ${chain_no} (batch ${batch_id ?? 'gone'}): ${problem}`,
    ),
  ].join('\n')
}
