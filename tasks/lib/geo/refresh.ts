import type pino from 'pino'
import { z } from 'zod'
import { type Politeness, ScrapeRefusal } from '../scrape/adapter.ts'
import { openVisits, type Visits } from '../scrape/browser/visits.ts'
import { userAgentWith } from '../scrape/client.ts'
import { askingSchema, type Asking as Manners } from '../scrape/config.ts'
import { type CityAverages, type CityNames, cityPageUrl, readAverages } from '../scrape/explorer/city-page.ts'
import { type ExplorerConfig, explorerConfig } from '../scrape/explorer/config.ts'
import { createPoliteGet, type PoliteClient } from '../scrape/get.ts'
import { type Call, createPoliteness, type PolitenessKeeper } from '../scrape/politeness.ts'
import type { CommunePlace } from './communes.ts'
import { openGazetteer } from './gazetteer.ts'

const named = z.object({ code: z.string(), name: z.string() })

/** What the database knows of the cities to be refreshed, and the explorers that may be asked. */
export const refreshableSchema = z.object({
  cities: z.array(
    z.object({
      inseeCode: z.string(),
      name: z.string(),
      postalCode: z.string().nullable(),
      department: named,
      region: named,
    }),
  ),
  sources: z.array(
    z.object({ code: z.string(), baseUrl: z.string(), isLocal: z.boolean(), config: z.unknown() }),
  ),
})

/** A city that is to be refreshed. */
export type RefreshableCity = z.infer<typeof refreshableSchema>['cities'][number]

/** What was learnt of a city, as record_city_figures takes it. */
export interface CityFigures {
  insee_code: string
  place?: CommunePlace
  source?: string
  prices?: CityAverages
  is_refreshed: boolean
}

/** What could not be learnt of a city. */
export interface CityFailure {
  inseeCode: string
  name: string
  /** Who did not tell: `geo`, or the code of a source. */
  from: string
  error: string
}

/** Who is asked about cities. */
export interface CityAsker {
  /** What they say of one city; what they do not say is among the failures. */
  ask(city: RefreshableCity): Promise<{ figures: CityFigures[]; failures: CityFailure[] }>
  close(): Promise<void>
}

// The service allows 50 a second to each of its users; this leaves room for the rest of the house.
const geoRequestsPerSecond = 10

// A département may come whole, with the outlines of hundreds of communes.
const geoLimits = { maxBytes: 200_000_000, timeoutSeconds: 120 }

const isLoopback = (url: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname)

const shortly = (error: unknown): string => (error as Error).message.split('\n')[0]?.slice(0, 300) ?? 'failed'

/** An explorer's pages of cities. */
interface Pages {
  code: string
  averages(city: CityNames): Promise<CityAverages | null>
  close(): Promise<void>
}

interface Asking {
  call: Call
  log: pino.Logger
  signal: AbortSignal
  contact: string | null
}

function openPages(source: z.infer<typeof refreshableSchema>['sources'][number], asking: Asking): Pages {
  const { code, baseUrl, isLocal } = source
  const [read, asked] = [explorerConfig.safeParse(source.config), askingSchema.safeParse(source.config)]
  if (!read.success || !asked.success) {
    const issue = (read.error ?? asked.error)?.issues[0]
    // What one source's operator wrote wrong keeps nothing from the others.
    const wrong = new Error(`its config is wrong: ${issue?.path.join('.')}: ${issue?.message}`)
    return { code, averages: () => Promise.reject(wrong), close: async () => {} }
  }
  const [config, manners]: [ExplorerConfig, Manners] = [read.data, asked.data]
  const politeness = createPoliteness({
    ...asking,
    isLocal,
    ...(manners.requests_per_second !== undefined && { requestsPerSecond: manners.requests_per_second }),
  })
  const client = createPoliteGet({ ...asking, politeness, isLocal, tries: 3 })
  let visits: Visits | null = null
  // A source that does not want to be read is not asked for the next city.
  let wall: ScrapeRefusal | null = null

  const browse = async (url: string): Promise<string> => {
    const { log, signal, contact } = asking
    visits ??= openVisits({
      baseUrl,
      hosts: config.hosts,
      isLocal,
      userAgent: userAgentWith(contact),
      log,
      signal,
    })
    const mark = config.city_page === null ? 'body' : `${config.city_page.flat}, ${config.city_page.house}`
    return visits.visit(url, politeness, async ({ page }) => {
      await page.waitForSelector(mark, { state: 'attached', timeout: config.patience_ms }).catch(() => {})
      return page.content()
    })
  }
  return {
    code,
    async averages(city) {
      const url = cityPageUrl(baseUrl, config, city)
      if (url === null) return null
      if (wall !== null) throw wall
      try {
        const html = config.city_page?.needs_browser === true ? await browse(url) : await ask(client, url)
        const averages = readAverages(html, config)
        if (averages === null)
          throw new ScrapeRefusal('layout', `${url} shows no averages: its layout has changed`)
        return averages
      } catch (error) {
        if (error instanceof ScrapeRefusal && ['challenge', 'login', 'robots'].includes(error.reason))
          wall = error
        throw error
      }
    },
    async close() {
      await Promise.all([visits?.close(), client.close(), politeness.close()])
    },
  }
}

async function ask(client: PoliteClient, url: string): Promise<string> {
  const answer = await client.get(url, { accept: 'text/html' })
  if (answer.status !== 200) throw new ScrapeRefusal('not_found', `${url} answered ${answer.status}`)
  return answer.text
}

/**
 * Opens the geographic service and the explorers' pages of cities, for the cities that are going to be asked about. A
 * source whose config is wrong fails for every city.
 */
export function openCityAsker(
  options: Asking & { geoApiUrl: string } & z.infer<typeof refreshableSchema>,
): CityAsker {
  const { geoApiUrl, cities, sources, ...asking } = options
  const isLocal = isLoopback(geoApiUrl)
  const politeness: PolitenessKeeper & Politeness = createPoliteness({
    ...asking,
    isLocal,
    requestsPerSecond: geoRequestsPerSecond,
  })
  const geo = createPoliteGet({ ...asking, politeness, isLocal, tries: 3, limits: geoLimits })
  const gazetteer = openGazetteer({ cities, geoApiUrl, get: geo.get, log: asking.log })
  const explorers = sources.map((source) => openPages(source, asking))

  return {
    async ask(city) {
      const { inseeCode, name } = city
      const failures: CityFailure[] = []
      const fail = (from: string) => (error: unknown) => {
        asking.signal.throwIfAborted()
        failures.push({ inseeCode, name, from, error: shortly(error) })
        return null
      }
      const [facts, ...pages] = await Promise.all([
        gazetteer.facts(city).catch(fail('geo')),
        ...explorers.map(async (pages) => ({
          source: pages.code,
          prices: await pages.averages(city).catch(fail(pages.code)),
        })),
      ])
      const figures: CityFigures[] = [{ insee_code: inseeCode, is_refreshed: facts !== null }]
      if (facts?.place) Object.assign(figures[0] as CityFigures, { place: facts.place })
      for (const { source, prices } of pages) {
        if (prices !== null) figures.push({ insee_code: inseeCode, source, prices, is_refreshed: true })
      }
      return { figures, failures }
    },
    async close() {
      await Promise.all([geo.close(), politeness.close(), ...explorers.map((pages) => pages.close())])
    },
  }
}
