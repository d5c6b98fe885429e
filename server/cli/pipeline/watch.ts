import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { CliHouse } from '../lib/house.ts'
import { isOver, type RunState, readRuns } from './shape.ts'
import { describeRun } from './text.ts'

/** Something to draw on: a terminal, or something like it in tests. */
export type Screen = NodeJS.WritableStream & { isTTY?: boolean; rows?: number; columns?: number }

/**
 * Shows text that changes: drawn over itself on a terminal; elsewhere anew whenever it has changed, at most every two
 * seconds.
 */
export function createDisplay(screen: Screen): { show(text: string): void; end(): void } {
  let height = 0
  let last = ''
  let saidAt = 0
  return {
    show(text) {
      if (screen.isTTY) {
        const wide = screen.columns ?? 100
        const lines = text.split('\n').slice(0, (screen.rows ?? 40) - 1)
        const up = height > 0 ? `\x1b[${height}A\r` : ''
        screen.write(`${up}\x1b[J${lines.map((line) => line.slice(0, wide - 1)).join('\n')}\n`)
        height = lines.length
      } else if (text !== last && Date.now() - saidAt >= 2000) {
        saidAt = Date.now()
        screen.write(`${text}\n`)
      }
      last = text
    },
    end() {
      // What was drawn gives way to the command's result.
      if (screen.isTTY && height > 0) screen.write(`\x1b[${height}A\r\x1b[J`)
      height = 0
    },
  }
}

/**
 * Shows runs live on stderr until they have ended, or until ctrl-C where nothing in particular is watched; gives them
 * as they were last.
 */
export async function watchRuns(
  house: CliHouse,
  client: pg.ClientBase,
  target: string | undefined,
  screen: Screen = process.stderr,
): Promise<RunState[]> {
  const display = createDisplay(screen)
  for (;;) {
    const runs = await readRuns(client, target, 3)
    const shown = target === undefined ? runs.filter((run) => !isOver(run)) : runs
    display.show(shown.length === 0 ? 'nothing is at work' : shown.map(describeRun).join('\n\n'))
    const isDone = target !== undefined && runs.every(isOver)
    if (isDone || house.signal.aborted) {
      display.end()
      return runs
    }
    await sleep(500, undefined, { signal: house.signal }).catch(() => {})
  }
}
