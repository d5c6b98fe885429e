import { StagingInputError, type StagingRejectReason } from './errors.ts'
import { asText } from './records.ts'

/** An element longer than this is taken for a string or a bracket that was never closed. */
const longest = 16_777_216

/** Rows of a JSON file, in whatever chunks it comes. */
export interface JsonReader {
  push(chunk: Buffer): void
  /** The file has ended; false when it was cut short. */
  end(): boolean
}

export interface JsonOptions {
  /** Takes the JSON text of one element. */
  element(text: string, line: number): void
  reject(line: number, reason: StagingRejectReason, raw: Buffer): void
}

/** Reads JSON lines: one element to a line, blank lines aside. */
export function createJsonLineReader(options: JsonOptions): JsonReader {
  let rest: Buffer = Buffer.alloc(0)
  let line = 0
  const take = (bytes: Buffer) => {
    line++
    give(bytes, line, options)
  }
  return {
    push(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let from = 0
      for (let lf = bytes.indexOf(10); lf >= 0; lf = bytes.indexOf(10, from)) {
        take(bytes.subarray(from, lf))
        from = lf + 1
      }
      rest = bytes.subarray(from)
      if (rest.length > longest) throw tooLong(line + 1)
    },
    end() {
      if (rest.length > 0) take(rest)
      return true
    },
  }
}

/** Reads the elements of one JSON array; `line` is the number of the element. */
export function createJsonArrayReader(options: JsonOptions): JsonReader {
  let rest: Buffer = Buffer.alloc(0)
  let scanned = 0
  let depth = 0
  let isString = false
  let isEscaped = false
  let element = 0
  let isOver = false
  const take = (bytes: Buffer) => {
    if (bytes.toString('latin1').trim() === '') return
    element++
    give(bytes, element, options)
  }
  return {
    push(chunk) {
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let from = 0
      for (let i = scanned; i < bytes.length; i++) {
        const code = bytes[i]
        if (isString) {
          if (isEscaped) isEscaped = false
          else if (code === 92) isEscaped = true
          else if (code === 34) isString = false
        } else if (code === 34) isString = true
        else if (code === 91 || code === 123) {
          depth++
          if (depth === 1) from = i + 1
        } else if (code === 93 || code === 125) {
          depth--
          if (depth === 0) {
            take(bytes.subarray(from, i))
            from = i + 1
            isOver = true
          }
        } else if (code === 44 && depth === 1) {
          take(bytes.subarray(from, i))
          from = i + 1
        }
      }
      rest = bytes.subarray(from)
      scanned = rest.length
      if (rest.length > longest) throw tooLong(element + 1)
    },
    end() {
      if (rest.toString('latin1').trim() !== '')
        options.reject(element + 1, isOver ? 'bad_json' : 'cut_short', rest)
      return isOver
    },
  }
}

function give(bytes: Buffer, line: number, { element, reject }: JsonOptions): void {
  const text = asText(bytes).toString('utf8').trim()
  if (text === '') return
  try {
    const value: unknown = JSON.parse(text)
    // What PostgreSQL cannot hold, and a text never means, is left out: NUL and halves of surrogate pairs.
    element(/\\u(0000|[dD][89a-fA-F])/.test(text) ? JSON.stringify(value, storable) : text, line)
  } catch {
    reject(line, 'bad_json', bytes)
  }
}

function storable(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\0', '').toWellFormed()
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key.replaceAll('\0', '').toWellFormed(), one]),
  )
}

function tooLong(line: number): StagingInputError {
  return new StagingInputError(
    `element ${line} does not end within ${longest / 1_048_576} MB`,
    'Give a JSON array of rows, or one row to a line.',
  )
}
