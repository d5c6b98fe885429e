import { lookup } from 'node:dns'
import { setTimeout as sleep } from 'node:timers/promises'
import type pino from 'pino'
import type { BrowserContext, Page, Request, Response, Route } from 'playwright-core'
import { type Politeness, ScrapeRefusal } from '../adapter.ts'
import { publicLookup, readAddress } from '../address.ts'
import { holdBrowser, isDeadline, isGone } from '../browser.ts'
import { createGuard, type Guard } from './guard.ts'

/** What a visit is made with. */
export interface VisitOptions {
  /** The source's address: the only host and port that the browser reaches. */
  baseUrl: string
  userAgent: string
  /** Whether the source may be on this machine or in a private network. */
  isLocal: boolean
  log: pino.Logger
  signal: AbortSignal
  /** Milliseconds until a page's document must be there; 30 000 unless told. */
  timeout?: number
  /** Milliseconds that the reading of a page may take; 60 000 unless told. */
  readTimeout?: number
}

/** A page as it was answered. */
export interface Visited {
  page: Page
  response: Response
  /** What its own requests came to, where not well: status and Retry-After, or how the connection broke. */
  troubles: readonly Trouble[]
}

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

/** Visits to one source, on pages that are used again. */
export interface Visits {
  /**
   * Goes to an address, politely, and reads the page; the page is used again afterwards. When the browser dies it is
   * launched again, and the address is visited again.
   *
   * ScrapeRefusal: whatever `politeness` or `read` refuse; timeout or unavailable where there is no answer.
   */
  visit<T>(url: string, politeness: Politeness, read: (visited: Visited) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** Pages grow with what they have shown. */
const visitsPerPage = 200
const unwanted = new Set([
  'image',
  'media',
  'font',
  'texttrack',
  'manifest',
  'ping',
  'eventsource',
  'websocket',
])

interface Tab {
  page: Page
  count: number
  politeness: Politeness
  troubles: Trouble[]
  /** Why a request that the page made by itself was not allowed. */
  refusal: unknown
  /** Told when the document itself breaks off: what has come of it would be waited for in vain. */
  breakOff: (failure: string) => void
}

/** Opens a source to the browser; nothing is launched before the first visit. */
export function openVisits(options: VisitOptions): Visits {
  const { baseUrl, log, signal } = options
  const base = readAddress(baseUrl, options.isLocal)
  const hold = holdBrowser(log)
  let opened: Promise<{ context: BrowserContext; guard: Guard }> | null = null
  let idle: Tab[] = []
  let isClosed = false
  const granted = new Set<string>()
  const tabs = new Map<Page, Tab>()

  const route = async (taken: Route): Promise<void> => {
    const request = taken.request()
    const url = URL.parse(request.url())
    if (url === null || url.origin !== base.origin || unwanted.has(request.resourceType())) {
      await taken.abort('blockedbyclient')
      return
    }
    // A visit has leave for its document already; what the page asks for by itself needs its own.
    if (!granted.delete(url.href)) {
      const tab = tabs.get(request.frame().page())
      try {
        if (tab === undefined) throw new Error('nobody visits this page')
        await tab.politeness.permit(request.url())
      } catch (error) {
        if (tab !== undefined) tab.refusal ??= error
        await taken.abort('blockedbyclient')
        return
      }
    }
    await taken.continue()
  }

  const open = async (): Promise<{ context: BrowserContext; guard: Guard }> => {
    const browser = await hold.browser()
    const guard = await createGuard({ baseUrl, lookup: options.isLocal ? lookup : publicLookup })
    try {
      const context = await browser.newContext({
        userAgent: options.userAgent,
        locale: 'fr-FR',
        acceptDownloads: false,
        serviceWorkers: 'block',
        proxy: { server: guard.url },
      })
      await context.route('**/*', (taken) => route(taken).catch(() => {}))
      context.on('close', () => void guard.close())
      return { context, guard }
    } catch (error) {
      await guard.close()
      throw error
    }
  }

  const forget = (): void => {
    const old = opened
    opened = null
    idle = []
    void old?.then(({ context }) => context.close().catch(() => {})).catch(() => {})
  }

  const isOwn = (request: Request): boolean => URL.parse(request.url())?.origin === base.origin

  const newTab = async (context: BrowserContext, politeness: Politeness): Promise<Tab> => {
    const page = await context.newPage()
    const tab: Tab = { page, count: 0, politeness, troubles: [], refusal: undefined, breakOff() {} }
    tabs.set(page, tab)
    page.on('close', () => tabs.delete(page))
    tab.page.on('dialog', (dialog) => void dialog.dismiss().catch(() => {}))
    tab.page.on('requestfailed', (request) => {
      const failure = request.failure()?.errorText ?? 'failed'
      // What was blocked here, and what the page gave up when another was asked for, is no trouble.
      if (!isOwn(request) || /BLOCKED_BY_CLIENT|ERR_ABORTED/.test(failure)) return
      const none = Promise.resolve('')
      tab.troubles.push({ url: request.url(), status: null, retryAfter: null, failure, text: none })
      if (request.isNavigationRequest() && request.frame().parentFrame() === null) tab.breakOff(failure)
    })
    tab.page.on('response', (response) => {
      const status = response.status()
      if (status < 400 || !isOwn(response.request())) return
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

  const once = async <T>(
    url: string,
    politeness: Politeness,
    read: (visited: Visited) => Promise<T>,
  ): Promise<T> => {
    opened ??= open()
    const mine = opened
    let context: BrowserContext
    try {
      context = (await mine).context
    } catch (error) {
      if (opened === mine) opened = null
      throw error
    }
    const tab = idle.pop() ?? (await within(30_000, newTab(context, politeness)))
    tab.troubles = []
    tab.refusal = undefined
    tab.politeness = politeness
    tab.count++
    let isWell = false
    try {
      await politeness.permit(url)
      signal.throwIfAborted()
      granted.add(new URL(url).href)
      const broken = new Promise<never>((_, reject) => {
        tab.breakOff = (failure) => reject(new ScrapeRefusal('unavailable', `${url} broke off: ${failure}`))
      })
      broken.catch(() => {})
      const timeout = options.timeout ?? 30_000
      const response = await tab.page.goto(url, { waitUntil: 'commit', timeout })
      if (response === null) throw new ScrapeRefusal('unavailable', `${url} gave no answer`)
      const told = { status: response.status(), retryAfter: response.headers()['retry-after'] ?? null }
      await politeness.tell(url, told)
      const visited = { page: tab.page, response, troubles: tab.troubles }
      const reading = read(visited)
      const result = await within(options.readTimeout ?? 60_000, Promise.race([reading, broken]))
      isWell = true
      return result
    } catch (error) {
      // The page fails for want of what it was not allowed to ask for.
      if (tab.refusal !== undefined) throw tab.refusal
      if (signal.aborted || error instanceof ScrapeRefusal) throw error
      if (isGone(error)) throw error
      if (isDeadline(error) || error instanceof Late) {
        await politeness.tell(url, { error: error as Error })
        throw new ScrapeRefusal('timeout', `${url} did not come in time`, { cause: error })
      }
      if (
        /net::ERR_|Execution context was destroyed|interrupted by another navigation/.test(
          (error as Error).message,
        )
      ) {
        await politeness.tell(url, { error: error as Error })
        throw new ScrapeRefusal('unavailable', `${url}: ${shortly(error)}`, { cause: error })
      }
      throw error
    } finally {
      tab.breakOff = () => {}
      granted.delete(new URL(url).href)
      if (isWell && tab.count < visitsPerPage && !isClosed && opened === mine) idle.push(tab)
      else await within(5000, tab.page.close()).catch(() => {})
    }
  }

  const shut = async (): Promise<void> => {
    isClosed = true
    signal.removeEventListener('abort', onAbort)
    const old = opened
    opened = null
    idle = []
    const context = await old?.then((o) => o.context).catch(() => null)
    await within(10_000, context?.close() ?? Promise.resolve()).catch(() => {})
    await hold.release()
  }
  let closing: Promise<void> | null = null
  const onAbort = (): void => void visits.close()
  const visits: Visits = {
    async visit(url, politeness, read) {
      for (let time = 1; ; time++) {
        signal.throwIfAborted()
        if (isClosed) throw new Error('visits to the source have ended')
        try {
          return await once(url, politeness, read)
        } catch (error) {
          if (!isGone(error) || isClosed || signal.aborted) throw signal.aborted ? signal.reason : error
          forget()
          await sleep(50 * time)
          if (time >= 3)
            throw new ScrapeRefusal('unavailable', `the browser died over ${url}`, { cause: error as Error })
        }
      }
    },
    close() {
      closing ??= shut()
      return closing
    },
  }
  signal.addEventListener('abort', onAbort, { once: true })
  return visits
}

/** What comes in time; a page may be stuck so that nothing of it ever ends. */
async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Late(`nothing for ${milliseconds} ms`)), milliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
    work.catch(() => {})
  }
}

class Late extends Error {}

function shortly(error: unknown): string {
  return (error as Error).message.split('\n')[0]?.replace(/^page\.goto: /, '') ?? 'failed'
}
