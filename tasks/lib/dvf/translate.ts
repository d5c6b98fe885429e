import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { fieldNo } from './columns.ts'
import type { CommuneIndex } from './communes.ts'
import { type Dialect, recogniseDialect } from './dialect.ts'
import { DvfInputError, type RejectedLine, type RejectReason } from './errors.ts'
import { ACCEPTED, createLineTranslator, type LineTranslator, REJECTED, SINK_FULL } from './line.ts'
import { createShardPlan, type ShardPlan } from './plan.ts'
import { createSink, type Sink } from './sink.ts'
import { BLANK, createSplitter, type Encoding, MORE, type Splitter, UNREADABLE } from './splitter.ts'
import { createTally, type LineCount, type Tally } from './tally.ts'
import { appendToWindow, createWindow, maxUnbroken, type Window } from './window.ts'
import { expectation } from './words.ts'

export interface TranslateOptions {
  /** How the file is written; recognised from its first lines when not given. */
  dialect?: Dialect
  communes: CommuneIndex
  releaseId: number
  /** Which shard takes what, shared by the files of a release; a new one when not given. */
  plan?: ShardPlan
  /** Number of the source within the release, from 1. */
  sourceNo: number
  /**
   * Takes binary COPY tuples of `app_private.dvf_lines` for one shard, without COPY's own header and trailer
   * (`copyHeader`, `copyTrailer`). Reading waits for the promise, and uses the chunk's memory again once it resolves:
   * it may do so only when the chunk was sent. A chunk for which undefined was answered is the taker's to keep.
   */
  write(shard: 0 | 1, chunk: Buffer): Promise<void> | undefined
  reject(line: RejectedLine): void | Promise<void>
  /** SHA-256 of the content in hexadecimal, when it was computed before; it costs a fifth of the reading. */
  sha256?: string
  /** Called between chunks with what was read so far. */
  progress?(bytes: number, lines: number): void
}

/** What one source held. `accepted + rejected = lines`, the header and closing blank lines aside. */
export interface SourceReport {
  bytes: number
  /** Of the uncompressed content, in hexadecimal. */
  sha256: string
  dialect: Dialect
  /** `latin1` (read as Windows-1252) when the first line beyond ASCII was no UTF-8. */
  encoding: Encoding
  lines: number
  accepted: number
  rejected: number
  rejectedByReason: Partial<Record<RejectReason, number>>
  /** Accepted lines by present commune and year of sale. */
  byCommune: (LineCount & { inseeCode: string })[]
  /** Accepted lines by département and year of sale. */
  byDepartment: LineCount[]
}

const pieceSize = 262_144
const sinkSize = 262_144
const sampleSize = 262_144
const sampleLines = 200
// Rejected lines wait for the database in batches: bounded, whatever the file.
const maxWaiting = 200

interface Reading {
  dialect: Dialect
  splitter: Splitter
  translator: LineTranslator
  sinks: [Sink, Sink]
  /** Sinks whose bytes were sent. */
  spares: Sink[]
  tally: Tally
  /** Physical line at `window.start`. */
  lineNo: number
  lines: number
  accepted: number
  reasons: Partial<Record<RejectReason, number>>
  waiting: RejectedLine[]
  /** Blank lines that count only when another line follows. */
  blanks: { lineNo: number; raw: Buffer }[]
  fullShard: 0 | 1 | -1
  /** The end of the data has a line end that is not the file's. */
  hasOpenEnd: boolean
}

/**
 * Translates one DVF file, streaming: every line is read once, in bounded memory, and is either written as a tuple
 * or handed to `reject` as it stood. Bad data never throws. A chunk of input is not kept once the next is asked for.
 *
 * DialectError: the header is not one of a DVF file. DvfInputError: the input is empty or is no text.
 */
export async function translate(
  input: AsyncIterable<Buffer>,
  options: TranslateOptions,
): Promise<SourceReport> {
  const hash = options.sha256 === undefined ? createHash('sha256') : null
  let window = createWindow(2 * pieceSize)
  let reading: Reading | undefined
  let bytes = 0

  for await (const chunk of input) {
    hash?.update(chunk)
    for (let at = 0; at < chunk.length; at += pieceSize) {
      window = appendToWindow(window, chunk.subarray(at, at + pieceSize))
      if (!reading && window.end >= sampleSize) reading = begin(window, options)
      if (reading) await readLines(reading, window, false, options)
    }
    bytes += chunk.length
    options.progress?.(bytes, reading?.lines ?? 0)
  }
  if (bytes === 0)
    throw new DvfInputError('the file is empty', 'Check the download: a DVF file has a header.')
  reading ??= begin(window, options)
  reading.hasOpenEnd = window.end > window.start && window.bytes[window.end - 1] !== 10
  if (reading.hasOpenEnd) window.bytes[window.end++] = 10
  await readLines(reading, window, true, options)
  for (const shard of [0, 1] as const) if (reading.sinks[shard].at > 0) await flush(reading, shard, options)
  options.progress?.(bytes, reading.lines)
  return {
    bytes,
    sha256: hash?.digest('hex') ?? options.sha256 ?? '',
    dialect: reading.dialect,
    encoding: reading.splitter.encoding,
    lines: reading.lines,
    accepted: reading.accepted,
    rejected: reading.lines - reading.accepted,
    rejectedByReason: reading.reasons,
    byCommune: reading.tally.byCommune(),
    byDepartment: reading.tally.byDepartment(),
  }
}

// Takes the header and a sample off the window. The sample does not depend on how the input was cut into chunks.
function begin(window: Window, options: TranslateOptions): Reading {
  const known = window.bytes.subarray(0, window.end)
  if ((known[0] === 0xff && known[1] === 0xfe) || (known[0] === 0xfe && known[1] === 0xff)) {
    throw new DvfInputError('the file is in UTF-16', 'Save it as UTF-8 or give the file as it was published.')
  }
  const headerEnd = known.indexOf(10)
  if (headerEnd < 0 && known.length >= sampleSize) refuseUnbroken(1, known.length)
  const body = headerEnd < 0 ? known.length : headerEnd + 1
  const isWhole = known.length < sampleSize
  const sampleEnd = isWhole ? known.length : known.lastIndexOf(10, sampleSize - 1) + 1
  const sample = decode(known.subarray(body, Math.max(body, sampleEnd)))
    .split('\n')
    .slice(0, sampleLines)
  const dialect = options.dialect ?? recogniseDialect(decode(known.subarray(0, body)), sample)
  window.start = body
  const sinks: [Sink, Sink] = [createSink(sinkSize), createSink(sinkSize)]
  return {
    dialect,
    splitter: createSplitter(dialect, window),
    translator: createLineTranslator(
      dialect,
      options.communes,
      options.releaseId,
      options.sourceNo,
      sinks,
      options.plan ?? createShardPlan(options.communes),
    ),
    sinks,
    spares: [],
    tally: createTally(options.communes),
    lineNo: 2,
    lines: 0,
    accepted: 0,
    reasons: {},
    waiting: [],
    blanks: [],
    fullShard: -1,
    hasOpenEnd: false,
  }
}

function decode(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
}

async function readLines(reading: Reading, window: Window, isEnd: boolean, options: TranslateOptions) {
  const limit = window.bytes.lastIndexOf(10, window.end - 1) + 1
  if (limit <= window.start) {
    if (window.end - window.start > maxUnbroken) refuseUnbroken(reading.lineNo, window.end - window.start)
    return
  }
  reading.splitter.survey(window, window.start, limit)
  while (!readRun(reading, window, limit, isEnd, options.sourceNo)) {
    if (reading.fullShard >= 0) await flush(reading, reading.fullShard as 0 | 1, options)
    await handOver(reading, options)
  }
  await handOver(reading, options)
}

// Reads lines until the window is used up (true), or something has to be handed over first (false).
function readRun(reading: Reading, window: Window, limit: number, isEnd: boolean, sourceNo: number): boolean {
  const { splitter, translator, tally } = reading
  while (window.start < limit) {
    const found = splitter.split(window.start, limit, isEnd)
    if (found === MORE) return true
    if (found === BLANK) {
      reading.blanks.push({ lineNo: reading.lineNo, raw: rawBytes(reading, window, limit) })
    } else {
      if (reading.blanks.length > 0) rejectBlanks(reading, sourceNo)
      const verdict = found === UNREADABLE ? REJECTED : translator.translate(splitter.record, reading.lineNo)
      if (verdict === SINK_FULL) {
        reading.fullShard = translator.shard
        return false
      }
      if (verdict === ACCEPTED) {
        reading.accepted++
        tally.add(translator.commune, translator.year)
      } else {
        const reason = found === UNREADABLE ? splitter.reason : translator.reason
        const detail = found === UNREADABLE ? splitter.detail : explain(reading)
        reject(reading, {
          sourceNo,
          lineNo: reading.lineNo,
          reason,
          detail,
          raw: rawBytes(reading, window, limit),
        })
      }
      reading.lines++
    }
    window.start = splitter.next
    reading.lineNo += splitter.lines
    if (reading.waiting.length >= maxWaiting) return false
  }
  return true
}

function rawBytes(reading: Reading, window: Window, limit: number): Buffer {
  const { next } = reading.splitter
  // Our own line end at the end of the data is not part of the file.
  return Buffer.from(
    window.bytes.subarray(window.start, reading.hasOpenEnd && next === limit ? next - 1 : next),
  )
}

function reject(reading: Reading, line: RejectedLine) {
  reading.reasons[line.reason] = (reading.reasons[line.reason] ?? 0) + 1
  reading.waiting.push(line)
}

function rejectBlanks(reading: Reading, sourceNo: number) {
  const detail = `expected ${reading.dialect.fieldCount} fields, got a blank line`
  for (const blank of reading.blanks) reject(reading, { sourceNo, reason: 'field_count', detail, ...blank })
  reading.lines += reading.blanks.length
  reading.blanks = []
}

function explain({ dialect, splitter, translator }: Reading): string {
  const { bytes, starts } = splitter.record
  const number = fieldNo[translator.field]
  const at = dialect.positions[number]!
  const came = bytes.toString('utf8', starts[at]!, Math.min(starts[at + 1]! - 1, starts[at]! + 80))
  const name = dialect.names[number] ?? translator.field
  return `${name}: expected ${expectation(translator.reason, translator.field)}, got ${JSON.stringify(came)}`
}

async function flush(reading: Reading, shard: 0 | 1, options: TranslateOptions) {
  const sink = reading.sinks[shard]
  reading.fullShard = -1
  const size = Math.max(sinkSize, reading.translator.needed)
  reading.sinks[shard] = (size === sinkSize && reading.spares.pop()) || createSink(size)
  const sending = options.write(shard, sink.bytes.subarray(0, sink.at))
  if (sending === undefined) return
  await sending
  // A small chunk may still lie in a buffer of the connection that did not have to drain for it.
  if (sink.bytes.length !== sinkSize || sink.at < sinkSize / 2) return
  sink.at = 0
  reading.spares.push(sink)
}

async function handOver(reading: Reading, options: TranslateOptions) {
  const { waiting } = reading
  if (waiting.length === 0) return
  reading.waiting = []
  for (const line of waiting) await options.reject(line)
}

function refuseUnbroken(lineNo: number, bytes: number): never {
  const message = `line ${lineNo} goes on for more than ${bytes} bytes, the file is no text`
  throw new DvfInputError(message, 'Give a DVF file as text, or packed as .gz or .zip.')
}
