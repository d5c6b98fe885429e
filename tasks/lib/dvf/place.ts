import { type Field, fieldNo } from './columns.ts'
import { type CommuneIndex, codeSlot } from './communes.ts'
import type { Dialect } from './dialect.ts'
import type { RejectReason } from './errors.ts'
import type { SplitRecord } from './line.ts'
import { appendBytes, putBytes, putNull, type Sink, viewOf } from './sink.ts'
import { EMPTY, readInteger } from './values.ts'

/** Reads where a line lies: its present commune and its canonical parcel, with what the register called them. */
export interface PlaceReader {
  /** False when the place cannot be read; `reason` and `field` then say why. */
  read(record: SplitRecord): boolean
  /** Number of the present commune in the index. */
  commune: number
  reason: RejectReason
  field: Field
  putCommune(sink: Sink): void
  putFormerCommune(sink: Sink): void
  putDepartment(sink: Sink): void
  putParcel(sink: Sink): void
  putFormerParcel(sink: Sink): void
}

/**
 * Both forms lead to one parcel: the one the register wrote down, its commune replaced by the present one. Where
 * communes merged, the former commune's last three digits take the place of an empty section prefix, as the
 * cadastre itself does, so that two parcels of one section and plan stay apart.
 */
export function createPlaceReader(dialect: Dialect, communes: CommuneIndex): PlaceReader {
  const at = (field: Field) => dialect.positions[fieldNo[field]]!
  const communeCode = at('communeCode')
  const formerCommuneCode = at('formerCommuneCode')
  const departmentCode = at('departmentCode')
  const communeNumber = at('communeNumber')
  const parcelAt = at('parcel')
  const formerParcelAt = at('formerParcel')
  const sectionPrefix = at('sectionPrefix')
  const section = at('section')
  const plan = at('plan')
  const isGeo = dialect.form === 'geo'

  const codeView = viewOf(communes.codeBytes)
  const departmentView = viewOf(communes.departmentBytes)
  const { departmentLengths } = communes
  const registered = Buffer.alloc(24)
  const registeredView = viewOf(registered)
  let formerSlot = -1
  let parcelSlot = -1
  let hasFormerParcel = false

  const self: PlaceReader = {
    read: isGeo ? readGeo : readRaw,
    commune: 0,
    reason: 'bad_parcel',
    field: 'parcel',
    putCommune: (sink) => putBytes(sink, codeView, self.commune * 5, self.commune * 5 + 5),
    putDepartment: (sink) => {
      const from = self.commune * 3
      putBytes(sink, departmentView, from, from + departmentLengths[self.commune]!)
    },
    putFormerCommune(sink) {
      if (formerSlot < 0) putNull(sink)
      else {
        sink.view.setInt32(sink.at, 5)
        putSlot(sink.bytes, sink.at + 4, formerSlot)
        sink.at += 9
      }
    },
    putParcel,
    putFormerParcel(sink) {
      if (hasFormerParcel) putBytes(sink, registeredView, 0, 14)
      else putNull(sink)
    },
  }
  return self

  function fail(reason: RejectReason, field: Field): boolean {
    self.reason = reason
    self.field = field
    return false
  }

  function readGeo(record: SplitRecord): boolean {
    const { bytes, starts } = record
    let field: Field = 'formerParcel'
    let from = starts[formerParcelAt]!
    let to = starts[formerParcelAt + 1]! - 1
    if (from === to) {
      field = 'parcel'
      from = starts[parcelAt]!
      to = starts[parcelAt + 1]! - 1
      if (from === to) return fail('missing_value', field)
    }
    if (to - from === 14) appendTo(registered, 0, bytes, from, 14)
    else if (to - from === 13) {
      // A copy saved as numbers lost the zero of départements 01 to 09.
      registered[0] = 48
      appendTo(registered, 1, bytes, from, 13)
    } else return fail('bad_parcel', field)
    if (!checkParcel(field)) return false

    const codeFrom = starts[communeCode]!
    const codeTo = starts[communeCode + 1]! - 1
    // A copy that took the column for numbers lost Corsica's codes; the parcel still has them.
    if (codeFrom === codeTo) return locate(parcelSlot, 'parcel', starts, bytes)
    let slot = codeTo - codeFrom === 5 ? codeSlot(bytes, codeFrom) : -1
    if (slot < 0) slot = readInteger(bytes, codeFrom, codeTo)
    return locate(slot < 100_000 || codeTo - codeFrom === 5 ? slot : -1, 'communeCode', starts, bytes)
  }

  function readRaw(record: SplitRecord): boolean {
    const { bytes, starts } = record
    const slot = readRawCommune(record)
    if (slot < 0) return false
    putSlot(registered, 0, slot)

    const prefix = readInteger(bytes, starts[sectionPrefix]!, starts[sectionPrefix + 1]! - 1)
    if (prefix !== EMPTY && prefix >>> 0 > 999) return fail('bad_parcel', 'sectionPrefix')
    putNumber(registered, 5, prefix === EMPTY ? 0 : prefix, 3)

    let from = starts[section]!
    let to = starts[section + 1]! - 1
    while (from < to && bytes[from] === 32) from++
    while (from < to && bytes[to - 1] === 32) to--
    registered[8] = 48
    if (to - from === 2) {
      registered[8] = bytes[from]!
      registered[9] = bytes[from + 1]!
    } else if (to - from === 1) registered[9] = bytes[from]!
    else if (from === to && dialect.isPandas) {
      // pandas reads the section called NA as a missing value; no other section can be lost that way.
      registered[8] = 78
      registered[9] = 65
    } else return fail(from === to ? 'missing_value' : 'bad_parcel', 'section')

    const number = readInteger(bytes, starts[plan]!, starts[plan + 1]! - 1)
    if (number === EMPTY) return fail('missing_value', 'plan')
    if (number >>> 0 > 9999) return fail('bad_parcel', 'plan')
    putNumber(registered, 10, number, 4)
    return checkParcel('section') && locate(slot, 'communeNumber', starts, bytes)
  }

  function readRawCommune({ bytes, starts }: SplitRecord): number {
    const from = starts[departmentCode]!
    const to = starts[departmentCode + 1]! - 1
    const number = readInteger(bytes, starts[communeNumber]!, starts[communeNumber + 1]! - 1)
    if (from === to || number === EMPTY) {
      fail('missing_value', from === to ? 'departmentCode' : 'communeNumber')
      return -1
    }
    let slot = -1
    if (number >= 0 && number <= 999) {
      const department = readInteger(bytes, from, to)
      if (department > 0 && department < 100) slot = department * 1000 + number
      else if (department > 970 && department < 990) slot = number < 100 ? department * 100 + number : -1
      else if (to - from === 2 && bytes[from] === 50) {
        const corsica = bytes[from + 1]! - 65
        if (corsica >>> 0 <= 1) slot = 100_000 + corsica * 1000 + number
      }
    }
    if (slot >= 0 && communes.bySlot[slot]! >= 0) return slot
    fail('unknown_commune', 'communeNumber')
    return -1
  }

  function locate(slot: number, field: Field, starts: Int32Array, bytes: Buffer): boolean {
    const commune = slot < 0 ? -1 : communes.bySlot[slot]!
    if (commune < 0) return fail('unknown_commune', field)
    self.commune = commune
    const presentSlot = communes.slots[commune]!
    formerSlot = slot === presentSlot ? -1 : slot
    const from = starts[formerCommuneCode]!
    const to = starts[formerCommuneCode + 1]! - 1
    if (from !== to) {
      let former = to - from === 5 ? codeSlot(bytes, from) : -1
      if (former < 0) former = readInteger(bytes, from, to)
      if (former < 0 || (former >= 100_000 && to - from !== 5))
        return fail('unknown_commune', 'formerCommuneCode')
      formerSlot = former === presentSlot ? -1 : former
    }
    return true
  }

  // Checks `registered` and finds the present commune of the code it begins with.
  function checkParcel(field: Field): boolean {
    parcelSlot = codeSlot(registered, 0)
    if (parcelSlot < 0) return fail('bad_parcel', field)
    for (let i = 5; i < 8; i++) if ((registered[i]! - 48) >>> 0 > 9) return fail('bad_parcel', field)
    for (let i = 8; i < 10; i++) {
      const byte = registered[i]!
      if ((byte - 48) >>> 0 > 9 && (byte - 65) >>> 0 > 25) return fail('bad_parcel', field)
    }
    for (let i = 10; i < 14; i++) if ((registered[i]! - 48) >>> 0 > 9) return fail('bad_parcel', field)
    if (communes.bySlot[parcelSlot]! < 0) return fail('unknown_commune', field)
    return true
  }

  function putParcel(sink: Sink): void {
    const commune = communes.bySlot[parcelSlot]!
    hasFormerParcel = communes.slots[commune] !== parcelSlot
    if (!hasFormerParcel) {
      putBytes(sink, registeredView, 0, 14)
      return
    }
    putBytes(sink, codeView, commune * 5, commune * 5 + 5)
    const hasPrefix = registered[5] !== 48 || registered[6] !== 48 || registered[7] !== 48
    const from = hasPrefix ? 5 : 2
    appendBytes(sink, registeredView, from, from + 3)
    appendBytes(sink, registeredView, 8, 14)
    sink.view.setInt32(sink.at - 18, 14)
  }
}

function appendTo(target: Buffer, to: number, source: Buffer, from: number, length: number): void {
  for (let i = 0; i < length; i++) target[to + i] = source[from + i]!
}

function putNumber(target: Buffer, at: number, value: number, width: number): void {
  let rest = value
  for (let i = at + width - 1; i >= at; i--) {
    const tenth = (rest / 10) | 0
    target[i] = 48 + rest - tenth * 10
    rest = tenth
  }
}

function putSlot(target: Buffer, at: number, slot: number): void {
  const isNumeric = slot < 100_000
  putNumber(target, at, isNumeric ? slot : slot % 1000, 5)
  if (isNumeric) return
  target[at] = 50
  target[at + 1] = slot < 101_000 ? 65 : 66
}
