// Every reader here has a path over bytes for the official spelling and hands anything else to a slower one
// that knows the spellings of altered copies. Values are never negative, so the marks below are free.

/** Marks of the integer readers: the field is empty, or is no number. */
export const EMPTY = -1
export const BAD = -2

/** Mark of `readDate`: no such day. */
export const NO_DATE = 0x7fffffff

/** Marks of `readDecimal`. */
export const EMPTY_DECIMAL = Number.NEGATIVE_INFINITY

// What R, pandas and databases write for "nothing" in a numeric column.
const absent = /^(?:na|nan|null|none|<na>)?$/i
const maxInt32 = 0x7fffffff

/** A non-negative integer below 2³¹, EMPTY or BAD; `12.0`, `12,` and `1.2e1` are 12. */
export function readInteger(bytes: Buffer, from: number, to: number): number {
  if (from === to) return EMPTY
  let value = 0
  for (let i = from; i < to; i++) {
    const digit = bytes[i]! - 48
    if (digit >>> 0 > 9) return readAlteredInteger(bytes, from, to)
    value = value * 10 + digit
  }
  return to - from > 9 ? readAlteredInteger(bytes, from, to) : value
}

function readAlteredInteger(bytes: Buffer, from: number, to: number): number {
  const value = readAlteredDecimal(bytes, from, to)
  if (value === EMPTY_DECIMAL) return EMPTY
  return Number.isInteger(value) && value >= 0 && value <= maxInt32 ? value : BAD
}

/** Euros as whole cents, EMPTY or BAD; decimal comma or point, at most two decimals that mean something. */
export function readCents(bytes: Buffer, from: number, to: number): number {
  if (from === to) return EMPTY
  if (to - from > 15) return readAlteredCents(bytes, from, to)
  let value = 0
  let decimals = -1
  for (let i = from; i < to; i++) {
    const digit = bytes[i]! - 48
    if (digit >>> 0 <= 9) {
      value = value * 10 + digit
      if (decimals >= 0) decimals++
    } else if (decimals < 0 && i > from && (digit === -2 || digit === -4)) decimals = 0
    else return readAlteredCents(bytes, from, to)
  }
  if (decimals === 2) return value
  if (decimals <= 0) return value * 100
  return decimals === 1 ? value * 10 : readAlteredCents(bytes, from, to)
}

function readAlteredCents(bytes: Buffer, from: number, to: number): number {
  const value = readAlteredDecimal(bytes, from, to)
  if (value === EMPTY_DECIMAL) return EMPTY
  const cents = Math.round(value * 100)
  // A float that passed through arithmetic is off by far less than a hundredth of a cent.
  const isWholeCents = Math.abs(value * 100 - cents) <= 1e-6 * Math.max(1, Math.abs(cents) * 1e-6)
  return isWholeCents && cents >= 0 && cents <= 1e14 ? cents : BAD
}

/** A number with decimal comma or point, possibly negative; EMPTY_DECIMAL or NaN. */
export function readDecimal(bytes: Buffer, from: number, to: number): number {
  if (from === to) return EMPTY_DECIMAL
  if (to - from > 16) return readAlteredDecimal(bytes, from, to)
  const isNegative = bytes[from] === 45
  let value = 0
  let decimals = -1
  const first = isNegative ? from + 1 : from
  for (let i = first; i < to; i++) {
    const digit = bytes[i]! - 48
    if (digit >>> 0 <= 9) {
      value = value * 10 + digit
      if (decimals >= 0) decimals++
    } else if (decimals < 0 && i > first && (digit === -2 || digit === -4)) decimals = 0
    else return readAlteredDecimal(bytes, from, to)
  }
  if (first === to || value > 999_999_999_999_999) return readAlteredDecimal(bytes, from, to)
  // Both operands are exact, so this one division rounds as a decimal literal would.
  if (decimals > 0) value /= powers[decimals]!
  return isNegative ? -value : value
}

const powers = Float64Array.from({ length: 17 }, (_, n) => 10 ** n)

function readAlteredDecimal(bytes: Buffer, from: number, to: number): number {
  const text = bytes.toString('latin1', from, to).trim()
  if (absent.test(text)) return EMPTY_DECIMAL
  return /^-?\d{1,30}(?:[.,]\d{0,30})?(?:e[+-]?\d{1,2})?$/i.test(text)
    ? Number(text.replace(',', '.'))
    : Number.NaN
}

const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Days from 2000-01-01, PostgreSQL's own epoch; NO_DATE when the calendar has no such day. */
export function dayNumber(year: number, month: number, day: number): number {
  if (year < 1900 || year > 2099 || month < 1 || month > 12 || day < 1) return NO_DATE
  const isLeap = year % 4 === 0 && year !== 1900
  if (day > daysInMonth[month - 1]! + (isLeap && month === 2 ? 1 : 0)) return NO_DATE
  const past = year - 1900
  // 1900 is not a leap year; from 1901 to 2099 every fourth year is.
  const leapDays = past > 0 ? (past - 1) >> 2 : 0
  return (
    past * 365 + leapDays + daysBeforeMonth[month - 1]! + (isLeap && month > 2 ? 1 : 0) + day - 1 - 36_524
  )
}

/** A day as `dayNumber`, from `2018-01-05`, `05/01/2018`, `5/1/2018`, or either with a midnight behind it. */
export function readDate(bytes: Buffer, from: number, to: number): number {
  if (to - from === 10) {
    const p2 = bytes[from + 2]!
    if (bytes[from + 4] === 45 && bytes[from + 7] === 45) {
      return dayNumber(
        pair(bytes, from) * 100 + pair(bytes, from + 2),
        pair(bytes, from + 5),
        pair(bytes, from + 8),
      )
    }
    if (p2 === 47 && bytes[from + 5] === 47) {
      return dayNumber(
        pair(bytes, from + 6) * 100 + pair(bytes, from + 8),
        pair(bytes, from + 3),
        pair(bytes, from),
      )
    }
  }
  return readAlteredDate(bytes.toString('latin1', from, Math.min(to, from + 40)).trim())
}

// -10 000 makes any date that holds something else than a digit impossible.
function pair(bytes: Buffer, at: number): number {
  const tens = bytes[at]! - 48
  const units = bytes[at + 1]! - 48
  return tens >>> 0 <= 9 && units >>> 0 <= 9 ? tens * 10 + units : -10_000
}

function readAlteredDate(text: string): number {
  const day = text.replace(/[ T]0?0:00(?::00(?:\.0+)?)?Z?$/, '')
  const iso = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day)
  if (iso) return dayNumber(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const french = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(day)
  return french ? dayNumber(Number(french[3]), Number(french[2]), Number(french[1])) : NO_DATE
}

/** Year of a `dayNumber`. */
export function yearOf(day: number): number {
  const year = 2000 + Math.floor(day / 365.25)
  if (dayNumber(year + 1, 1, 1) <= day) return year + 1
  return dayNumber(year, 1, 1) > day ? year - 1 : year
}
