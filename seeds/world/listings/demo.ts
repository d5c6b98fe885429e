import { join } from 'node:path'
import { generateListings } from './generate.ts'

/** A session of the demonstration, ready for `parcelle stage`. */
export interface DemoSession {
  path: string
  /** What it shows: `first`, `normal`, or `truncated`. */
  name: 'first' | 'normal' | 'truncated'
  /** Communes it set out to see. */
  inseeCodes: string[]
  rows: number
}

/**
 * Writes three nights of a small listing source into a folder: a first one, a normal one, and one whose list ended half
 * way, each said to be complete. About 600 homes; the same bytes every time.
 */
export async function writeDemoSessions(folder: string): Promise<DemoSession[]> {
  const { sessions, inseeCodes } = await generateListings({
    folder,
    homes: 600,
    sessions: 3,
    seed: 'demo',
    faultEvery: 2,
    faults: ['truncated'],
  })
  const names = ['first', 'normal', 'truncated'] as const
  return names.map((name, i) => {
    const session = sessions[i]
    if (session === undefined) throw new RangeError('the demonstration has three sessions')
    return { path: join(folder, session.path), name, inseeCodes, rows: session.rows }
  })
}
