/** Two 32-bit lanes over the bytes of a tuple; together the line's 64-bit fingerprint. */
export interface Lanes {
  high: number
  low: number
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
  const whole = to - 3
  let at = from
  for (; at < whole; at += 4) {
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

/** Spreads the last bytes taken in over all bits. */
export function finishLanes(lanes: Lanes): void {
  lanes.high = spread((lanes.high + lanes.low) | 0)
  lanes.low = spread((lanes.low + Math.imul(lanes.high, 0x9e3779b1)) | 0)
}

function spread(value: number): number {
  let h = value
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
