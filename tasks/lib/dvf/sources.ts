import { createHash } from 'node:crypto'
import { type FileReadResult, open, readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Readable, TransformOptions } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, type ZlibOptions } from 'node:zlib'
import { DvfInputError } from './errors.ts'
import { type ArchiveEntry, listZip, readZipEntry } from './zip.ts'

/** One DVF file to read, wherever it lies; nothing is opened before it is asked for. */
export interface Source {
  /** Path as it was found; inside an archive behind `archive.zip/`; `-` for standard input. */
  name: string
  /** Uncompressed size in bytes, null where only reading tells. */
  size: number | null
  /** Bytes on disk, for progress: null for standard input. */
  storedSize: number | null
  /**
   * The uncompressed bytes. A chunk is good until the next one is asked for: its memory is used again. Standard input
   * can be opened once. DvfInputError: packed data cut short or broken.
   */
  open(): AsyncIterable<Buffer>
  /** SHA-256 of the uncompressed content in hexadecimal, by reading it through once. */
  checksum(): Promise<string>
}

const dvfName = /\.(?:csv|txt)(?:\.gz)?$|\.zip$/i
const chunkSize = 262_144

/**
 * Finds the DVF files that paths stand for: files, folders (walked in the order of names; `.csv`, `.txt`, either as
 * `.gz`, and `.zip` count), archives (each file inside is a source), or standard input. How a file is packed shows
 * in its first bytes, not in its name.
 *
 * DvfInputError: a path is not there, a folder holds no DVF file, an archive cannot be read.
 */
export async function openSources(paths: readonly string[] | 'stdin', input?: Readable): Promise<Source[]> {
  if (paths === 'stdin') return [standardInput(input ?? process.stdin)]
  const sources: Source[] = []
  for (const path of paths) {
    const files = await filesAt(path)
    if (files.length === 0) {
      throw new DvfInputError(
        `${path} holds no .csv, .txt, .gz or .zip file`,
        'Give the folder of the DVF files.',
      )
    }
    for (const file of files) sources.push(...(await sourcesIn(file)))
  }
  return sources
}

async function filesAt(path: string): Promise<string[]> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const message =
      error.code === 'ENOENT' ? `${path} does not exist` : `${path} cannot be read: ${error.message}`
    throw new DvfInputError(message, 'Check the path.', { cause: error })
  })
  return info.isDirectory() ? walk(path) : [path]
}

async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  const files: string[] = []
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await stat(path)).isDirectory())
    if (isFolder) files.push(...(await walk(path)))
    else if (dvfName.test(entry.name)) files.push(path)
  }
  return files
}

async function sourcesIn(path: string): Promise<Source[]> {
  const storedSize = (await stat(path)).size
  const packing = packingOf(await firstBytes(path))
  if (packing !== 'zip') {
    const size = packing === 'plain' ? storedSize : null
    return [source(path, size, storedSize, () => unpacked(readFile(path), packing, path))]
  }
  const entries = (await listZip(path)).filter(isDvfEntry)
  if (entries.length === 0) {
    throw new DvfInputError(`${path} holds no .csv or .txt file`, 'Give an archive of DVF files.')
  }
  return entries.map((entry) => {
    const name = `${path}/${entry.name}`
    const isGzip = /\.gz$/i.test(entry.name)
    return source(name, isGzip ? null : entry.size, entry.storedSize, () => {
      return unpacked(readZipEntry(path, entry), isGzip ? 'gzip' : 'plain', name)
    })
  })
}

function isDvfEntry(entry: ArchiveEntry): boolean {
  const name = basename(entry.name)
  return (
    !entry.name.startsWith('__MACOSX/') &&
    !name.startsWith('.') &&
    dvfName.test(name) &&
    !/\.zip$/i.test(name)
  )
}

function source(name: string, size: number | null, storedSize: number | null, open: Source['open']): Source {
  return {
    name,
    size,
    storedSize,
    open,
    async checksum() {
      const hash = createHash('sha256')
      for await (const chunk of open()) hash.update(chunk)
      return hash.digest('hex')
    },
  }
}

function standardInput(input: Readable): Source {
  let isOpen = false
  return source('-', null, null, async function* () {
    if (isOpen) {
      throw new DvfInputError('standard input was read already', 'Give a path to read the same data twice.')
    }
    isOpen = true
    const chunks = input[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    // The first bytes say how the data is packed; a pipe may hand them over one by one.
    let head: Buffer = Buffer.alloc(0)
    while (head.length < 4) {
      const next = await chunks.next()
      if (next.done) break
      head = Buffer.concat([head, next.value])
    }
    const packing = packingOf(head)
    if (packing === 'zip') {
      throw new DvfInputError(
        'a zip archive cannot be read from standard input',
        'Give the path of the archive.',
      )
    }
    const whole = async function* () {
      yield head
      for (;;) {
        const next = await chunks.next()
        if (next.done) return
        yield next.value
      }
    }
    if (packing === 'plain') yield* whole()
    else yield* gunzipped(whole(), 'standard input')
  })
}

// Two buffers for the whole file, one being filled while the other is read: fresh ones for each chunk would wait for
// the garbage collector by the hundred.
async function* readFile(path: string): AsyncGenerator<Buffer> {
  const file = await open(path)
  let filling: Promise<FileReadResult<Buffer>> = file.read(Buffer.allocUnsafeSlow(chunkSize), 0, chunkSize)
  let spare: Buffer = Buffer.allocUnsafeSlow(chunkSize)
  try {
    for (;;) {
      const { bytesRead, buffer } = await filling
      if (bytesRead === 0) return
      filling = file.read(spare, 0, chunkSize)
      spare = buffer
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await filling.catch(() => {})
    await file.close()
  }
}

type Packing = 'plain' | 'gzip' | 'zip'

function packingOf(head: Buffer): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  return head.length >= 4 && head.readUInt32BE(0) === 0x504b_0304 ? 'zip' : 'plain'
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function unpacked(bytes: AsyncIterable<Buffer>, packing: Packing, name: string): AsyncIterable<Buffer> {
  return packing === 'gzip' ? gunzipped(bytes, name) : bytes
}

async function* gunzipped(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  // A mark of one byte makes the feeder wait until each chunk is consumed: its memory is used again.
  const options: ZlibOptions & TransformOptions = { chunkSize, writableHighWaterMark: 1 }
  const gunzip = createGunzip(options)
  // Whatever goes wrong on either side comes out of the iteration below.
  pipeline(bytes, gunzip).catch(() => {})
  try {
    yield* gunzip as AsyncIterable<Buffer>
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (!code.startsWith('Z_')) throw error
    const isCut = code === 'Z_BUF_ERROR'
    const message = isCut
      ? `${name} is cut short: its gzip data has no end`
      : `${name} is not sound gzip data`
    throw new DvfInputError(message, 'Fetch the file again.', { cause: error })
  } finally {
    gunzip.destroy()
  }
}
