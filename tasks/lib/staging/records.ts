import { isUtf8 } from 'node:buffer'
import type { StagingRejectReason } from './errors.ts'

// PostgreSQL's COPY reads CSV quickly and gives up on the first line it cannot read. So the bytes go to it as they are,
// behind a look at their structure only: where records end, how many fields they have, whether quotes are sound.

const QUOTE = 34
const LF = 10
const CR = 13

/** A record longer than this is taken for a quote that was never closed. */
const longest = 1_048_576

export interface RecordReader {
  /** Looks at more bytes; what is sound goes to `write` in the order of the file. How many records were sound so far. */
  push(chunk: Buffer): number
  /** The file has ended; how many records were sound. */
  end(): number
}

export interface RecordOptions {
  /** Code of the character between fields. */
  delimiter: number
  /** How many fields a record has. */
  fieldCount: number
  /** Physical line that the first byte lies on. */
  firstLine: number
  /** Takes whole sound records for COPY in format csv. The bytes stay as they are. */
  write(bytes: Buffer): void
  /** Takes a physical line, or a record over several, that is no row. */
  reject(line: number, reason: StagingRejectReason, raw: Buffer): void
}

type Verdict = 'sound' | 'odd' | 'blank' | 'incomplete' | StagingRejectReason

/**
 * Reads records of CSV: quotes open at the beginning of a field and close at its end, and double inside it.
 *
 * A record with another number of fields is rejected. Where a quote does not close properly the physical line on which
 * its record begins is rejected and reading goes on with the next line, so that one stray quote does not take the lines after
 * it along. Quotes inside an unquoted field, lone carriage returns, NUL characters and bytes that are not
 * UTF-8 (read as Windows-1252) are mended. Blank lines do not count.
 */
export function createRecordReader(options: RecordOptions): RecordReader {
  const { delimiter, fieldCount, write, reject } = options
  const special = new Uint8Array(256)
  for (const code of [delimiter, QUOTE, LF, CR]) special[code] = 1
  let rest: Buffer = Buffer.alloc(0)
  let line = options.firstLine
  let eol: 'lf' | 'crlf' | undefined
  let soundCount = 0
  // What `scan` found: where the record ends (behind its line end) and how many line ends lie before that.
  let end = 0
  let lines = 0

  // One record from `start`; the only loop that sees every byte.
  function scan(bytes: Buffer, start: number, isLast: boolean): Verdict {
    const length = bytes.length
    let fields = 1
    let fieldStart = start
    let isOdd = false
    let i = start
    lines = 0
    for (; i < length; i++) {
      const code = bytes[i] as number
      if (special[code] === 0) continue
      if (code === delimiter) {
        fields++
        fieldStart = i + 1
      } else if (code === LF) {
        return finish(bytes, start, i, 1, fields, isOdd || eol === 'crlf', 'lf')
      } else if (code === CR) {
        if (i + 1 === length && !isLast) return 'incomplete'
        if (bytes[i + 1] === LF) return finish(bytes, start, i, 2, fields, isOdd || eol === 'lf', 'crlf')
        isOdd = true
      } else if (i > fieldStart) {
        isOdd = true
      } else {
        for (i++; ; i++) {
          if (i >= length) return isLast || length - start > longest ? 'bad_quoting' : 'incomplete'
          const inner = bytes[i]
          if (inner === LF) lines++
          else if (inner === QUOTE) {
            if (i + 1 === length && !isLast) return 'incomplete'
            if (bytes[i + 1] !== QUOTE) break
            i++
          }
        }
        const after = bytes[i + 1]
        if (after === CR) {
          if (i + 2 >= length && !isLast) return 'incomplete'
          if (i + 2 < length && bytes[i + 2] !== LF) return 'bad_quoting'
        } else if (i + 1 < length && after !== delimiter && after !== LF) return 'bad_quoting'
      }
    }
    if (!isLast) return length - start > longest ? 'field_count' : 'incomplete'
    // The last record may lack its line end: it is written anew with one.
    return finish(bytes, start, length, 0, fields, true, eol ?? 'lf')
  }

  function finish(
    bytes: Buffer,
    start: number,
    at: number,
    width: number,
    fields: number,
    isOdd: boolean,
    kind: 'lf' | 'crlf',
  ): Verdict {
    end = at + width
    if (width > 0) lines++
    if (fields === 1 && isBlank(bytes, start, at)) return 'blank'
    // Over several lines it is rather a quote that took lines along which are not its own.
    if (fields !== fieldCount) return lines > 1 ? 'bad_quoting' : 'field_count'
    if (!isOdd) eol ??= kind
    return isOdd ? 'odd' : 'sound'
  }

  function consume(bytes: Buffer, isLast: boolean): void {
    let soundFrom = 0
    let at = 0
    const flush = () => {
      if (at > soundFrom) writeSound(bytes.subarray(soundFrom, at))
    }
    while (at < bytes.length) {
      let verdict = scan(bytes, at, isLast)
      if (verdict === 'bad_quoting' && !endOfLine(bytes, at, isLast)) verdict = 'incomplete'
      if (verdict === 'sound') {
        at = end
        soundCount++
        line += lines
        continue
      }
      flush()
      if (verdict === 'incomplete') {
        soundFrom = at
        break
      }
      if (verdict === 'odd') {
        write(mended(bytes.subarray(at, end)))
        soundCount++
      } else if (verdict !== 'blank') {
        if (end <= at) endOfLine(bytes, at, true)
        reject(line, verdict, trimmedEnd(bytes.subarray(at, end)))
      }
      line += lines
      at = end
      soundFrom = at
    }
    flush()
    rest = bytes.subarray(at)
  }

  // Makes the physical line what is taken away; false where its end has not come yet.
  function endOfLine(bytes: Buffer, start: number, isLast: boolean): boolean {
    const lf = bytes.indexOf(LF, start)
    end = lf < 0 ? bytes.length : lf + 1
    lines = lf < 0 ? 0 : 1
    return lf >= 0 || isLast || end - start > longest
  }

  function writeSound(bytes: Buffer): void {
    if (isUtf8(bytes) && !bytes.includes(0)) {
      write(bytes)
      return
    }
    // Line by line, since one line in another encoding says nothing about the others.
    for (let from = 0; from < bytes.length; ) {
      const lf = bytes.indexOf(LF, from)
      const to = lf < 0 ? bytes.length : lf + 1
      write(asText(bytes.subarray(from, to)))
      from = to
    }
  }

  function mended(record: Buffer): Buffer {
    const fields = splitFields(asText(trimmedEnd(record)).toString('utf8'), String.fromCharCode(delimiter))
    const quoted = fields.map(({ text, isQuoted }) =>
      text === '' && !isQuoted ? '' : `"${text.replaceAll('"', '""')}"`,
    )
    return Buffer.from(quoted.join(String.fromCharCode(delimiter)) + (eol === 'crlf' ? '\r\n' : '\n'))
  }

  return {
    push(chunk) {
      consume(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), false)
      return soundCount
    },
    end() {
      consume(rest, true)
      return soundCount
    },
  }
}

function isBlank(bytes: Buffer, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if ((bytes[i] as number) > 32) return false
  return true
}

function trimmedEnd(bytes: Buffer): Buffer {
  let to = bytes.length
  if (bytes[to - 1] === LF) to--
  if (bytes[to - 1] === CR) to--
  return bytes.subarray(0, to)
}

const windows = new TextDecoder('windows-1252')

/** Bytes as UTF-8 that PostgreSQL can hold: read as Windows-1252 where they are not UTF-8, without NUL characters. */
export function asText(bytes: Buffer): Buffer {
  const text = isUtf8(bytes) ? bytes : Buffer.from(windows.decode(bytes), 'utf8')
  return text.includes(0) ? Buffer.from(text.toString('utf8').replaceAll('\0', ''), 'utf8') : text
}

/** The fields of one record of CSV whose structure is known to be sound. */
export function splitFields(record: string, delimiter: string): { text: string; isQuoted: boolean }[] {
  const fields: { text: string; isQuoted: boolean }[] = []
  let at = 0
  for (;;) {
    if (record[at] === '"') {
      let end = at + 1
      for (; end < record.length; end++) {
        if (record[end] !== '"') continue
        if (record[end + 1] !== '"') break
        end++
      }
      fields.push({ text: record.slice(at + 1, end).replaceAll('""', '"'), isQuoted: true })
      at = end + 1
    } else {
      const next = record.indexOf(delimiter, at)
      const end = next < 0 ? record.length : next
      fields.push({ text: record.slice(at, end), isQuoted: false })
      at = end
    }
    if (at >= record.length) return fields
    at++
  }
}
