import { readFile } from 'node:fs/promises'
import pino from 'pino'
import { Agent } from 'undici'
import { scrapeSession } from '../../tasks/lib/scrape/session.ts'

// One side of the bench `portal`, in a process of its own: `scrape DATABASE SESSION` scrapes a session; `bare SITE FILE
// CONNECTIONS` fetches the paths that a file lists by undici, and does nothing else. Tells as a line of JSON what it
// took.

/** Fetches pages and keeps nothing; the bytes of their texts. */
async function fetchBare(origin: string, paths: readonly string[], connections: number): Promise<number> {
  const agent = new Agent({ connections })
  let next = 0
  let size = 0
  const work = async () => {
    while (next < paths.length) {
      const path = paths[next++] as string
      const { body } = await agent.request({ origin, path, method: 'GET' })
      size += (await body.text()).length
    }
  }
  await Promise.all(Array.from({ length: connections }, work))
  await agent.close()
  return size
}

const [mode, where = '', what = '', connections] = process.argv.slice(2)
const paths = mode === 'bare' ? (JSON.parse(await readFile(what, 'utf8')) as string[]) : []
const started = performance.now()
const done =
  mode === 'bare'
    ? await fetchBare(where, paths, Number(connections))
    : (
        await scrapeSession({
          url: where,
          sessionId: what,
          log: pino({ level: 'warn' }),
          signal: new AbortController().signal,
        })
      ).staged_count
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, done }))
