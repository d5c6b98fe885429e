import { lookup } from 'node:dns'
import { setTimeout as sleep } from 'node:timers/promises'
import type pino from 'pino'
import type { BrowserContext, Page, Response, Route } from 'playwright-core'
import { type Politeness, ScrapeRefusal } from '../adapter.ts'
import { publicLookup } from '../address.ts'
import { holdBrowser, isDeadline, isGone } from '../browser.ts'
import { createGuard } from './guard.ts'
import { reachOf } from './reach.ts'
import { openTab, type Tab, type Trouble } from './tab.ts'
import { Late, within } from './within.ts'

/** What a visit is made with. */
export interface VisitOptions {
  /** The source's address: its host and port are reached. */
  baseUrl: string
  /** Further hosts that its pages may talk to (reachOf); none unless told. */
  hosts?: readonly string[]
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

/** The browser's context of a source, and its end, which comes as an error. */
interface Opened {
  context: BrowserContext
  end: Promise<never>
}

/**
 * Opens a source to the browser; nothing is launched before the first visit.
 *
 * ScrapeRefusal `private_address`: its address, or one of its hosts, is none that may be asked.
 */
export function openVisits(options: VisitOptions): Visits {
  const { baseUrl, isLocal, log, signal } = options
  const reach = reachOf({ baseUrl, hosts: options.hosts ?? [], isLocal })
  const hold = holdBrowser(log)
  let opened: Promise<Opened> | null = null
  let idle: Tab[] = []
  let isClosed = false
  const granted = new Set<string>()
  const tabs = new Map<Page, Tab>()

  const route = async (taken: Route): Promise<void> => {
    const request = taken.request()
    const url = URL.parse(request.url())
    if (url === null || !reach.holds(url) || unwanted.has(request.resourceType())) {
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

  const open = async (): Promise<Opened> => {
    const browser = await hold.browser()
    const guard = await createGuard({ reach, lookup: isLocal ? lookup : publicLookup })
    try {
      const context = await browser.newContext({
        userAgent: options.userAgent,
        locale: 'fr-FR',
        acceptDownloads: false,
        serviceWorkers: 'block',
        proxy: { server: guard.url },
      })
      await context.route('**/*', (taken) => route(taken).catch(() => {}))
      const end = new Promise<never>((_, reject) => {
        context.on('close', () => {
          void guard.close()
          reject(new Error('the context has been closed'))
        })
      })
      end.catch(() => {})
      return { context, end }
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

  const newTab = async (context: BrowserContext, politeness: Politeness): Promise<Tab> => {
    const tab = await openTab(context, politeness, reach)
    tabs.set(tab.page, tab)
    tab.page.on('close', () => tabs.delete(tab.page))
    return tab
  }

  const once = async <T>(
    url: string,
    politeness: Politeness,
    read: (visited: Visited) => Promise<T>,
  ): Promise<T> => {
    opened ??= open()
    const mine = opened
    let here: Opened
    try {
      here = await mine
    } catch (error) {
      if (opened === mine) opened = null
      throw error
    }
    // A page that is asked for while its context closes never comes, and nothing says so.
    const tab =
      idle.pop() ?? (await within(30_000, Promise.race([newTab(here.context, politeness), here.end])))
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

function shortly(error: unknown): string {
  return (error as Error).message.split('\n')[0]?.replace(/^page\.goto: /, '') ?? 'failed'
}
