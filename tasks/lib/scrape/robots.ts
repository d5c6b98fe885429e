import robotsParser from 'robots-parser'
import { robotsName } from './client.ts'

interface ParsedRobots {
  isAllowed(url: string, name: string): boolean | undefined
  getCrawlDelay(name: string): number | undefined
}

// The package's types speak of a default export that its code does not have.
const parseRobots = robotsParser as unknown as (url: string, text: string) => ParsedRobots

/** What a host's robots.txt asks of us. */
export interface Robots {
  isAllowed(url: URL): boolean
  /** Seconds between requests; null for none. */
  crawlDelay: number | null
}

const everything: Robots = { isAllowed: () => true, crawlDelay: null }

/** A text longer than this is cut, as RFC 9309 allows. */
export const longestRobots = 512_000

/**
 * Reads a robots.txt for our name, or for everybody where it does not name us.
 *
 * `status` 404 and other refusals of the file mean that there is none, and all is allowed; no answer (0), 429 and 5xx
 * that it is there but not to be had now, and nothing is.
 */
export function readRobots(origin: string, status: number, text: string | null): Robots {
  if (isUnreachable(status)) return { isAllowed: () => false, crawlDelay: null }
  if (status >= 400 || text === null) return everything
  const parsed = parseRobots(`${origin}/robots.txt`, text.slice(0, longestRobots))
  const delay = parsed.getCrawlDelay(robotsName)
  const crawlDelay = delay !== undefined && Number.isFinite(delay) && delay > 0 ? Math.min(delay, 3600) : null
  if (!/^\s*disallow\s*:\s*[^\s#]/im.test(text)) return { isAllowed: () => true, crawlDelay }
  return { isAllowed: (url) => parsed.isAllowed(url.href, robotsName) !== false, crawlDelay }
}

/** Whether an answer means that robots.txt is there but cannot be had now. */
export function isUnreachable(status: number): boolean {
  return status === 0 || status === 429 || status >= 500
}
