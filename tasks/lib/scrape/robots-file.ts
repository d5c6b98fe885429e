import { setTimeout as sleep } from 'node:timers/promises'
import { ScrapeRefusal } from './adapter.ts'
import { readAddress } from './address.ts'
import { readBody } from './body.ts'
import type { Client, RawAnswer } from './client.ts'
import type { Host, KeptRobots } from './host.ts'
import type { Call } from './politeness.ts'
import { isUnreachable, longestRobots, readRobots } from './robots.ts'

const holdSeconds = 86_400
const tries = 3

/** Where a robots.txt is asked for, and by whom. */
export interface RobotsQuestion {
  host: Host
  origin: string
  client: Client
  userAgent: string
  isLocal: boolean
  signal: AbortSignal
  call: Call
  /** Seconds for which it is not asked for again where it was not to be had. */
  holdUnreachable: number
}

/**
 * Asks a host for its robots.txt, each try in its turn, and keeps the answer for all workers: a day, or shorter
 * where it was not to be had.
 */
export async function loadRobots(question: RobotsQuestion): Promise<KeptRobots> {
  const { host, origin, call } = question
  let status = 0
  let text: string | null = null
  for (let attempt = 1; attempt <= tries; attempt++) {
    const found = await ask(question)
    status = found.status
    text = found.text
    if (!isUnreachable(status)) break
    if (attempt < tries)
      await sleep(attempt * 1000 * (0.5 + Math.random()), undefined, { signal: question.signal })
  }
  const hold = isUnreachable(status) ? question.holdUnreachable : holdSeconds
  const robots = readRobots(origin, status, text)
  await call('select app_private.keep_robots($1, $2, $3, $4, $5)', [
    host.name,
    status,
    text?.slice(0, longestRobots).replaceAll('\0', '') ?? null,
    robots.crawlDelay,
    hold,
  ])
  return { status, text, seconds: hold }
}

async function ask(question: RobotsQuestion): Promise<{ status: number; text: string | null }> {
  const { host, origin, client, userAgent, isLocal, signal } = question
  let url = new URL('/robots.txt', origin)
  for (let hop = 0; hop <= 5; hop++) {
    await host.turn()
    let answer: RawAnswer
    try {
      answer = await client.ask(url, 'GET', { 'user-agent': userAgent, accept: 'text/plain, */*;q=0.1' })
    } catch (error) {
      if (signal.aborted) throw error
      await host.tell({ error: error as Error })
      // What may not be asked at all has no robots.txt either.
      if (error instanceof ScrapeRefusal && error.reason === 'private_address') throw error
      return { status: 0, text: null }
    }
    await host.tell({ status: answer.status, retryAfter: answer.headers['retry-after'] ?? null })
    const { location } = answer.headers
    if (
      answer.status >= 300 &&
      answer.status < 400 &&
      location !== undefined &&
      URL.canParse(location, url.href)
    ) {
      url = readAddress(new URL(location, url).href, isLocal)
      continue
    }
    const text = answer.status < 300 ? await readBody(answer, url.href, 5_000_000) : null
    return { status: answer.status, text }
  }
  // Sent on and on: as good as none.
  return { status: 404, text: null }
}
