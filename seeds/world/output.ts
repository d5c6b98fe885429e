import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** A text file being written line by line. Writing is synchronous: waiting for each of millions of lines costs more. */
export interface Output {
  /** Adds a line and gives its number; the first line of the file is 1. */
  line: (text: string) => number
  /** Writes the rest and closes; gives the number of lines. */
  close: () => number
}

/**
 * Opens a new file, its folder included. `newline` is what ends a line; without `finalNewline` the last line has none.
 */
export function openOutput(path: string, newline = '\n', finalNewline = true): Output {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, 'w')
  let gathered = ''
  let lines = 0
  const write = (): void => {
    const bytes = Buffer.from(gathered)
    gathered = ''
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
  }
  return {
    line(text) {
      gathered += lines === 0 ? text : newline + text
      if (gathered.length > 500_000) write()
      return ++lines
    },
    close() {
      if (finalNewline && lines > 0) gathered += newline
      write()
      closeSync(file)
      return lines
    },
  }
}
