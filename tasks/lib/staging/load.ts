import type pg from 'pg'
import { readCsvHead } from './csv.ts'
import { StagingInputError } from './errors.ts'
import { createJsonArrayReader, createJsonLineReader } from './json.ts'
import type { StagingFile } from './open.ts'
import { createRecordReader } from './records.ts'
import type { RejectBook } from './rejects.ts'
import { type FilledSession, startCopy, storeElements } from './store.ts'

const batchCount = 2000
const batchBytes = 4_194_304

/** Where the files of one session go, inside one transaction of `client`. */
export interface Loading {
  client: pg.Client
  session: FilledSession
  /** The session's own partition, made in this transaction; undefined for one that shares the day's. */
  ownPartition: string | undefined
  rejects: RejectBook
  /** Called after each chunk; throws to break off. */
  progress(storedBytes: number, rows: number): void
}

/** What one file came to. */
export interface LoadedFile {
  rows: number
  /** Columns that are none of property_scrapes_staging: their cells are in the payload. */
  payloadColumns: string[]
  /** False when the file broke off inside its last row. */
  isWhole: boolean
}

/**
 * Stages one file, whose form shows in its first bytes: a JSON array, JSON lines, or CSV.
 *
 * StagingInputError: none of its columns is known, it is empty or cut short.
 */
export async function loadFile(file: StagingFile, loading: Loading): Promise<LoadedFile> {
  let stored = 0
  const chunks = file
    .read((bytes) => {
      stored = bytes
    })
    [Symbol.asyncIterator]()
  const first = withoutMark(await firstBytes(chunks), file.name)
  const told = { ...loading, progress: (_: number, rows: number) => loading.progress(stored, rows) }
  const form = /[[{]/.exec(first.toString('latin1', 0, 4096).trimStart()[0] ?? '')?.[0]
  if (form === undefined) return loadCsv(file, chunks, first, told)
  return loadJson(file, chunks, first, form === '[', told)
}

async function firstBytes(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0)
  while (bytes.toString('latin1').trim() === '') {
    const next = await chunks.next()
    if (next.done) break
    bytes = Buffer.concat([bytes, next.value])
  }
  return bytes
}

function withoutMark(bytes: Buffer, name: string): Buffer {
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0
  if (mark === 0xfffe || mark === 0xfeff) {
    throw new StagingInputError(`${name} is UTF-16`, 'Save it as UTF-8.')
  }
  return bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf ? bytes.subarray(3) : bytes
}

async function loadCsv(
  file: StagingFile,
  chunks: AsyncIterator<Buffer>,
  first: Buffer,
  loading: Loading,
): Promise<LoadedFile> {
  const { client, session, ownPartition, rejects } = loading
  const head = await readCsvHead(chunks, first, file.name)
  const { rows } = await client.query<{ meant: (string | null)[]; fields: string[] }>(
    `select app_private.meant_columns(s.source_id, $2) as meant, app_private.staged_fields() as fields
     from app_public.scrape_sessions as s where s.id = $1`,
    [session.id, head.names],
  )
  const { meant, fields } = rows[0] as { meant: (string | null)[]; fields: string[] }
  if (meant.every((column) => column === null)) {
    throw new StagingInputError(
      `none of the columns of ${file.name} is known: ${head.names.slice(0, 10).join(', ')}`,
      `Name columns as staging does (${fields.join(', ')}), or say in the source's config under "columns" what they mean.`,
    )
  }
  // Cells that need no second look go where they stay.
  const isDirect =
    ownPartition !== undefined &&
    meant.includes('source_key') &&
    meant.every((column) => column !== null && fields.includes(column))
  const table = isDirect ? ownPartition : 'pg_temp.staged_file'
  const columns = isDirect ? (meant as string[]) : head.names.map((_, n) => `c${n + 1}`)
  if (!isDirect) {
    await client.query(
      `create temp table staged_file (${columns.map((c) => `${c} text`).join(', ')}) on commit drop`,
    )
  }
  const copy = startCopy(client, table, columns, head.delimiter, true)
  const reader = createRecordReader({
    delimiter: head.delimiter.charCodeAt(0),
    fieldCount: head.names.length,
    firstLine: head.firstLine,
    write: copy.write,
    reject: (line, reason, raw) => rejects.add(file.name, line, reason, raw),
  })
  for (let chunk = head.rest, next: IteratorResult<Buffer> | undefined; ; chunk = next.value) {
    loading.progress(0, reader.push(chunk))
    await copy.drained()
    next = await chunks.next()
    if (next.done) break
  }
  const staged = reader.end()
  await copy.finish()
  if (!isDirect) {
    await client.query('select app_private.take_staged_file($1, $2)', [session.id, head.names])
    await client.query('drop table pg_temp.staged_file')
  }
  return {
    rows: staged,
    payloadColumns: head.names.filter((name, n) => meant[n] === null && name !== ''),
    isWhole: true,
  }
}

async function loadJson(
  file: StagingFile,
  chunks: AsyncIterator<Buffer>,
  first: Buffer,
  isArray: boolean,
  loading: Loading,
): Promise<LoadedFile> {
  const { client, session, rejects } = loading
  let batch: { text: string; line: number }[] = []
  let size = 0
  let rows = 0
  const store = async () => {
    const full = batch
    batch = []
    size = 0
    for (let from = 0; from < full.length; from += batchCount) {
      rows += await storeElements(client, session, full.slice(from, from + batchCount), (line, text) =>
        rejects.add(file.name, line, 'not_stored', text),
      )
    }
  }
  const reader = (isArray ? createJsonArrayReader : createJsonLineReader)({
    element(text, line) {
      batch.push({ text, line })
      size += text.length
    },
    reject: (line, reason, raw) => rejects.add(file.name, line, reason, raw),
  })
  for (let chunk = first, next: IteratorResult<Buffer> | undefined; ; chunk = next.value) {
    reader.push(chunk)
    if (batch.length >= batchCount || size >= batchBytes) await store()
    loading.progress(0, rows)
    next = await chunks.next()
    if (next.done) break
  }
  const isWhole = reader.end()
  await store()
  return { rows, payloadColumns: [], isWhole }
}
