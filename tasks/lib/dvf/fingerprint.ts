/** Two 32-bit lanes over bytes of a tuple; together a 64-bit digest. */
export interface Lanes {
  high: number
  low: number
}

/** Lanes that nothing was fed to and that were not started. */
export function zeroLanes(): Lanes {
  return { high: 0, low: 0 }
}

/** Lanes before the first byte. */
export function startLanes(lanes: Lanes): void {
  lanes.high = 0x2d_1c_9e_35
  lanes.low = 0x61_c8_86_47
}

/**
 * Takes in the bytes from `from` to `to`, four at a time (murmur-style: multiply, rotate, multiply; each lane with
 * constants of its own, the second fed by the first). Reads up to three bytes behind `to` and ignores them.
 */
export function feedLanes(lanes: Lanes, view: DataView, from: number, to: number): void {
  let a = lanes.high
  let b = lanes.low
  const lastWhole = to - 4
  let at = from
  for (; at <= lastWhole; at += 4) {
    const word = Math.imul(view.getInt32(at, true), 0xcc9e2d51)
    a ^= Math.imul((word << 15) | (word >>> 17), 0x1b873593)
    a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0
    b ^= Math.imul((word << 11) | (word >>> 21), 0x38b34ae5)
    b = (Math.imul((b << 17) | (b >>> 15), 9) + a) | 0
  }
  if (at < to) {
    const word = Math.imul(view.getInt32(at, true) & (0xffffffff >>> ((4 - to + at) << 3)), 0xcc9e2d51)
    a ^= Math.imul((word << 15) | (word >>> 17), 0x1b873593)
    a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0
    b ^= Math.imul((word << 11) | (word >>> 21), 0x38b34ae5)
    b = (Math.imul((b << 17) | (b >>> 15), 9) + a) | 0
  }
  lanes.high = a
  lanes.low = b
}

/** Takes in another digest. */
export function feedDigest(lanes: Lanes, other: Lanes): void {
  feedWord(lanes, other.high)
  feedWord(lanes, other.low)
}

/** Takes in one 32-bit number. */
export function feedWord(lanes: Lanes, value: number): void {
  const word = Math.imul(value, 0xcc9e2d51)
  const a = lanes.high ^ Math.imul((word << 15) | (word >>> 17), 0x1b873593)
  lanes.high = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0
  const b = lanes.low ^ Math.imul((word << 11) | (word >>> 21), 0x38b34ae5)
  lanes.low = (Math.imul((b << 17) | (b >>> 15), 9) + lanes.high) | 0
}

/** Spreads what was taken in over all bits; `lanes` may be fed further, `result` is the digest so far. */
export function readDigest(lanes: Lanes, result: Lanes): void {
  const high = spread((lanes.high + lanes.low) | 0)
  result.high = high
  result.low = spread((lanes.low + Math.imul(high, 0x9e3779b1)) | 0)
}

function spread(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
