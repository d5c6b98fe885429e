/** Fields of one delimited line as text. With `quoting`, RFC 4180 double quotes are taken off. */
export function splitLine(line: string, delimiter: string, quoting: boolean): string[] {
  if (!quoting || !line.includes('"')) return line.split(delimiter)
  const values: string[] = []
  let at = 0
  for (;;) {
    if (line[at] === '"') {
      let value = ''
      at++
      for (;;) {
        const close = line.indexOf('"', at)
        if (close < 0) return [...values, value + line.slice(at)]
        value += line.slice(at, close)
        at = close + 1
        if (line[at] !== '"') break
        value += '"'
        at++
      }
      const next = line.indexOf(delimiter, at)
      values.push(value + line.slice(at, next < 0 ? line.length : next))
      if (next < 0) return values
      at = next + 1
    } else {
      const next = line.indexOf(delimiter, at)
      values.push(line.slice(at, next < 0 ? line.length : next))
      if (next < 0) return values
      at = next + 1
    }
  }
}

/** What `unquoteRecord` found: bytes of the record without its line end, line ends inside, fields; or why not. */
export interface QuotedRecord {
  /** Position of the `\n` that ends the record, or of the end of the input. */
  end: number
  /** Line ends inside quotes. */
  innerLines: number
  fieldCount: number
}

/** `unquoteRecord`'s answers that are no record. */
export const OPEN_QUOTE = -1
export const STRAY_QUOTE = -2

/**
 * Reads one RFC 4180 record starting at `from` and writes its fields, without quotes and each followed by one
 * byte, from `to` on in the same buffer; `starts` gets their positions as the plain splitter would set them.
 * Answers OPEN_QUOTE when a quote is not closed before `limit`, STRAY_QUOTE when text follows a closing quote.
 */
export function unquoteRecord(
  bytes: Buffer,
  from: number,
  limit: number,
  to: number,
  delimiter: number,
  starts: Int32Array,
  result: QuotedRecord,
): number {
  let at = from
  let out = to
  let count = 0
  result.innerLines = 0
  starts[count++] = out
  for (;;) {
    if (bytes[at] === 34 && at < limit) {
      at++
      for (;;) {
        if (at >= limit) return OPEN_QUOTE
        const byte = bytes[at++]!
        if (byte === 34) {
          if (bytes[at] !== 34 || at >= limit) break
          at++
        }
        if (byte === 10) result.innerLines++
        bytes[out++] = byte
      }
      if (at < limit && bytes[at] === 13 && (at + 1 >= limit || bytes[at + 1] === 10)) at++
      if (at < limit && bytes[at] !== delimiter && bytes[at] !== 10) return STRAY_QUOTE
    } else {
      while (at < limit && bytes[at] !== delimiter && bytes[at] !== 10) bytes[out++] = bytes[at++]!
      if ((at >= limit || bytes[at] === 10) && out > starts[count - 1]! && bytes[out - 1] === 13) out--
    }
    out++
    starts[count++] = out
    if (at >= limit || bytes[at] === 10) break
    at++
  }
  starts[count] = out + 1
  result.end = at
  result.fieldCount = count - 1
  return result.fieldCount
}
