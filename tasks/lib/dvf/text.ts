import type { SplitRecord } from './line.ts'
import { appendBytes, putBytes, putNull, type Sink } from './sink.ts'
import { BAD, EMPTY, readInteger } from './values.ts'

/** A text column without the blanks around it; null when nothing is left. */
export function putText(sink: Sink, record: SplitRecord, index: number): void {
  const { bytes } = record
  let from = record.starts[index]!
  let to = record.starts[index + 1]! - 1
  while (from < to && bytes[from]! <= 32) from++
  while (from < to && bytes[to - 1]! <= 32) to--
  if (from === to) putNull(sink)
  else putBytes(sink, record.view, from, to)
}

/** Where a code's text lies once a copy's `12.0` is `12` again and its leading zeros are gone; set by `trimCode`. */
export const code = { from: 0, to: 0 }

/**
 * Finds the text of a code (a lot, a volume, a reference). Codes made of digits lose leading zeros and the `.0` of
 * copies saved as numbers, so that every copy gives the same text. False when the field is empty.
 */
export function trimCode(bytes: Buffer, start: number, end: number): boolean {
  let from = start
  let to = end
  while (from < to && bytes[from]! <= 32) from++
  while (from < to && bytes[to - 1]! <= 32) to--
  code.from = from
  code.to = to
  if (from === to) return false
  if (to - from > 2 && bytes[to - 1] === 48 && bytes[to - 2] === 46) to -= 2
  else if (bytes[from] !== 48) return true
  for (let i = from; i < to; i++) if ((bytes[i]! - 48) >>> 0 > 9) return true
  while (from < to - 1 && bytes[from] === 48) from++
  code.from = from
  code.to = to
  return true
}

/** A text column holding a code; see `trimCode`. */
export function putCode(sink: Sink, record: SplitRecord, index: number): void {
  const from = record.starts[index]!
  const to = record.starts[index + 1]! - 1
  if (from === to || !trimCode(record.bytes, from, to)) putNull(sink)
  else putBytes(sink, record.view, code.from, code.to)
}

/** The way: its name, in the raw form behind its type and a blank. */
export function putStreet(sink: Sink, record: SplitRecord, type: number, name: number, none: number): void {
  const start = sink.at
  if (type !== none) putText(sink, record, type)
  if (sink.at <= start + 4) {
    sink.at = start
    putText(sink, record, name)
    return
  }
  const { bytes, view, starts } = record
  let from = starts[name]!
  let to = starts[name + 1]! - 1
  while (from < to && bytes[from]! <= 32) from++
  while (from < to && bytes[to - 1]! <= 32) to--
  if (from === to) return
  sink.bytes[sink.at++] = 32
  appendBytes(sink, view, from, to)
  sink.view.setInt32(start, sink.at - start - 4)
}

/** The four-character way code; digits lost at its front come back. */
export function putStreetCode(sink: Sink, record: SplitRecord, index: number): void {
  const from = record.starts[index]!
  const to = record.starts[index + 1]! - 1
  if (to - from === 4 && record.bytes[to - 2] !== 46) {
    putBytes(sink, record.view, from, to)
    return
  }
  const number = readInteger(record.bytes, from, to)
  if (number < 0 || number > 9999) putText(sink, record, index)
  else putDigits(sink, number, 4)
}

/** The postal code in five digits; null when empty. False when it is no postal code. */
export function putPostalCode(sink: Sink, record: SplitRecord, index: number): boolean {
  const number = readInteger(record.bytes, record.starts[index]!, record.starts[index + 1]! - 1)
  if (number === EMPTY) putNull(sink)
  else if (number === BAD || number > 99_999) return false
  else putDigits(sink, number, 5)
  return true
}

function putDigits(sink: Sink, number: number, width: number): void {
  const { bytes, at } = sink
  sink.view.setInt32(at, width)
  let rest = number
  for (let i = width + 3; i > 3; i--) {
    const tenth = (rest / 10) | 0
    bytes[at + i] = 48 + rest - tenth * 10
    rest = tenth
  }
  sink.at = at + 4 + width
}
