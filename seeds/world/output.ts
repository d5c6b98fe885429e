import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A text file being written line by line; the caller awaits `drain` now and then, so that memory stays bounded. */
export interface Output {
  /** Adds a line and gives its number; the first line of the file is 1. */
  line: (text: string) => number
  /** Writes what has gathered when it is much. */
  drain: () => Promise<void>
  /** Writes the rest and closes; gives the number of lines. */
  close: () => Promise<number>
}

/**
 * Opens a new file, its folder included. `newline` is what ends a line; without `finalNewline` the last line has none.
 */
export async function openOutput(path: string, newline = '\n', finalNewline = true): Promise<Output> {
  await mkdir(dirname(path), { recursive: true })
  const handle = await open(path, 'w')
  let gathered = ''
  let lines = 0
  const write = async (): Promise<void> => {
    const bytes = Buffer.from(gathered)
    gathered = ''
    await handle.writeFile(bytes)
  }
  return {
    line(text) {
      gathered += lines === 0 ? text : newline + text
      return ++lines
    },
    async drain() {
      if (gathered.length > 1_000_000) await write()
    },
    async close() {
      if (finalNewline && lines > 0) gathered += newline
      await write()
      await handle.close()
      return lines
    },
  }
}
