import type { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import yauzl from 'yauzl'
import { DvfInputError } from './errors.ts'

/** A file inside a zip archive. */
export interface ArchiveEntry {
  name: string
  /** Uncompressed and packed size in bytes. */
  size: number
  storedSize: number
  crc32: number
}

const options = { lazyEntries: true, autoClose: false, validateEntrySizes: true } as const

/** The files of an archive in the order of its directory. DvfInputError: it is cut short or no archive. */
export async function listZip(path: string): Promise<ArchiveEntry[]> {
  const archive = await openArchive(path)
  try {
    const entries: ArchiveEntry[] = []
    for await (const entry of entriesOf(archive, path)) {
      if (entry.fileName.endsWith('/')) continue
      entries.push({
        name: entry.fileName,
        size: entry.uncompressedSize,
        storedSize: entry.compressedSize,
        crc32: entry.crc32,
      })
    }
    return entries
  } finally {
    archive.close()
  }
}

/** The unpacked bytes of one file of an archive, checked against its length and CRC at the end. */
export async function* readZipEntry(path: string, wanted: ArchiveEntry): AsyncGenerator<Buffer> {
  const archive = await openArchive(path)
  try {
    for await (const entry of entriesOf(archive, path)) {
      if (entry.fileName !== wanted.name) continue
      const stream = await new Promise<Readable>((resolve, reject) => {
        archive.openReadStream(entry, (error, opened) => (error ? reject(error) : resolve(opened)))
      })
      let sum = 0
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        sum = crc32(chunk, sum)
        yield chunk
      }
      if (sum !== wanted.crc32) throw broken(path, new Error(`the checksum of ${wanted.name} does not match`))
      return
    }
  } catch (error) {
    throw error instanceof DvfInputError ? error : broken(path, error)
  } finally {
    archive.close()
  }
}

function openArchive(path: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, options, (error, archive) => (error ? reject(broken(path, error)) : resolve(archive)))
  })
}

async function* entriesOf(archive: yauzl.ZipFile, path: string): AsyncGenerator<yauzl.Entry> {
  for (;;) {
    const entry = await new Promise<yauzl.Entry | null>((resolve, reject) => {
      archive.removeAllListeners()
      archive.once('entry', resolve)
      archive.once('end', () => resolve(null))
      archive.once('error', (error: Error) => reject(broken(path, error)))
      archive.readEntry()
    })
    if (entry === null) return
    yield entry
  }
}

function broken(path: string, cause: unknown): DvfInputError {
  const message = `${path} is a zip archive cut short or broken: ${(cause as Error).message}`
  return new DvfInputError(message, 'Fetch the archive again.', { cause })
}
