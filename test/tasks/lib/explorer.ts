import pino from 'pino'
import { readPlaces } from '../../../seeds/world/places.ts'
import { communeOutline } from '../../../seeds/world/sites/contours.ts'
import { explorerSettings } from '../../../seeds/world/sites/explorer.ts'
import {
  type Found,
  type FoundRow,
  type PlannedItem,
  type ScrapeContext,
  ScrapeRefusal,
} from '../../../tasks/lib/scrape/adapter.ts'
import type { ExplorerConfig } from '../../../tasks/lib/scrape/explorer/config.ts'
import { explorerConfig } from '../../../tasks/lib/scrape/explorer/config.ts'
import { createExplorer } from '../../../tasks/lib/scrape/explorer/index.ts'

/** The configuration of the simulated explorer, with changes. */
export const settings = (changes: Record<string, unknown> = {}): ExplorerConfig =>
  explorerConfig.parse({ ...explorerSettings, ...changes })

/** What a scrape in memory came to. */
export interface MemoryScrape {
  rows: Map<string, FoundRow>
  /** Items that were asked for, in their order, and what each came to. */
  items: { item: PlannedItem; found: Found }[]
  failures: { item: PlannedItem; error: unknown }[]
  isComplete: boolean
}

/** Where a city of the world lies, as the database would have it. */
export function placeOf(inseeCode: string): {
  centre: readonly [number, number]
  bbox: readonly number[]
  outline: unknown
} {
  const place = readPlaces().find(({ code }) => code === inseeCode)
  if (place === undefined) throw new RangeError(`no commune ${inseeCode}`)
  const { centre, bbox, contour } = communeOutline(place)
  return { centre, bbox, outline: contour }
}

/** A context without a database: cities are told apart by their names. */
export function memoryContext(options: {
  url: string
  city: { inseeCode: string; name: string }
  config?: ExplorerConfig
  request?: Partial<ScrapeContext<ExplorerConfig>['request']>
  signal?: AbortSignal
  politeness?: ScrapeContext<ExplorerConfig>['politeness']
  place?: unknown
}): ScrapeContext<ExplorerConfig> {
  const { city } = options
  const place = options.place === undefined ? placeOf(city.inseeCode) : options.place
  const [longitude, latitude] = placeOf(city.inseeCode).centre
  return {
    source: { code: 'explorer', baseUrl: options.url, isLocal: true, config: options.config ?? settings() },
    request: {
      city: { ...city, postalCode: null, longitude, latitude, bbox: null },
      url: null,
      propertyTypes: [],
      from: null,
      to: null,
      maxPages: null,
      file: null,
      tier: 'full',
      ...options.request,
    },
    politeness: options.politeness ?? { permit: async () => {}, tell: async () => {} },
    get: async () => {
      throw new ScrapeRefusal('unavailable', 'nobody is asked here')
    },
    async call<Row>(text: string, values: readonly unknown[]): Promise<Row[]> {
      if (text.includes('city_place')) return [{ place }] as Row[]
      const names = values[1] as string[]
      return [{ belongs: names.map((name) => name === city.name) }] as Row[]
    },
    log: pino({ level: 'silent' }),
    signal: options.signal ?? new AbortController().signal,
  }
}

/** Scrapes as the engine does, in memory: three tries an item, what an item led to afterwards. */
export async function scrapeInMemory(
  context: ScrapeContext<ExplorerConfig>,
  concurrency = 4,
): Promise<MemoryScrape> {
  const adapter = createExplorer()
  const result: MemoryScrape = { rows: new Map(), items: [], failures: [], isComplete: true }
  try {
    const waiting = await adapter.plan(context)
    const known = new Set(waiting.map(({ key }) => key))
    const work = async (item: PlannedItem): Promise<void> => {
      for (let time = 1; ; time++) {
        try {
          const found = await adapter.extract(await adapter.fetch(item, context), item, context)
          for (const row of found.rows) result.rows.set(String(row.source_key), row)
          for (const next of found.items) {
            if (known.has(next.key)) continue
            known.add(next.key)
            waiting.push(next)
          }
          if (found.coverage === 'capped') result.isComplete = false
          result.items.push({ item, found })
          return
        } catch (error) {
          const isPassing =
            error instanceof ScrapeRefusal &&
            ['unavailable', 'timeout', 'circuit_open'].includes(error.reason)
          if (isPassing && time < 3) continue
          result.failures.push({ item, error })
          result.isComplete = false
          return
        }
      }
    }
    const running = new Set<Promise<void>>()
    while (waiting.length > 0 || running.size > 0) {
      while (waiting.length > 0 && running.size < concurrency) {
        const one: Promise<void> = work(waiting.shift() as PlannedItem).finally(() => running.delete(one))
        running.add(one)
      }
      await Promise.race(running)
    }
  } finally {
    await adapter.close?.(context.request)
  }
  return result
}
