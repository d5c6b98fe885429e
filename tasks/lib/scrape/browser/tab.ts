import type { BrowserContext, Page, Request } from 'playwright-core'
import type { Politeness } from '../adapter.ts'
import type { Reach } from './reach.ts'

/** A request of a page that came to nothing. */
export interface Trouble {
  url: string
  status: number | null
  retryAfter: string | null
  /** The browser's word for it where there was no answer. */
  failure: string | null
  /** Of an answer that refuses: its text. */
  text: Promise<string>
}

/** A page that is used for one visit after the other. */
export interface Tab {
  page: Page
  count: number
  politeness: Politeness
  troubles: Trouble[]
  /** Why a request that the page made by itself was not allowed. */
  refusal: unknown
  /** Told when the document itself breaks off: what has come of it would be waited for in vain. */
  breakOff: (failure: string) => void
}

/** Opens a page of a context that notes what becomes of its requests within reach. */
export async function openTab(context: BrowserContext, politeness: Politeness, reach: Reach): Promise<Tab> {
  const isWithin = (request: Request): boolean => {
    const url = URL.parse(request.url())
    return url !== null && reach.holds(url)
  }
  const page = await context.newPage()
  const tab: Tab = { page, count: 0, politeness, troubles: [], refusal: undefined, breakOff() {} }
  page.on('dialog', (dialog) => void dialog.dismiss().catch(() => {}))
  page.on('requestfailed', (request) => {
    const failure = request.failure()?.errorText ?? 'failed'
    // What was blocked here, and what the page gave up when another was asked for, is no trouble.
    if (!isWithin(request) || /BLOCKED_BY_CLIENT|ERR_ABORTED/.test(failure)) return
    const none = Promise.resolve('')
    tab.troubles.push({ url: request.url(), status: null, retryAfter: null, failure, text: none })
    if (request.isNavigationRequest() && request.frame().parentFrame() === null) tab.breakOff(failure)
  })
  page.on('response', (response) => {
    const status = response.status()
    if (status < 400 || !isWithin(response.request())) return
    if (!['document', 'xhr', 'fetch', 'script'].includes(response.request().resourceType())) return
    const retryAfter = response.headers()['retry-after'] ?? null
    const isRefusal = status === 401 || status === 403
    const text = isRefusal ? response.text().catch(() => '') : Promise.resolve('')
    tab.troubles.push({ url: response.url(), status, retryAfter, failure: null, text })
    if (response.request().isNavigationRequest()) return
    void tab.politeness.tell(response.url(), { status, retryAfter }).catch(() => {})
  })
  return tab
}
