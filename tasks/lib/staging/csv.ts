import { StagingInputError } from './errors.ts'
import { asText, splitFields } from './records.ts'

const longestHeader = 1_048_576
const delimiters = [',', ';', '\t', '|']

/** What the head of a CSV file says, and the bytes behind it that were read along. */
export interface CsvHead {
  names: string[]
  delimiter: string
  /** Physical line on which the first record begins. */
  firstLine: number
  rest: Buffer
}

/**
 * Reads the header of a CSV file. Fields are divided by a comma, a semicolon, a tab or a bar, whichever divides the header most.
 *
 * StagingInputError: the file is empty, or its header does not end.
 */
export async function readCsvHead(
  chunks: AsyncIterator<Buffer>,
  first: Buffer,
  name: string,
): Promise<CsvHead> {
  let bytes = first
  let firstLine = 1
  for (;;) {
    const end = endOfHeader(bytes)
    if (end >= 0) {
      const header = asText(bytes.subarray(0, end)).toString('utf8').replace(/\r$/, '')
      const rest = bytes.subarray(end + 1)
      firstLine += (header.match(/\n/g)?.length ?? 0) + 1
      if (header.trim() !== '') return { ...readHeader(header), firstLine, rest }
      bytes = rest
      continue
    }
    if (bytes.length > longestHeader) {
      throw new StagingInputError(
        `the header of ${name} does not end`,
        'Give a CSV file whose first line names its columns.',
      )
    }
    const next = await chunks.next()
    if (next.done) {
      const header = asText(bytes).toString('utf8').replace(/\r$/, '')
      if (header.trim() === '')
        throw new StagingInputError(`${name} is empty`, 'A file needs at least a header.')
      return { ...readHeader(header), firstLine: firstLine + 1, rest: Buffer.alloc(0) }
    }
    bytes = Buffer.concat([bytes, next.value])
  }
}

function endOfHeader(bytes: Buffer): number {
  let isQuoted = false
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === 34) isQuoted = !isQuoted
    else if (bytes[i] === 10 && !isQuoted) return i
  }
  return -1
}

function readHeader(header: string): { names: string[]; delimiter: string } {
  const [best] = delimiters
    .map((delimiter) => ({ delimiter, names: splitFields(header, delimiter).map(({ text }) => text.trim()) }))
    .sort((a, b) => b.names.length - a.names.length)
  return best as { names: string[]; delimiter: string }
}
