import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { StagingInputError } from './errors.ts'

const chunkSize = 262_144

/** One file to stage, or standard input. */
export interface StagingFile {
  /** Path as it was given; `-` for standard input. */
  name: string
  /** Bytes as they are stored; null for standard input. */
  storedSize: number | null
  isGzip: boolean
  /**
   * The unpacked bytes, in chunks that stay as they are. `stored` is told how many stored bytes have been read.
   * StagingInputError: gzip data cut short or broken.
   */
  read(stored?: (bytes: number) => void): AsyncIterable<Buffer>
}

/**
 * Looks at the files that paths name, `-` being standard input; how they are packed shows in their first bytes.
 *
 * StagingInputError: a path is not there, is no file, or is packed in a way that is not read.
 */
export async function openStagingFiles(
  paths: readonly string[],
  input: AsyncIterable<Buffer> = process.stdin,
): Promise<StagingFile[]> {
  const files: StagingFile[] = []
  for (const path of paths) files.push(path === '-' ? await standardInput(input) : await fileAt(path))
  return files
}

async function fileAt(path: string): Promise<StagingFile> {
  const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const isMissing = error.code === 'ENOENT'
    const message = isMissing ? `${path} does not exist` : `${path} cannot be read: ${error.message}`
    throw new StagingInputError(message, 'Check the path.', { cause: error })
  })
  if (info.isDirectory()) throw new StagingInputError(`${path} is a folder`, 'Name the files in it.')
  const handle = await open(path)
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0).finally(() => handle.close())
  const isGzip = isPacked(buffer.subarray(0, bytesRead), path)
  return {
    name: path,
    storedSize: info.size,
    isGzip,
    read: (stored) => {
      const bytes = counted(createReadStream(path, { highWaterMark: chunkSize }), stored)
      return isGzip ? gunzipped(bytes, path) : bytes
    },
  }
}

async function standardInput(input: AsyncIterable<Buffer>): Promise<StagingFile> {
  const chunks = input[Symbol.asyncIterator]()
  // The first bytes say how the data is packed; a pipe may hand them over one by one.
  let head: Buffer = Buffer.alloc(0)
  while (head.length < 4) {
    const next = await chunks.next()
    if (next.done) break
    head = Buffer.concat([head, next.value])
  }
  const isGzip = isPacked(head, 'standard input')
  async function* whole(): AsyncGenerator<Buffer> {
    yield head
    for (;;) {
      const next = await chunks.next()
      if (next.done) return
      yield next.value
    }
  }
  return {
    name: '-',
    storedSize: null,
    isGzip,
    read: (stored) => {
      const bytes = counted(whole(), stored)
      return isGzip ? gunzipped(bytes, 'standard input') : bytes
    },
  }
}

async function* counted(
  bytes: AsyncIterable<Buffer>,
  stored: ((bytes: number) => void) | undefined,
): AsyncGenerator<Buffer> {
  let count = 0
  for await (const chunk of bytes) {
    count += chunk.length
    stored?.(count)
    yield chunk
  }
}

function isPacked(head: Buffer, name: string): boolean {
  if (head.length >= 4 && head.readUInt32BE(0) === 0x504b_0304) {
    throw new StagingInputError(`${name} is a zip archive`, 'Unpack it and give the files in it.')
  }
  return head[0] === 0x1f && head[1] === 0x8b
}

async function* gunzipped(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize })
  // Whatever goes wrong on either side comes out of the iteration below.
  pipeline(bytes, gunzip).catch(() => {})
  try {
    yield* gunzip as AsyncIterable<Buffer>
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? ''
    if (!code.startsWith('Z_')) throw error
    const message =
      code === 'Z_BUF_ERROR'
        ? `${name} is cut short: its gzip data has no end`
        : `${name} is not sound gzip data`
    throw new StagingInputError(message, 'Fetch the file again.', { cause: error })
  } finally {
    gunzip.destroy()
  }
}
