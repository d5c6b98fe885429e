import type { ExplorerConfig } from './config.ts'

// `readPage` runs in the browser: it may use nothing of this module but its argument.

/** What one result says, as it stands on the page; the empty text where it says nothing. */
export interface ShownItem {
  url: string
  address: string
  city: string
  price: string
  surface: string
  rooms: string
  type: string
  date: string
}

/** What a page came to. `waiting`: it still loads; `unknown`: it shows neither results nor a sign that there are none. */
export interface ShownPage {
  state: 'results' | 'none' | 'error' | 'waiting' | 'unknown'
  items: ShownItem[]
  announced: string | null
  /** Whether the list was read to its end, or to as many results as it ever shows. */
  isWhole: boolean
}

/** What `readPage` goes by. */
export type ReadingOptions = Pick<
  ExplorerConfig,
  'selectors' | 'results_at_most' | 'patience_ms' | 'settle_ms'
>

// The few things of the browser that are used, since the rest of the project has none of them.
interface PageElement {
  textContent: string | null
  parentElement: PageElement | null
  scrollTop: number
  scrollHeight: number
  clientHeight: number
  href?: string
  getAttribute(name: string): string | null
  scrollIntoView(options: { block: 'start' }): void
  matches(selector: string): boolean
  querySelector(selector: string): PageElement | null
  querySelectorAll(selector: string): Iterable<PageElement>
}
declare const document: {
  readyState: string
  documentElement: PageElement
  scrollingElement: PageElement | null
  querySelector(selector: string): PageElement | null
}
declare const getComputedStyle: (element: PageElement) => { overflowY: string }
declare class MutationObserver {
  constructor(onChange: () => void)
  observe(target: PageElement, options: Record<string, boolean>): void
  disconnect(): void
}

/**
 * Waits until the page shows its results (skeletons are none), scrolls their list to its end, and gives what each of
 * them says. A list that keeps only what is in sight is read on the way.
 */
export async function readPage(options: ReadingOptions): Promise<ShownPage> {
  const { selectors: marks, results_at_most: most, patience_ms, settle_ms } = options
  const started = performance.now()
  const answer = (state: ShownPage['state'], items: ShownItem[] = [], isWhole = false): ShownPage => ({
    state,
    items,
    announced:
      marks.announced === null
        ? null
        : (document.querySelector(marks.announced)?.textContent?.trim() ?? null),
    isWhole,
  })
  const has = (mark: string | null): boolean => mark !== null && document.querySelector(mark) !== null
  /** Until the page changes, at most so many milliseconds. */
  const change = (milliseconds: number): Promise<boolean> =>
    new Promise((resolve) => {
      const done = (isChanged: boolean): void => {
        clearTimeout(timer)
        observer.disconnect()
        resolve(isChanged)
      }
      const observer = new MutationObserver(() => done(true))
      const timer = setTimeout(() => done(false), milliseconds)
      observer.observe(document.documentElement, {
        childList: true,
        subtree: true,
        attributes: true,
        characterData: true,
      })
    })
  const itemsOf = (list: PageElement): PageElement[] =>
    [...list.querySelectorAll(marks.item)].filter(
      (item) =>
        marks.skeleton === null ||
        (!item.matches(marks.skeleton) && item.querySelector(marks.skeleton) === null),
    )

  let list: PageElement | null = null
  // A page that is there and shows no skeleton either will hardly show anything later.
  let quietSince = started
  for (;;) {
    list = document.querySelector(marks.list)
    if (has(marks.error)) return answer('error')
    const isLoading = document.readyState === 'loading' || has(marks.skeleton)
    if (list !== null && !isLoading && itemsOf(list).length > 0) break
    if (!isLoading && has(marks.none)) return answer('none', [], true)
    const now = performance.now()
    if (isLoading) quietSince = now
    if (now - quietSince > Math.min(3000, patience_ms)) return answer('unknown')
    if (now - started > patience_ms) return answer(isLoading ? 'waiting' : 'unknown')
    await change(100)
  }

  const scrollerOf = (element: PageElement): PageElement => {
    for (let e: PageElement | null = element; e !== null; e = e.parentElement) {
      const overflow = getComputedStyle(e).overflowY
      if ((overflow === 'auto' || overflow === 'scroll') && e.scrollHeight > e.clientHeight) return e
    }
    return document.scrollingElement ?? document.documentElement
  }
  const found = new Map<string, ShownItem>()
  const collect = (): void => {
    const alike = new Map<string, number>()
    for (const item of itemsOf(list as PageElement)) {
      const link =
        marks.link === null ? null : item.matches(marks.link) ? item : item.querySelector(marks.link)
      const says = (mark: string | null): string =>
        mark === null
          ? ''
          : (item.querySelector(mark)?.textContent ?? '')
              .replace(/\s+/g, (space) => (space.length > 1 ? ' ' : space))
              .trim()
      const shown: ShownItem = {
        url: link?.href ?? '',
        address: says(marks.address),
        city: says(marks.city),
        price: says(marks.price),
        surface: says(marks.surface),
        rooms: says(marks.rooms),
        type: says(marks.type),
        date: says(marks.date),
      }
      const text = JSON.stringify(shown)
      // Without a place in the list or an address of its own, the second that reads alike is the second of its kind.
      const place = item.getAttribute('aria-posinset') ?? item.getAttribute('data-index')
      const time = (alike.get(text) ?? 0) + 1
      alike.set(text, time)
      const key = place ?? (shown.url === '' ? `${text}${time}` : shown.url)
      if (!found.has(key)) found.set(key, shown)
    }
  }

  let newAt = performance.now()
  let movedAt = newAt
  for (;;) {
    const before = found.size
    collect()
    const now = performance.now()
    if (found.size > before) newAt = now
    if (found.size >= most) break
    if (has(marks.error)) return answer('error')
    const scroller = scrollerOf(list)
    const isAtEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 2
    const isEnd = marks.end === null ? now - newAt > settle_ms : has(marks.end)
    if (isAtEnd && isEnd && !has(marks.skeleton)) break
    if (now - newAt > patience_ms) return answer('waiting', [...found.values()])
    // From the last that is there on: however slowly a list draws, none is passed over.
    const top = scroller.scrollTop
    itemsOf(list).at(-1)?.scrollIntoView({ block: 'start' })
    if (scroller.scrollTop === top && now - movedAt > 300) {
      scroller.scrollTop = isAtEnd ? 0 : top + scroller.clientHeight / 2
      movedAt = now
    }
    if (scroller.scrollTop !== top) movedAt = now
    await change(50)
    list = document.querySelector(marks.list)
    if (list === null) return answer('unknown')
  }
  // A list that numbers its results shows by that whether one was missed.
  const places = [...found.keys()].map(Number)
  const isGap = places.every(Number.isInteger) && Math.max(...places) - Math.min(...places) >= places.length
  return isGap
    ? answer('waiting', [...found.values()])
    : answer('results', [...found.values()].slice(0, most), true)
}
