import { viewOf } from './sink.ts'

/** The longest record that is read; what is longer is rejected. */
export const maxRecord = 65_536

/** The longest run of bytes without a line end: beyond it the input is no text. */
export const maxUnbroken = 1_048_576

// A record is unquoted or transcoded (up to three bytes for one) into the room behind the data.
const scratchSize = 2 * 3 * (maxRecord + 1024)
const slack = 16

/** The stretch of a file that is being read: data between `start` and `end`, scratch room behind it. */
export interface Window {
  bytes: Buffer
  view: DataView
  start: number
  end: number
  /** Room for rewritten records: two halves, each for one record in the longest encoding. */
  scratch: number
  secondScratch: number
}

/** An empty window for so many bytes of data; it grows when a line is longer. */
export function createWindow(capacity: number): Window {
  const bytes = Buffer.allocUnsafeSlow(capacity + slack + scratchSize + slack)
  return {
    bytes,
    view: viewOf(bytes),
    start: 0,
    end: 0,
    scratch: capacity + slack,
    secondScratch: capacity + slack + scratchSize / 2,
  }
}

/** Takes in the next bytes; what is before `start` is given up. Answers the window, or a larger one in its place. */
export function appendToWindow(window: Window, bytes: Buffer): Window {
  const kept = window.end - window.start
  let target = window
  if (kept + bytes.length > window.scratch - slack) target = createWindow(2 * (kept + bytes.length))
  if (window.start > 0 || target !== window) window.bytes.copy(target.bytes, 0, window.start, window.end)
  bytes.copy(target.bytes, kept)
  target.start = 0
  target.end = kept + bytes.length
  return target
}
