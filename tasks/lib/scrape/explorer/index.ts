import { z } from 'zod'
import { parseConfig } from '../../../../server/config.ts'
import { askCommune, GeoError } from '../../geo/communes.ts'
import { areaSchema } from '../../geo/outline.ts'
import { type Adapter, type FoundRow, type ScrapeContext, ScrapeRefusal } from '../adapter.ts'
import { openVisits, type Visits } from '../browser/visits.ts'
import { userAgentWith } from '../client.ts'
import { checkAnswer, Rest, refuse } from './answers.ts'
import { cellItem, cellSchema, cellUrl } from './cell.ts'
import { type ExplorerConfig, explorerConfig } from './config.ts'
import { areaOf, cover, type Place } from './cover.ts'
import { monthNumber, monthOf } from './months.ts'
import { readPage, type ShownPage } from './page.ts'
import { announcedCount, checkItems, rowOf, wholeEuros } from './read.ts'
import { divide, isCapped, isTooFull, type Surroundings } from './split.ts'

type Context = ScrapeContext<ExplorerConfig>

const storedPlace = z.object({
  centre: z.tuple([z.number(), z.number()]),
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable(),
  outline: z.unknown(),
})

function placeFrom(stored: unknown): Place | null {
  const parsed = storedPlace.safeParse(stored)
  if (!parsed.success) return null
  const outline = areaSchema.safeParse(parsed.data.outline)
  return {
    centre: parsed.data.centre,
    bbox: parsed.data.bbox,
    outline: outline.success ? outline.data : null,
  }
}

/** Where the city of a scrape lies: as it is known, else as the geographic service says, else as it was known long ago. */
async function locate(context: Context): Promise<Place> {
  const { city } = context.request
  if (city === null)
    throw new ScrapeRefusal('not_found', 'a transaction explorer is scraped city by city: name one')
  const [row] = await context.call<{ place: unknown }>('select app_private.city_place($1) as place', [
    city.inseeCode,
  ])
  const known = placeFrom(row?.place)
  if (known !== null) return known
  const geoApiUrl = context.geoApiUrl ?? parseConfig().geoApiUrl
  const facts = await askCommune(geoApiUrl, city.inseeCode, context.get).catch((error) => {
    const isKnownOfOld = error instanceof ScrapeRefusal && city.bbox !== null
    if (!(error instanceof GeoError) && !isKnownOfOld) throw error
    context.log.warn({ err: error, city: city.inseeCode }, 'nobody knows the outline of the city')
    return null
  })
  if (facts?.place) {
    const figures = [{ insee_code: city.inseeCode, place: facts.place }]
    await context.call('select app_private.record_city_figures($1)', [JSON.stringify(figures)])
  }
  const { bbox, longitude, latitude } = city
  return placeFrom(facts?.place) ?? { outline: null, bbox, centre: [longitude, latitude] }
}

/** What is kept of a scrape while it runs. */
interface State {
  visits: Visits
  surroundings: Promise<Surroundings> | null
  /** Whether places, as results name them, are in the city; null where it cannot be told. */
  places: Map<string, boolean | null>
}

const restsAtMost = 3
const thisMonth = (): string => new Date().toISOString().slice(0, 7)

/** Makes a reader of transaction explorers: rectangles of the map, divided until each shows all it holds. */
export function createExplorer(): Adapter<ExplorerConfig, ShownPage> {
  const states = new Map<Context['request'], State>()

  const stateOf = (context: Context): State => {
    const known = states.get(context.request)
    if (known !== undefined) return known
    const { source, log, signal } = context
    if (source.baseUrl === null) throw new ScrapeRefusal('not_found', `source ${source.code} has no address`)
    const state: State = {
      visits: openVisits({
        baseUrl: source.baseUrl,
        hosts: source.config.hosts,
        isLocal: source.isLocal,
        userAgent: userAgentWith(parseConfig().contact ?? null),
        log,
        signal,
      }),
      surroundings: null,
      places: new Map(),
    }
    states.set(context.request, state)
    return state
  }

  const surroundingsOf = (context: Context): Promise<Surroundings> => {
    const state = stateOf(context)
    state.surroundings ??= locate(context).then((place) => ({ area: areaOf(place), lastMonth: thisMonth() }))
    state.surroundings.catch(() => {
      state.surroundings = null
    })
    return state.surroundings
  }

  return {
    kind: 'explorer',
    config: explorerConfig,
    concurrency: 4,

    async plan(context) {
      const place = await locate(context)
      const { request, source } = context
      // What is new shows among the sales of the last year: they are published months late.
      const from =
        request.tier === 'changes' ? (request.from ?? monthOf(monthNumber(thisMonth()) - 12)) : request.from
      const cells = cover(place, source.config, { ...request, from })
      context.log.debug({ cells: cells.length, isOutlined: place.outline !== null }, 'covered the city')
      return cells.map(cellItem)
    },

    async fetch(item, context) {
      const { source, politeness } = context
      const { config } = source
      const { visits } = stateOf(context)
      const url = cellUrl(source.baseUrl ?? '', config, cellSchema.parse(item.params))
      const options = {
        selectors: config.selectors,
        results_at_most: config.results_at_most,
        patience_ms: config.patience_ms,
        settle_ms: config.settle_ms,
      }
      for (let rest = 0; ; rest++) {
        try {
          return await visits.visit(url, politeness, async (visited) => {
            await checkAnswer(visited, url)
            const shown = await visited.page.evaluate(readPage, options)
            if (shown.state !== 'results' && shown.state !== 'none') await refuse(visited, shown, url)
            return shown
          })
        } catch (error) {
          if (!(error instanceof Rest) || rest === restsAtMost) throw error
        }
      }
    },

    async extract(page, item, context) {
      const { config, baseUrl } = context.source
      const cell = cellSchema.parse(item.params)
      checkItems(page.items, cell)
      const shown = {
        count: page.items.length,
        announced: announcedCount(page.announced),
        prices: page.items.map(({ price }) => wholeEuros(price)),
      }
      const rows = page.items.map((one) => rowOf(one, baseUrl ?? '', config))
      const count = Math.max(shown.count, shown.announced ?? 0)
      const isTooMuch = isTooFull(shown, config)
      const isGlance = context.request.tier === 'first_pages' || context.request.tier === 'sample'
      if (isTooMuch && !isGlance) {
        const division = divide(cell, shown, config, await surroundingsOf(context))
        if (division !== null) {
          // What a filter would lose (a home without a price) is kept from here; quarters lose nothing.
          const kept = division.by === 'space' ? [] : await own(rows, context)
          return { rows: kept, items: division.cells.map(cellItem), count, coverage: 'split' }
        }
      } else if (!isTooMuch && shown.announced !== null && shown.announced > shown.count)
        throw new ScrapeRefusal(
          'unavailable',
          `${shown.announced} results are announced, ${shown.count} shown`,
        )
      const isHeldBack = isGlance ? isTooMuch : isCapped(shown, config)
      const coverage = cell.isUnproved || isHeldBack ? 'capped' : 'whole'
      return { rows: await own(rows, context), items: [], count, coverage }
    },

    async close(request) {
      const state = states.get(request)
      states.delete(request)
      await state?.visits.close()
    },
  } satisfies Adapter<ExplorerConfig, ShownPage>

  /** The rows that are in the city; a rectangle also shows its neighbours' homes. */
  async function own(rows: FoundRow[], context: Context): Promise<FoundRow[]> {
    const { city } = context.request
    if (city === null || rows.length === 0) return rows
    const state = stateOf(context)
    const nameOf = (row: FoundRow): string => `${row.city ?? ''}\u001f${row.postal_code ?? ''}`
    const unknown = [...new Set(rows.map(nameOf))].filter((name) => !state.places.has(name))
    if (unknown.length > 0) {
      const parts = unknown.map((name) => name.split('\u001f'))
      const [answer] = await context.call<{ belongs: (boolean | null)[] }>(
        'select app_private.belongs_to_city($1, $2, $3) as belongs',
        [city.inseeCode, parts.map(([name]) => name), parts.map(([, code]) => (code === '' ? null : code))],
      )
      for (const [i, name] of unknown.entries()) state.places.set(name, answer?.belongs[i] ?? null)
    }
    // What cannot be told stays: the database resolves the city again, with the address.
    return rows.filter((row) => state.places.get(nameOf(row)) !== false)
  }
}

/** The reader of transaction explorers. */
export const explorer: Adapter<ExplorerConfig, ShownPage> = createExplorer()
