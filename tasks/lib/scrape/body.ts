import { isUtf8 } from 'node:buffer'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip, inflate } from 'node:zlib'
import { ScrapeRefusal } from './adapter.ts'
import type { RawAnswer } from './client.ts'

const unpackers = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  deflate: promisify(inflate),
}

/** The encodings that `readBody` unpacks, as a client offers them. */
export const acceptedEncodings = 'gzip, br'

/**
 * The text of an answer: unpacked, also where the file itself is gzip, and in the charset that its headers, its first
 * lines or its bytes tell.
 *
 * ScrapeRefusal `too_large`: it unpacks to more than `maxBytes`. `unavailable`: what is packed is broken.
 */
export async function readBody(answer: RawAnswer, url: string, maxBytes: number): Promise<string> {
  let bytes = answer.body
  if (bytes.length === 0) return ''
  const encoding = answer.headers['content-encoding']?.trim().toLowerCase()
  if (encoding !== undefined && encoding in unpackers) {
    bytes = await unpack(bytes, encoding as keyof typeof unpackers, url, maxBytes)
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = await unpack(bytes, 'gzip', url, maxBytes)
  return decode(bytes, answer.headers['content-type'])
}

async function unpack(
  bytes: Buffer,
  encoding: keyof typeof unpackers,
  url: string,
  maxBytes: number,
): Promise<Buffer> {
  try {
    return await unpackers[encoding](bytes, { maxOutputLength: maxBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new ScrapeRefusal('too_large', `${url} unpacks to more than ${maxBytes} bytes`, { cause: error })
    }
    throw new ScrapeRefusal('unavailable', `${url} is packed as ${encoding} and broken`, { cause: error })
  }
}

function decode(bytes: Buffer, contentType: string | undefined): string {
  const said = /charset\s*=\s*["']?([\w-]+)/i.exec(contentType ?? '')?.[1]
  if (said === undefined || /^utf-?8$/i.test(said)) {
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.toString('utf8', 3)
    if (said !== undefined || isUtf8(bytes)) return bytes.toString('utf8')
  }
  const inside = /(?:charset|encoding)\s*=\s*["']?([\w-]+)/i.exec(bytes.toString('latin1', 0, 1024))?.[1]
  for (const name of [said, inside, 'windows-1252']) {
    if (name === undefined) continue
    try {
      return new TextDecoder(name).decode(bytes)
    } catch {
      // A name that nobody knows says nothing.
    }
  }
  return bytes.toString('utf8')
}
