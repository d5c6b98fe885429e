// A cell that begins with =, +, -, @, a tab or a line end may be run as a formula by a spreadsheet. Such a cell is
// written with an apostrophe before it, which spreadsheets take for "this is text", and read back without it. A text
// that has apostrophes before such a sign already gets one more, so that every text comes back as it was.

const risky = /^'*[=+\-@\t\r\n]/
const guardedText = /^'+[=+\-@\t\r\n]/
const number = /^-?\d+(?:\.\d+)?$/

/** A cell of an export, so that no spreadsheet runs it. Plain numbers stay as they are. */
export function guarded(text: string): string {
  return risky.test(text) && !number.test(text) ? `'${text}` : text
}

/** The text that `guarded` made a cell of. */
export function unguarded(cell: string): string {
  return guardedText.test(cell) ? cell.slice(1) : cell
}
