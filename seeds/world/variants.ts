import { mkdir, open, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { between, randomFrom } from './random.ts'

// What people do to files before they import them: the same lines in another order, in several files, cut off. The
// file is held in memory as bytes, so that nothing about it changes but what is asked for.

interface Bytes {
  data: Buffer
  newline: string
  /** Where each line begins, the header first; one more entry at the end of the file. */
  starts: number[]
}

async function readBytes(file: string): Promise<Bytes> {
  const data = await readFile(file)
  const starts = [0]
  for (let at = data.indexOf(10); at >= 0; at = data.indexOf(10, at + 1)) starts.push(at + 1)
  if (starts.at(-1) !== data.length) starts.push(data.length)
  const newline = data[(starts[1] ?? 0) - 2] === 13 ? '\r\n' : '\n'
  return { data, newline, starts }
}

async function writeRows(
  { data, newline, starts }: Bytes,
  rows: Iterable<number>,
  out: string,
): Promise<void> {
  await mkdir(dirname(out), { recursive: true })
  const handle = await open(out, 'w')
  try {
    let pieces: Buffer[] = []
    let size = 0
    const flush = async (): Promise<void> => {
      await handle.writeFile(Buffer.concat(pieces, size))
      pieces = []
      size = 0
    }
    for (const row of rows) {
      const piece = data.subarray(starts[row], starts[row + 1])
      const ended = piece.at(-1) === 10 ? [piece] : [piece, Buffer.from(newline)]
      for (const one of ended) {
        pieces.push(one)
        size += one.length
      }
      if (size > 4_000_000) await flush()
    }
    await flush()
  } finally {
    await handle.close()
  }
}

/**
 * Writes the lines of a file in a random order below its header. Gives, for each line number of the new file, the line
 * number it had (1 is the header; the entry 0 is unused).
 */
export async function shuffleLines(file: string, seed: string | number, out: string): Promise<Uint32Array> {
  const bytes = await readBytes(file)
  const rows = Uint32Array.from({ length: bytes.starts.length - 1 }, (_, i) => i)
  const random = randomFrom(`shuffle/${seed}`)
  for (let i = rows.length - 1; i > 1; i--) {
    const j = between(random, 1, i)
    const held = rows[i] ?? 0
    rows[i] = rows[j] ?? 0
    rows[j] = held
  }
  await writeRows(bytes, rows, out)
  return Uint32Array.from({ length: rows.length + 1 }, (_, i) => (i === 0 ? 0 : (rows[i - 1] ?? 0) + 1))
}

/** A part of a split file: its path and, for each of its line numbers, the line number in the whole file. */
export interface FilePart {
  path: string
  origin: Uint32Array
}

/**
 * Cuts a file into parts of about equal length, each with the header, written to the folder `out` under numbered names.
 * With `overlap` (0 to 1) each part begins with that share of the part before it, so that lines are met twice.
 */
export async function splitFile(
  file: string,
  parts: number,
  out: string,
  options: { overlap?: number } = {},
): Promise<FilePart[]> {
  if (!Number.isInteger(parts) || parts < 1) throw new RangeError(`a file cannot be cut into ${parts} parts`)
  const bytes = await readBytes(file)
  const rows = bytes.starts.length - 2
  const length = Math.ceil(rows / parts)
  const shared = Math.round(length * (options.overlap ?? 0))
  const made: FilePart[] = []
  for (let part = 0; part < parts; part++) {
    const first = Math.max(0, part * length - (part === 0 ? 0 : shared))
    const last = Math.min(rows, (part + 1) * length)
    if (first >= last) break
    const own = [0, ...Array.from({ length: last - first }, (_, i) => first + i + 1)]
    const path = join(out, `${basename(file, extname(file))}-${part + 1}${extname(file)}`)
    await writeRows(bytes, own, path)
    made.push({ path, origin: Uint32Array.from([0, ...own.map((row) => row + 1)]) })
  }
  return made
}

/**
 * Cuts a file off after a share of its bytes (0 to 1), in the middle of a line, as an interrupted download does. Gives
 * the number of whole lines that are left, the header included.
 */
export async function truncateFile(file: string, share: number, out: string): Promise<number> {
  const { data, starts } = await readBytes(file)
  const wanted = Math.floor(data.length * share)
  const row = starts.findLastIndex((start) => start <= wanted)
  const start = starts[row] ?? 0
  const end = starts[row + 1] ?? data.length
  await mkdir(dirname(out), { recursive: true })
  await writeFile(out, data.subarray(0, start + Math.floor((end - start) / 2)))
  return row
}
