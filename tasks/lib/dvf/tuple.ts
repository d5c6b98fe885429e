import { type Field, fieldNo, fields } from './columns.ts'
import type { CommuneIndex } from './communes.ts'
import type { Dialect } from './dialect.ts'
import type { RejectReason } from './errors.ts'
import {
  feedDigest,
  feedLanes,
  feedWord,
  type Lanes,
  readDigest,
  startLanes,
  zeroLanes,
} from './fingerprint.ts'
import type { SplitRecord } from './line.ts'
import { createLotWriter } from './lots.ts'
import type { PlaceReader } from './place.ts'
import { putBytes, putFloat64, putInt16, putInt32, putInt64, putNull, type Sink, viewOf } from './sink.ts'
import { putCode, putPostalCode, putStreet, putStreetCode, putText } from './text.ts'
import { BAD, EMPTY, EMPTY_DECIMAL, readCents, readDecimal, readInteger } from './values.ts'
import { natures, premisesNo, premisesTypes } from './words.ts'

/** Writes the tuple of a line whose day, nature, disposition and place are known. */
export interface TupleWriter {
  /** False when another field cannot be read; `reason` and `field` say why, and what was written is void. */
  write(sink: Sink, record: SplitRecord, line: LineHead): boolean
  reason: RejectReason
  field: Field
}

/** What is read of a line before anything is written. */
export interface LineHead {
  lineNo: number
  shard: number
  /** Days from 2000-01-01. */
  day: number
  nature: number
  disposition: number
}

const columnCount = 40

// Main premises sort first: houses and flats, then commercial premises, then annexes, then bare land.
const premisesRanks = [0, 0, 2, 1]
const bareLandRank = 3

/**
 * Writer of tuples of `app_private.dvf_lines`. The digests are taken of the tuple's own bytes, range by range, so
 * that equal columns have equal digests whatever file they came from:
 *
 * - key: price, day, nature, disposition, département, document; unit: the key and the section;
 * - premises: address, volume, lots, type, surface and rooms, behind a rank that sorts the main ones first;
 * - land: use, special use and surface;
 * - fingerprint: all of these with the commune and the whole parcel. What one form or one edition alone knows (the
 *   published id, the former codes, the coordinates) is in none.
 */
export function createTupleWriter(
  dialect: Dialect,
  communes: CommuneIndex,
  place: PlaceReader,
  releaseId: number,
  sourceNo: number,
): TupleWriter {
  const at = (field: Field) => dialect.positions[fieldNo[field]]!
  const putLots = createLotWriter(dialect)
  const natureLabels = natures.map(labelled)
  const premisesLabels = premisesTypes.map(labelled)
  const key = zeroLanes()
  const premises = zeroLanes()
  const land = zeroLanes()
  const digest = zeroLanes()
  let rank = bareLandRank

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

  const self: TupleWriter = { write, reason: 'bad_number', field: 'price' }
  return self

  function fail(reason: RejectReason, field: Field): false {
    self.reason = reason
    self.field = field
    return false
  }

  function write(sink: Sink, record: SplitRecord, line: LineHead): boolean {
    const { bytes, starts } = record
    const out = sink.view

    out.setInt16(sink.at, columnCount)
    sink.at += 2
    putInt32(sink, releaseId)
    putInt16(sink, line.shard)
    putInt16(sink, sourceNo)
    putInt32(sink, line.lineNo)
    const digests = sink.at
    sink.at += 4 * 12 + 8

    startLanes(key)
    let from = sink.at
    putInt32(sink, line.day)
    const label = natureLabels[line.nature]!
    putBytes(sink, label.view, 0, label.length)
    putInt32(sink, line.disposition)
    const cents = readCents(bytes, starts[price]!, starts[price + 1]! - 1)
    if (cents === BAD) return fail('bad_number', 'price')
    // A price of 0 is how the raw form writes that there is none.
    if (cents > 0) putInt64(sink, cents)
    else putNull(sink)
    putCode(sink, record, documentService)
    putCode(sink, record, documentReference)
    feedLanes(key, out, from, sink.at)
    putText(sink, record, mutationHint)

    startLanes(premises)
    from = sink.at
    if (!putInteger(sink, record, streetNumber)) return fail('bad_number', 'streetNumber')
    putCode(sink, record, streetSuffix)
    putStreet(sink, record, streetType, streetName, dialect.fieldCount)
    putStreetCode(sink, record, streetCode)
    if (!putPostalCode(sink, record, postalCode)) return fail('bad_number', 'postalCode')
    feedLanes(premises, out, from, sink.at)

    place.putCommune(sink)
    place.putFormerCommune(sink)
    from = sink.at
    place.putDepartment(sink)
    feedLanes(key, out, from, sink.at)
    const parcel = sink.at + 4
    place.putParcel(sink)
    place.putFormerParcel(sink)

    from = sink.at
    putCode(sink, record, volume)
    const badSurface = putLots(sink, record)
    if (badSurface >= 0) return fail('bad_number', fields[badSurface]!)
    const lotsCounted = readInteger(bytes, starts[lotCount]!, starts[lotCount + 1]! - 1)
    if (lotsCounted === BAD || lotsCounted > maxInt16) return fail('bad_number', 'lotCount')
    putInt16(sink, lotsCounted === EMPTY ? 0 : lotsCounted)
    if (!putPremises(sink, record)) return false
    putCode(sink, record, premisesReference)
    const built = readInteger(bytes, starts[builtSurface]!, starts[builtSurface + 1]! - 1)
    if (built === BAD) return fail('bad_number', 'builtSurface')
    putPositive(sink, built)
    const rooms = readInteger(bytes, starts[roomCount]!, starts[roomCount + 1]! - 1)
    if (rooms === BAD || rooms > maxInt16) return fail('bad_number', 'roomCount')
    if (rooms === EMPTY) putNull(sink)
    else putInt16(sink, rooms)
    feedLanes(premises, out, from, sink.at)

    startLanes(land)
    from = sink.at
    putText(sink, record, landUse)
    putText(sink, record, specialLandUse)
    const area = readInteger(bytes, starts[landSurface]!, starts[landSurface + 1]! - 1)
    if (area === BAD) return fail('bad_number', 'landSurface')
    putPositive(sink, area)
    feedLanes(land, out, from, sink.at)

    if (!putDecimal(sink, bytes, starts[longitude]!, starts[longitude + 1]! - 1, 180)) {
      return fail('bad_number', 'longitude')
    }
    if (!putDecimal(sink, bytes, starts[latitude]!, starts[latitude + 1]! - 1, 90)) {
      return fail('bad_number', 'latitude')
    }
    putDigests(out, digests, parcel, built)
    return true
  }

  function putDigests(out: DataView, at: number, parcel: number, built: number): void {
    readDigest(key, digest)
    putDigest(out, at + 12, digest)
    feedLanes(key, out, parcel, parcel + 10)
    readDigest(key, digest)
    putDigest(out, at + 24, digest)

    // Bits 61–62 the rank, 45–60 the surface from the largest down, 0–44 the digest.
    readDigest(premises, digest)
    const largestFirst = 65_535 - Math.min(Math.max(built, 0), 65_535)
    out.setInt32(at + 36, 8)
    out.setInt32(at + 40, (rank << 29) | (largestFirst << 13) | (digest.high & 0x1fff))
    out.setInt32(at + 44, digest.low)
    feedDigest(key, digest)

    readDigest(land, digest)
    out.setInt32(at + 48, 4)
    out.setInt32(at + 52, digest.low)
    feedDigest(key, digest)

    feedLanes(key, out, parcel + 10, parcel + 14)
    feedWord(key, communes.slots[place.commune]!)
    readDigest(key, digest)
    putDigest(out, at, digest)
  }

  function putPremises(sink: Sink, record: SplitRecord): boolean {
    const { bytes, starts } = record
    const code = readInteger(bytes, starts[premisesCode]!, starts[premisesCode + 1]! - 1)
    let number = code - 1
    if (code === EMPTY) {
      const from = starts[premisesLabel]!
      const to = starts[premisesLabel + 1]! - 1
      if (from === to) {
        rank = bareLandRank
        putNull(sink)
        return true
      }
      number = premisesNo(bytes.toString('utf8', from, Math.min(to, from + 60)))
    }
    const label = premisesLabels[number]
    if (label === undefined) {
      return fail('bad_premises_type', code === EMPTY ? 'premisesLabel' : 'premisesCode')
    }
    rank = premisesRanks[number]!
    putBytes(sink, label.view, 0, label.length)
    return true
  }
}

const maxInt16 = 32_767

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
function putPositive(sink: Sink, value: number): void {
  if (value > 0) putInt32(sink, value)
  else putNull(sink)
}

function putDecimal(sink: Sink, bytes: Buffer, from: number, to: number, limit: number): boolean {
  const value = readDecimal(bytes, from, to)
  if (value === EMPTY_DECIMAL) putNull(sink)
  else if (Math.abs(value) <= limit) putFloat64(sink, value)
  else return false
  return true
}

function putDigest(out: DataView, at: number, digest: Lanes): void {
  out.setInt32(at, 8)
  out.setInt32(at + 4, digest.high)
  out.setInt32(at + 8, digest.low)
}
