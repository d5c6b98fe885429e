import { isAscii, isUtf8 } from 'node:buffer'
import type { Dialect } from './dialect.ts'
import type { RejectReason } from './errors.ts'
import type { SplitRecord } from './line.ts'
import { OPEN_QUOTE, type QuotedRecord, STRAY_QUOTE, unquoteRecord } from './records.ts'
import { maxRecord, type Window } from './window.ts'

/** What the splitter found at a position. */
export const RECORD = 0
/** More bytes are needed to say. */
export const MORE = 1
/** No record: `reason` and `detail` say why, `next` is behind the bytes to put aside. */
export const UNREADABLE = 2
/** A line without anything on it. */
export const BLANK = 3

export type Encoding = 'ascii' | 'utf8' | 'latin1'

export interface Splitter {
  /** Splits the record at `from`. `limit` ends the complete lines, `isEnd` says that nothing follows it. */
  split(from: number, limit: number, isEnd: boolean): number
  /** To be called when the window was filled: looks the new lines over from `from` to `limit`. */
  survey(window: Window, from: number, limit: number): void
  record: SplitRecord
  /** Position behind the record and its line end, and the line ends it holds. */
  next: number
  lines: number
  reason: RejectReason
  detail: string
  /** Decided by the first line that is not plain ASCII. */
  encoding: Encoding
}

// An opening quote that nobody closes would swallow the file: after so many bytes it is taken for a broken one.
const maxQuoted = 16_384
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'

/** Splits the lines of one file into fields, taking the quickest way that the bytes at hand allow. */
export function createSplitter(dialect: Dialect, window: Window): Splitter {
  const delimiter = dialect.delimiter.charCodeAt(0)
  const { fieldCount, isQuoted } = dialect
  const starts = new Int32Array(512)
  const quoted: QuotedRecord = { end: 0, innerLines: 0, fieldCount: 0 }
  let needsCare = false

  const self: Splitter = {
    split,
    survey,
    record: { bytes: window.bytes, view: window.view, starts },
    next: 0,
    lines: 1,
    reason: 'field_count',
    detail: '',
    encoding: 'ascii',
  }
  let current = window
  return self

  function survey(filled: Window, from: number, limit: number): void {
    current = filled
    self.record.bytes = filled.bytes
    self.record.view = filled.view
    const lines = filled.bytes.subarray(from, limit)
    if (isAscii(lines)) needsCare = lines.includes(0)
    else if (self.encoding === 'latin1' || !isUtf8(lines)) needsCare = true
    else {
      self.encoding = 'utf8'
      needsCare = lines.includes(0)
    }
  }

  function split(from: number, limit: number, isEnd: boolean): number {
    if (needsCare) return splitCarefully(from, limit, isEnd)
    const { bytes } = self.record
    let at = from
    let count = 1
    starts[0] = from
    if (isQuoted) {
      if (bytes[from] === 34) return splitCarefully(from, limit, isEnd)
      for (;;) {
        const byte = bytes[at++]!
        if (byte === delimiter) {
          starts[count++] = at
          if (bytes[at] === 34) return splitCarefully(from, limit, isEnd)
        } else if (byte === 10) break
      }
    } else {
      for (;;) {
        const byte = bytes[at++]!
        if (byte === delimiter) starts[count++] = at
        else if (byte === 10) break
      }
    }
    self.next = at
    self.lines = 1
    return closeRecord(from, at - 1, count)
  }

  // The virtual empty field behind the last one stands for every absent column.
  function closeRecord(from: number, lineEnd: number, count: number): number {
    const end = lineEnd > from && self.record.bytes[lineEnd - 1] === 13 ? lineEnd - 1 : lineEnd
    starts[count] = end + 1
    starts[count + 1] = end + 2
    if (end === from) return BLANK
    if (lineEnd - from > maxRecord) {
      return unreadable(
        'line_too_long',
        `the line has ${lineEnd - from} bytes, expected at most ${maxRecord}`,
      )
    }
    if (count !== fieldCount) return unreadable('field_count', `expected ${fieldCount} fields, got ${count}`)
    return RECORD
  }

  function unreadable(reason: RejectReason, detail: string): number {
    self.reason = reason
    self.detail = detail
    return UNREADABLE
  }

  function splitCarefully(from: number, limit: number, isEnd: boolean): number {
    const { bytes } = self.record
    let lineEnd = bytes.indexOf(10, from)
    self.next = lineEnd + 1
    self.lines = 1
    if (lineEnd - from > maxRecord) return closeRecord(from, lineEnd, 1)
    if (isQuoted && bytes.subarray(from, lineEnd).includes(34)) {
      const cap = Math.min(limit, from + maxQuoted)
      const count = unquoteRecord(bytes, from, cap, current.scratch, delimiter, starts, quoted)
      const isOpen = count === OPEN_QUOTE || (quoted.end >= cap && cap < limit)
      if (isOpen && !isEnd && cap === limit) return MORE
      if (isOpen)
        return unreadable('bad_quoting', `a quote is opened and not closed within ${maxQuoted} bytes`)
      if (count === STRAY_QUOTE)
        return unreadable('bad_quoting', 'expected a delimiter behind a closing quote')
      lineEnd = quoted.end
      self.next = lineEnd + 1
      self.lines = 1 + quoted.innerLines
    }
    const line = bytes.subarray(from, lineEnd)
    if (line.includes(0)) return unreadable('encoding', 'a byte 0, which no text holds')
    if (isAscii(line)) return splitAt(from, lineEnd)
    if (self.encoding === 'ascii') self.encoding = isUtf8(line) ? 'utf8' : 'latin1'
    if (self.encoding === 'utf8') {
      return isUtf8(line)
        ? splitAt(from, lineEnd)
        : unreadable('encoding', 'expected UTF-8 as on the lines before')
    }
    const length = transcode(line, bytes, current.secondScratch)
    bytes[current.secondScratch + length] = 10
    return splitAt(current.secondScratch, current.secondScratch + length)
  }

  // Splits a record whose end is known; the bytes may be those of the file or rewritten ones.
  function splitAt(from: number, end: number): number {
    const { bytes } = self.record
    if (isQuoted && bytes.subarray(from, end).includes(34)) {
      const count = unquoteRecord(bytes, from, end, current.scratch, delimiter, starts, quoted)
      if (count < 0) return unreadable('bad_quoting', 'expected quotes as RFC 4180 has them')
      return count === fieldCount
        ? RECORD
        : unreadable('field_count', `expected ${fieldCount} fields, got ${count}`)
    }
    let count = 1
    starts[0] = from
    for (let at = from; at < end; at++) if (bytes[at] === delimiter) starts[count++] = at + 1
    return closeRecord(from, end, count)
  }
}

function transcode(line: Buffer, target: Buffer, to: number): number {
  const text = line.toString('latin1').replace(/[\u0080-\u009f]/g, (c) => windows1252[c.charCodeAt(0) - 128]!)
  return target.write(text, to)
}
