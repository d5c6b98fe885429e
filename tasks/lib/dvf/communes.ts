/** One code that a DVF line may carry, as `app_private.known_communes()` gives it. */
export interface KnownCommune {
  /** Present or former INSEE code, five characters. */
  code: string
  /** The present commune or arrondissement it belongs to. */
  presentCode: string
  departmentCode: string
}

/** Lookup of INSEE codes that reads bytes, so that no string is made per line. */
export interface CommuneIndex {
  /** Slot of a code (see `codeSlot`) → number of its present commune, -1 when the code is unknown. */
  bySlot: Int32Array
  /** Per present commune: its own slot, INSEE code and département. */
  slots: Int32Array
  codes: string[]
  departments: string[]
  /** Per present commune, five bytes: the INSEE code in ASCII. Four bytes of slack follow. */
  codeBytes: Buffer
  /** Per present commune, three bytes: the département in ASCII, of which `departmentLengths` count. Slack as above. */
  departmentBytes: Buffer
  departmentLengths: Uint8Array
}

// 100 000 numeric codes, then 2A000–2A999 and 2B000–2B999.
const slotCount = 102_000

/** Place of a five-character INSEE code among all possible ones; -1 when it is not one. */
export function codeSlot(bytes: Uint8Array, from: number): number {
  const a = bytes[from]! - 48
  let b = bytes[from + 1]! - 48
  const c = bytes[from + 2]! - 48
  const d = bytes[from + 3]! - 48
  const e = bytes[from + 4]! - 48
  if (a >>> 0 > 9 || c >>> 0 > 9 || d >>> 0 > 9 || e >>> 0 > 9) return -1
  if (b >>> 0 > 9) {
    // 'A' and 'B' are Corsica's two départements.
    b -= 17
    return a === 2 && b >>> 0 <= 1 ? 100_000 + b * 1000 + c * 100 + d * 10 + e : -1
  }
  return a * 10_000 + b * 1000 + c * 100 + d * 10 + e
}

/**
 * Builds the lookup from every present and former code. A code that is both keeps its present meaning.
 * Throws a RangeError for a code that is not an INSEE code.
 */
export function createCommuneIndex(rows: Iterable<KnownCommune>): CommuneIndex {
  const all = [...rows]
  const numbers = new Map<string, number>()
  const codes: string[] = []
  const departments: string[] = []
  for (const row of all) {
    if (numbers.has(row.presentCode)) continue
    numbers.set(row.presentCode, codes.length)
    codes.push(row.presentCode)
    departments.push(row.departmentCode)
  }
  const bySlot = new Int32Array(slotCount).fill(-1)
  const slots = new Int32Array(codes.length)
  const codeBytes = Buffer.alloc(codes.length * 5 + 4)
  const departmentBytes = Buffer.alloc(codes.length * 3 + 4)
  const departmentLengths = Uint8Array.from(departments, (code) => code.length)
  for (const row of all) bySlot[slotOf(row.code)] = numbers.get(row.presentCode)!
  codes.forEach((code, index) => {
    const slot = slotOf(code)
    slots[index] = slot
    bySlot[slot] = index
    codeBytes.write(code, index * 5, 'latin1')
    departmentBytes.write(departments[index]!, index * 3, 'latin1')
  })
  return { bySlot, slots, codes, departments, codeBytes, departmentBytes, departmentLengths }
}

function slotOf(code: string): number {
  const slot = code.length === 5 ? codeSlot(Buffer.from(code, 'latin1'), 0) : -1
  if (slot < 0) throw new RangeError(`${JSON.stringify(code)} is not an INSEE commune code`)
  return slot
}
