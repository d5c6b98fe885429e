import { type Field, fieldNo } from './columns.ts'
import type { CommuneIndex } from './communes.ts'
import type { Dialect } from './dialect.ts'
import type { RejectReason } from './errors.ts'
import { createPlaceReader } from './place.ts'
import { NO_SHARD, type ShardPlan } from './plan.ts'
import type { Sink } from './sink.ts'
import { createTupleWriter, type LineHead } from './tuple.ts'
import { EMPTY, NO_DATE, readDate, readInteger, yearOf } from './values.ts'
import { natureNo } from './words.ts'

/**
 * One record, split: field `i` is the bytes from `starts[i]` to `starts[i + 1] - 1`. One more field, at the index
 * after the last, is always there and empty; absent columns point to it.
 */
export interface SplitRecord {
  bytes: Buffer
  view: DataView
  starts: Int32Array
}

/** What the translator says of a record. */
export const ACCEPTED = 0
export const SINK_FULL = 1
export const REJECTED = 2

export interface LineTranslator {
  /**
   * Writes the record's tuple to its shard's sink. SINK_FULL: nothing was written, empty `sinks[shard]` (which
   * must hold `needed` bytes) and ask again. REJECTED: nothing was written, see `reason` and `field`.
   */
  translate(record: SplitRecord, lineNo: number): number
  sinks: [Sink, Sink]
  shard: 0 | 1
  needed: number
  reason: RejectReason
  field: Field
  /** Number of the present commune of the record accepted last, and its year. */
  commune: number
  year: number
}

// Lengths, numbers and array headers of a tuple take 560 bytes at most; texts are not longer than the record
// they came from, but for padding.
const tupleOverhead = 704

/** Translates split records of one source into tuples of `app_private.dvf_lines`, each in its shard's sink. */
export function createLineTranslator(
  dialect: Dialect,
  communes: CommuneIndex,
  releaseId: number,
  sourceNo: number,
  sinks: [Sink, Sink],
  plan: ShardPlan,
): LineTranslator {
  const at = (field: Field) => dialect.positions[fieldNo[field]]!
  const place = createPlaceReader(dialect, communes)
  const tuple = createTupleWriter(dialect, communes, place, releaseId, sourceNo)
  const natureCache = new Map<string, number>()
  const { shards, lines: shardLines } = plan
  const head: LineHead = { lineNo: 0, shard: 0, day: 0, nature: 0, disposition: 0 }
  const soldOn = at('soldOn')
  const nature = at('nature')
  const disposition = at('disposition')
  let lastDay = NO_DATE

  const self: LineTranslator = {
    translate,
    sinks,
    shard: 0,
    needed: 0,
    reason: 'field_count',
    field: 'soldOn',
    commune: 0,
    year: 0,
  }
  return self

  function fail(reason: RejectReason, field: Field): number {
    self.reason = reason
    self.field = field
    return REJECTED
  }

  function translate(record: SplitRecord, lineNo: number): number {
    const { bytes, starts } = record

    const day = readDate(bytes, starts[soldOn]!, starts[soldOn + 1]! - 1)
    if (day === NO_DATE) return failAt(record, soldOn, 'bad_date', 'soldOn')
    const natureIndex = readNature(bytes, starts[nature]!, starts[nature + 1]! - 1)
    if (natureIndex < 0) return failAt(record, nature, 'bad_nature', 'nature')
    const dispositionNo = readInteger(bytes, starts[disposition]!, starts[disposition + 1]! - 1)
    if (dispositionNo < 1) {
      return fail(dispositionNo === EMPTY ? 'missing_value' : 'bad_disposition', 'disposition')
    }
    if (!place.read(record)) return fail(place.reason, place.field)

    const planned = shards[place.commune] as 0 | 1 | typeof NO_SHARD
    const shard = planned === NO_SHARD ? plan.assign(place.commune) : planned
    const sink = sinks[shard]
    const start = sink.at
    const needed = tupleOverhead + starts[dialect.fieldCount]! - starts[0]!
    if (start + needed > sink.bytes.length) {
      self.shard = shard
      self.needed = needed
      return SINK_FULL
    }
    head.lineNo = lineNo
    head.shard = shard
    head.day = day
    head.nature = natureIndex
    head.disposition = dispositionNo
    if (!tuple.write(sink, record, head)) {
      sink.at = start
      return fail(tuple.reason, tuple.field)
    }
    if (day !== lastDay) {
      lastDay = day
      self.year = yearOf(day)
    }
    self.commune = place.commune
    shardLines[shard]++
    return ACCEPTED
  }

  function failAt(record: SplitRecord, index: number, reason: RejectReason, field: Field): number {
    const isEmpty = record.starts[index]! === record.starts[index + 1]! - 1
    return fail(isEmpty ? 'missing_value' : reason, field)
  }

  function readNature(bytes: Buffer, from: number, to: number): number {
    // "Vente" is nine lines of ten.
    if (to - from === 5 && bytes[from] === 86 && bytes[from + 3] === 116 && bytes[from + 4] === 101) return 0
    const text = bytes.toString('utf8', from, Math.min(to, from + 60))
    let number = natureCache.get(text)
    if (number === undefined) {
      number = natureNo(text)
      // Only known words are kept, so that a broken file cannot fill the memory.
      if (number >= 0) natureCache.set(text, number)
    }
    return number
  }
}
