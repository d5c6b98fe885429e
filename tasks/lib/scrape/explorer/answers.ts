import { ScrapeRefusal } from '../adapter.ts'
import { refuseEmptyWall, refuseWall } from '../block.ts'
import type { Trouble } from '../browser/tab.ts'
import type { Visited } from '../browser/visits.ts'
import type { ShownPage } from './page.ts'

/** The host asks for a rest: it is kept, and the page is visited again. */
export class Rest extends ScrapeRefusal {}

function refuseStatus(url: string, status: number, retryAfter: string | null): never {
  if (status === 404 || status === 410) throw new ScrapeRefusal('not_found', `${url} answered ${status}`)
  if (status === 429 || (status === 503 && retryAfter !== null))
    throw new Rest('unavailable', `${url} answered ${status}`)
  throw new ScrapeRefusal('unavailable', `${url} answered ${status}`)
}

/**
 * Refuses an answer that is no page of results: a wall, a failure.
 *
 * ScrapeRefusal: challenge, login, not_found or unavailable.
 */
export async function checkAnswer({ response }: Visited, url: string): Promise<void> {
  const status = response.status()
  const isElsewhere = response.url() !== url
  if (status < 400 && !isElsewhere) return
  refuseWall({ url: response.url(), status, text: await response.text().catch(() => '') }, url)
  if (status >= 400) refuseStatus(url, status, response.headers()['retry-after'] ?? null)
}

async function refuseTrouble({ url, status, retryAfter, failure, text }: Trouble): Promise<never> {
  if (status === null) throw new ScrapeRefusal('unavailable', `${url}: ${failure ?? 'no answer'}`)
  refuseWall({ url, status, text: await text }, url)
  refuseStatus(url, status, retryAfter)
}

/**
 * Says why a page shows neither results nor that there are none: a wall, a request of its own that failed, an answer
 * that broke off, a page that does not finish, or another page than the one the source's configuration describes.
 *
 * ScrapeRefusal, always.
 */
export async function refuse(
  { page, response, troubles }: Visited,
  shown: ShownPage,
  url: string,
): Promise<never> {
  const looked = { url: page.url(), status: response.status(), text: await page.content() }
  refuseWall(looked, url)
  const trouble = troubles[0]
  if (trouble !== undefined) await refuseTrouble(trouble)
  if (shown.items.length === 0) refuseEmptyWall(looked)
  if (shown.state === 'error') throw new ScrapeRefusal('unavailable', `${url} says that it cannot answer`)
  if (shown.state === 'waiting')
    throw new ScrapeRefusal('timeout', `${url} did not finish: ${shown.items.length} results came`)
  const text = await response.text().catch(() => '')
  if (!/<\/html\s*>/i.test(text)) throw new ScrapeRefusal('unavailable', `${url} broke off`)
  throw new ScrapeRefusal(
    'layout',
    `${url} shows neither results nor that there are none: its layout has changed`,
  )
}
