import type pg from 'pg'
import type { RejectedLine } from './errors.ts'

/** Keeps rejected lines in batches, so that a file of nothing but bad lines needs no more memory than another. */
export interface RejectWriter {
  add(line: RejectedLine): Promise<void> | undefined
  flush(): Promise<void>
}

const batchSize = 500

/** Writes a release's rejected lines to `app_private.dvf_rejects`, bytes as they stood. */
export function createRejectWriter(client: pg.ClientBase, releaseId: number): RejectWriter {
  let waiting: RejectedLine[] = []
  const flush = async () => {
    if (waiting.length === 0) return
    const lines = waiting
    waiting = []
    await client.query(
      `insert into app_private.dvf_rejects (release_id, source_no, line_no, raw, reason, detail)
       select $1, l.source_no, l.line_no, l.raw, l.reason, l.detail
       from unnest($2::smallint[], $3::integer[], $4::bytea[], $5::text[], $6::text[])
         as l (source_no, line_no, raw, reason, detail)`,
      [
        releaseId,
        lines.map((line) => line.sourceNo),
        lines.map((line) => line.lineNo),
        lines.map((line) => line.raw),
        lines.map((line) => line.reason),
        lines.map((line) => line.detail),
      ],
    )
  }
  return {
    add(line) {
      waiting.push(line)
      return waiting.length >= batchSize ? flush() : undefined
    },
    flush,
  }
}
