import { type Field, fieldNo, fields } from './columns.ts'
import type { CommuneIndex } from './communes.ts'
import type { Dialect } from './dialect.ts'
import type { RejectReason } from './errors.ts'
import { feedLanes, finishLanes, type Lanes, startLanes } from './fingerprint.ts'
import { createLotWriter } from './lots.ts'
import { createPlaceReader } from './place.ts'
import { putBytes, putFloat64, putInt16, putInt32, putInt64, putNull, type Sink, viewOf } from './sink.ts'
import { putCode, putPostalCode, putStreet, putStreetCode, putText } from './text.ts'
import {
  BAD,
  EMPTY,
  EMPTY_DECIMAL,
  NO_DATE,
  readCents,
  readDate,
  readDecimal,
  readInteger,
  yearOf,
} from './values.ts'
import { natureNo, natures, premisesNo, premisesTypes } from './words.ts'

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

const columnCount = 35
// Lengths, numbers and array headers of a tuple take 520 bytes at most; texts are not longer than the record
// they came from, but for padding.
const tupleOverhead = 640

/**
 * Translates split records of one source into tuples of `app_private.dvf_lines`. The fingerprint is a digest of the
 * tuple's own bytes from `sold_on` to `land_surface_m2` without the published id, the former codes and the
 * coordinates: the columns that say the same in both official forms.
 */
export function createLineTranslator(
  dialect: Dialect,
  communes: CommuneIndex,
  releaseId: number,
  sourceNo: number,
  sinks: [Sink, Sink],
): LineTranslator {
  const at = (field: Field) => dialect.positions[fieldNo[field]]!
  const place = createPlaceReader(dialect, communes)
  const putLots = createLotWriter(dialect)
  const natureLabels = natures.map(labelled)
  const premisesLabels = premisesTypes.map(labelled)
  const natureCache = new Map<string, number>()
  const lanes: Lanes = { high: 0, low: 0 }

  const soldOn = at('soldOn')
  const disposition = at('disposition')
  const nature = at('nature')
  const price = at('price')
  const documentService = at('documentService')
  const documentReference = at('documentReference')
  const mutationHint = at('mutationHint')
  const streetNumber = at('streetNumber')
  const streetSuffix = at('streetSuffix')
  const streetType = at('streetType')
  const streetName = at('streetName')
  const streetCode = at('streetCode')
  const postalCode = at('postalCode')
  const volume = at('volume')
  const lotCount = at('lotCount')
  const premisesCode = at('premisesCode')
  const premisesLabel = at('premisesLabel')
  const premisesReference = at('premisesReference')
  const builtSurface = at('builtSurface')
  const roomCount = at('roomCount')
  const landUse = at('landUse')
  const specialLandUse = at('specialLandUse')
  const landSurface = at('landSurface')
  const longitude = at('longitude')
  const latitude = at('latitude')

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
    if (day === NO_DATE) {
      const isEmpty = starts[soldOn]! === starts[soldOn + 1]! - 1
      return fail(isEmpty ? 'missing_value' : 'bad_date', 'soldOn')
    }
    const natureIndex = readNature(bytes, starts[nature]!, starts[nature + 1]! - 1)
    if (natureIndex < 0) {
      const isEmpty = starts[nature]! === starts[nature + 1]! - 1
      return fail(isEmpty ? 'missing_value' : 'bad_nature', 'nature')
    }
    const dispositionNo = readInteger(bytes, starts[disposition]!, starts[disposition + 1]! - 1)
    if (dispositionNo < 1) {
      return fail(dispositionNo === EMPTY ? 'missing_value' : 'bad_disposition', 'disposition')
    }
    if (!place.read(record)) return fail(place.reason, place.field)

    const commune = place.commune
    const shard = (communes.codeBytes[commune * 5 + 4]! & 1) as 0 | 1
    const sink = sinks[shard]
    const start = sink.at
    const needed = tupleOverhead + starts[dialect.fieldCount]! - starts[0]!
    if (start + needed > sink.bytes.length) {
      self.shard = shard
      self.needed = needed
      return SINK_FULL
    }
    const rejected = write(sink, record, lineNo, day, natureIndex, dispositionNo, shard)
    if (rejected !== ACCEPTED) {
      sink.at = start
      return rejected
    }
    if (day !== lastDay) {
      lastDay = day
      self.year = yearOf(day)
    }
    self.commune = commune
    return ACCEPTED
  }

  function write(
    sink: Sink,
    record: SplitRecord,
    lineNo: number,
    day: number,
    natureIndex: number,
    dispositionNo: number,
    shard: number,
  ): number {
    const { bytes, starts } = record
    const out = sink.view

    out.setInt16(sink.at, columnCount)
    sink.at += 2
    putInt32(sink, releaseId)
    putInt16(sink, shard)
    putInt16(sink, sourceNo)
    putInt32(sink, lineNo)
    const fingerprint = sink.at
    sink.at += 12

    startLanes(lanes)
    let from = sink.at
    putInt32(sink, day)
    const label = natureLabels[natureIndex]!
    putBytes(sink, label.view, 0, label.length)
    putInt32(sink, dispositionNo)
    const cents = readCents(bytes, starts[price]!, starts[price + 1]! - 1)
    if (cents === BAD) return fail('bad_number', 'price')
    if (cents > 0) putInt64(sink, cents)
    else putNull(sink)
    putCode(sink, record, documentService)
    putCode(sink, record, documentReference)
    feedLanes(lanes, out, from, sink.at)

    putText(sink, record, mutationHint)

    from = sink.at
    if (!putInteger(sink, record, streetNumber)) return fail('bad_number', 'streetNumber')
    putCode(sink, record, streetSuffix)
    putStreet(sink, record, streetType, streetName, dialect.fieldCount)
    putStreetCode(sink, record, streetCode)
    if (!putPostalCode(sink, record, postalCode)) return fail('bad_number', 'postalCode')
    place.putCommune(sink)
    feedLanes(lanes, out, from, sink.at)

    place.putFormerCommune(sink)

    from = sink.at
    place.putDepartment(sink)
    place.putParcel(sink)
    feedLanes(lanes, out, from, sink.at)

    place.putFormerParcel(sink)

    from = sink.at
    putCode(sink, record, volume)
    const badLot = putLots(sink, record)
    if (badLot >= 0) return fail('bad_number', fields[badLot]!)
    const count = readInteger(bytes, starts[lotCount]!, starts[lotCount + 1]! - 1)
    if (count === BAD || count > 32_767) return fail('bad_number', 'lotCount')
    putInt16(sink, count === EMPTY ? 0 : count)
    if (!putPremises(sink, record)) return REJECTED
    putCode(sink, record, premisesReference)
    if (!putPositive(sink, record, builtSurface)) return fail('bad_number', 'builtSurface')
    const rooms = readInteger(bytes, starts[roomCount]!, starts[roomCount + 1]! - 1)
    if (rooms === BAD || rooms > 32_767) return fail('bad_number', 'roomCount')
    if (rooms === EMPTY) putNull(sink)
    else putInt16(sink, rooms)
    putText(sink, record, landUse)
    putText(sink, record, specialLandUse)
    if (!putPositive(sink, record, landSurface)) return fail('bad_number', 'landSurface')
    feedLanes(lanes, out, from, sink.at)

    if (!putDecimal(sink, bytes, starts[longitude]!, starts[longitude + 1]! - 1, 180)) {
      return fail('bad_number', 'longitude')
    }
    if (!putDecimal(sink, bytes, starts[latitude]!, starts[latitude + 1]! - 1, 90)) {
      return fail('bad_number', 'latitude')
    }

    finishLanes(lanes)
    out.setInt32(fingerprint, 8)
    out.setInt32(fingerprint + 4, lanes.high)
    out.setInt32(fingerprint + 8, lanes.low)
    return ACCEPTED
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

  function putPremises(sink: Sink, record: SplitRecord): boolean {
    const { bytes, starts } = record
    const code = readInteger(bytes, starts[premisesCode]!, starts[premisesCode + 1]! - 1)
    let number = code - 1
    if (code === EMPTY) {
      const from = starts[premisesLabel]!
      const to = starts[premisesLabel + 1]! - 1
      if (from === to) {
        putNull(sink)
        return true
      }
      number = premisesNo(bytes.toString('utf8', from, Math.min(to, from + 60)))
    }
    const label = premisesLabels[number]
    if (label === undefined) {
      fail('bad_premises_type', code === EMPTY ? 'premisesLabel' : 'premisesCode')
      return false
    }
    putBytes(sink, label.view, 0, label.length)
    return true
  }
}

function labelled(text: string): { view: DataView; length: number } {
  // Four bytes of slack: putBytes reads in fours.
  return { view: viewOf(Buffer.from(`${text}\0\0\0\0`, 'latin1')), length: text.length }
}

function putInteger(sink: Sink, record: SplitRecord, index: number): boolean {
  const value = readInteger(record.bytes, record.starts[index]!, record.starts[index + 1]! - 1)
  if (value === BAD) return false
  if (value === EMPTY) putNull(sink)
  else putInt32(sink, value)
  return true
}

// A surface of 0 is how the raw form writes that there is none.
function putPositive(sink: Sink, record: SplitRecord, index: number): boolean {
  const value = readInteger(record.bytes, record.starts[index]!, record.starts[index + 1]! - 1)
  if (value === BAD) return false
  if (value > 0) putInt32(sink, value)
  else putNull(sink)
  return true
}

function putDecimal(sink: Sink, bytes: Buffer, from: number, to: number, limit: number): boolean {
  const value = readDecimal(bytes, from, to)
  if (value === EMPTY_DECIMAL) putNull(sink)
  else if (Math.abs(value) <= limit) putFloat64(sink, value)
  else return false
  return true
}
