import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import type { Command } from '@commander-js/extra-typings'
import type pg from 'pg'
import { Failure } from '../../failure.ts'
import { addExamples } from '../lib/examples.ts'
import type { CliHouse } from '../lib/house.ts'
import { formatNumber } from '../lib/numbers.ts'
import { formatTable } from '../lib/output.ts'
import { withClient } from '../lib/query.ts'

interface RejectRow {
  source_no: number
  line_no: number
  raw: Buffer
  reason: string
  detail: string
  name: string | null
}

const pageSize = 5_000

/** Adds `parcelle dvf rejects`. */
export function registerRejects(dvf: Command, house: CliHouse): void {
  const command = dvf
    .command('rejects')
    .description('the lines of a release that could not be read: which, and why')
    .argument('<release>', 'code of the release')
    .option('--out <file>', 'write the lines back, byte for byte as they stood')
    .option('--limit <number>', 'how many to show', Number, 20)
    .action(async (code, options) => {
      await withClient(house, async (client) => {
        const releaseId = await findRelease(client, code)
        const { rows: reasons } = await client.query<{ reason: string; count: number }>(
          `select reason, count(*)::integer as count from app_private.dvf_rejects
           where release_id = $1 group by reason order by count desc, reason`,
          [releaseId],
        )
        if (options.out !== undefined) {
          const written = await writeBack(client, releaseId, options.out)
          house.out.result({ release: code, file: options.out, lines: written, reasons }, () =>
            written === 0
              ? 'no line was rejected'
              : `${formatNumber(written)} lines written to ${options.out}`,
          )
          return
        }
        const rows = await page(client, releaseId, [0, 0], options.limit)
        const lines = rows.map((row) => ({
          file: row.name,
          line: row.line_no,
          reason: row.reason,
          detail: row.detail,
          raw: row.raw.toString('latin1').trimEnd(),
        }))
        house.out.result({ release: code, reasons, lines }, () =>
          reasons.length === 0
            ? 'no line was rejected'
            : [
                formatTable(
                  ['reason', 'lines'],
                  reasons.map((row) => [row.reason, row.count]),
                ),
                '',
                ...lines.map(
                  (line) => `${line.file}:${line.line}: ${line.detail}\n  ${line.raw.slice(0, 160)}`,
                ),
              ].join('\n'),
        )
      })
    })
  addExamples(command, [
    ['parcelle dvf rejects 2023-10', 'counts by reason and the first lines'],
    ['parcelle dvf rejects 2023-10 --out bad.csv', 'all of them, as they stood, to mend and import'],
  ])
}

async function findRelease(client: pg.Client, code: string): Promise<number> {
  const { rows } = await client.query<{ id: number }>(
    'select id from app_public.dvf_releases where code = $1 order by id desc limit 1',
    [code],
  )
  const id = rows[0]?.id
  if (id === undefined) {
    throw new Failure(`there is no release ${code}`, { hint: 'List them with: parcelle dvf releases' })
  }
  return id
}

async function page(
  client: pg.Client,
  releaseId: number,
  after: [number, number],
  limit: number,
): Promise<RejectRow[]> {
  const { rows } = await client.query<RejectRow>(
    `select j.source_no, j.line_no, j.raw, j.reason, j.detail, s.name
     from app_private.dvf_rejects as j
     left join app_public.dvf_sources as s using (release_id, source_no)
     where j.release_id = $1 and (j.source_no, j.line_no) > ($2, $3)
     order by j.source_no, j.line_no
     limit $4`,
    [releaseId, ...after, limit],
  )
  return rows
}

async function writeBack(client: pg.Client, releaseId: number, file: string): Promise<number> {
  const out = createWriteStream(file)
  let written = 0
  let after: [number, number] = [0, 0]
  for (;;) {
    const rows = await page(client, releaseId, after, pageSize)
    const last = rows.at(-1)
    if (!last) break
    if (!out.write(Buffer.concat(rows.map((row) => row.raw)))) await once(out, 'drain')
    written += rows.length
    after = [last.source_no, last.line_no]
  }
  out.end()
  await once(out, 'finish')
  return written
}
