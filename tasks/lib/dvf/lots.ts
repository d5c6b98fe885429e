import { type Field, fieldNo } from './columns.ts'
import type { Dialect } from './dialect.ts'
import type { SplitRecord } from './line.ts'
import { appendBytes, putFloat64, putNull, type Sink } from './sink.ts'
import { code, trimCode } from './text.ts'
import { EMPTY_DECIMAL, readDecimal } from './values.ts'

const textOid = 25
const float8Oid = 701

/**
 * Writer of the columns `lots`, `lot_carrez_m2` and `carrez_surface_m2`: the lots that have a number or a surface, in column order, and
 * as many surfaces, null where there is none, and their sum. Answers -1, or the number of the field that holds no surface.
 */
export function createLotWriter(dialect: Dialect): (sink: Sink, record: SplitRecord) => number {
  const lotFields: Field[] = ['lot1', 'lot2', 'lot3', 'lot4', 'lot5']
  const carrezFields: Field[] = ['carrez1', 'carrez2', 'carrez3', 'carrez4', 'carrez5']
  const lotAt = Int32Array.from(lotFields, (field) => dialect.positions[fieldNo[field]]!)
  const carrezAt = Int32Array.from(carrezFields, (field) => dialect.positions[fieldNo[field]]!)
  const surfaces = new Float64Array(5)

  return (sink, record) => {
    const { bytes, starts, view } = record
    const start = sink.at
    const out = sink.view
    let count = 0
    let hasNull = 0
    let hasSurface = false
    let hasNumber = false
    sink.at = start + 24
    for (let i = 0; i < 5; i++) {
      const lot = lotAt[i]!
      const carrez = carrezAt[i]!
      const lotFrom = starts[lot]!
      const lotTo = starts[lot + 1]! - 1
      const carrezFrom = starts[carrez]!
      const carrezTo = starts[carrez + 1]! - 1
      if (lotFrom === lotTo && carrezFrom === carrezTo) continue
      const surface = readDecimal(bytes, carrezFrom, carrezTo)
      if (!(surface >= 0 || surface === EMPTY_DECIMAL)) return fieldNo[carrezFields[i]!]
      const isNumbered = trimCode(bytes, lotFrom, lotTo)
      // No lot measures 0 m²: like the other surfaces, 0 says that there is none.
      const isMeasured = surface > 0
      if (!isNumbered && !isMeasured) continue
      surfaces[count++] = isMeasured ? surface : EMPTY_DECIMAL
      if (isMeasured) hasSurface = true
      if (isNumbered) {
        hasNumber = true
        out.setInt32(sink.at, code.to - code.from)
        sink.at += 4
        appendBytes(sink, view, code.from, code.to)
      } else {
        hasNull = 1
        putNull(sink)
      }
    }
    if (hasNumber || hasSurface) putArrayHeader(out, start, sink.at - start - 4, hasNull, textOid, count)
    else {
      sink.at = start
      putNull(sink)
    }
    if (!hasSurface) {
      putNull(sink)
      putNull(sink)
      return -1
    }
    const surfacesStart = sink.at
    let hasNullSurface = 0
    let sum = 0
    sink.at += 24
    for (let i = 0; i < count; i++) {
      const surface = surfaces[i]!
      if (surface === EMPTY_DECIMAL) {
        hasNullSurface = 1
        putNull(sink)
      } else {
        sum += surface
        putFloat64(sink, surface)
      }
    }
    putArrayHeader(out, surfacesStart, sink.at - surfacesStart - 4, hasNullSurface, float8Oid, count)
    putFloat64(sink, Math.round(sum * 100) / 100)
    return -1
  }
}

// Length of the value, one dimension, whether there are nulls, element type, elements, first index 1.
function putArrayHeader(
  out: DataView,
  at: number,
  length: number,
  hasNull: number,
  oid: number,
  count: number,
) {
  out.setInt32(at, length)
  out.setInt32(at + 4, 1)
  out.setInt32(at + 8, hasNull)
  out.setInt32(at + 12, oid)
  out.setInt32(at + 16, count)
  out.setInt32(at + 20, 1)
}
