// PostgreSQL's binary COPY: a header, tuples (a 16-bit column count, then each value behind its 32-bit length,
// -1 for null, big-endian), a trailer of one 16-bit -1.

/** What a binary COPY begins with: signature, flags, empty extension. */
export const copyHeader: Buffer = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')

/** What a binary COPY ends with. */
export const copyTrailer: Buffer = Buffer.from([0xff, 0xff])

/** A growing chunk of tuples for one shard. The bytes before `at` are whole tuples, except while one is written. */
export interface Sink {
  bytes: Buffer
  view: DataView
  at: number
}

/** An empty sink of so many bytes. Its memory is new: what was handed over before may still be on its way. */
export function createSink(size: number): Sink {
  const bytes = Buffer.allocUnsafeSlow(size)
  return { bytes, view: viewOf(bytes), at: 0 }
}

/** Big-endian access to a buffer's bytes. */
export function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function putNull(sink: Sink): void {
  sink.view.setInt32(sink.at, -1)
  sink.at += 4
}

export function putInt16(sink: Sink, value: number): void {
  sink.view.setInt32(sink.at, 2)
  sink.view.setInt16(sink.at + 4, value)
  sink.at += 6
}

export function putInt32(sink: Sink, value: number): void {
  sink.view.setInt32(sink.at, 4)
  sink.view.setInt32(sink.at + 4, value)
  sink.at += 8
}

/** An int8 column from a non-negative safe integer. */
export function putInt64(sink: Sink, value: number): void {
  sink.view.setInt32(sink.at, 8)
  sink.view.setInt32(sink.at + 4, Math.floor(value / 4_294_967_296))
  sink.view.setInt32(sink.at + 8, value | 0)
  sink.at += 12
}

export function putFloat64(sink: Sink, value: number): void {
  sink.view.setInt32(sink.at, 8)
  sink.view.setFloat64(sink.at + 4, value)
  sink.at += 12
}

/**
 * A text or enum column from bytes as they are. Copies four at a time: up to three bytes behind both ranges are
 * read and overwritten, so both buffers need that slack.
 */
export function putBytes(sink: Sink, source: DataView, from: number, to: number): void {
  sink.view.setInt32(sink.at, to - from)
  sink.at += 4
  appendBytes(sink, source, from, to)
}

/** Bytes without a length before them, for a value put together from several; the slack of `putBytes` applies. */
export function appendBytes(sink: Sink, source: DataView, from: number, to: number): void {
  const { view, at } = sink
  const length = to - from
  for (let i = 0; i < length; i += 4) view.setInt32(at + i, source.getInt32(from + i))
  sink.at = at + length
}
