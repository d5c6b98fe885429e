import { load } from 'cheerio'
import { slugOf } from '../slug.ts'
import type { ExplorerConfig } from './config.ts'

/** What a city's page is found by. */
export interface CityNames {
  inseeCode: string
  name: string
  postalCode: string | null
  department: { code: string; name: string }
  region: { code: string; name: string }
}

/** Average prices per square metre, in €/m²; null where the page shows none. */
export interface CityAverages {
  flat: number | null
  house: number | null
}

/** The address of a city's page; null when the source has no such pages. */
export function cityPageUrl(baseUrl: string, config: ExplorerConfig, city: CityNames): string | null {
  if (config.city_page === null) return null
  const words: Record<string, string> = {
    region: slugOf(city.region.name),
    region_code: city.region.code,
    department: slugOf(city.department.name),
    department_code: city.department.code,
    city: slugOf(city.name),
    insee_code: city.inseeCode,
    postal_code: city.postalCode ?? '',
  }
  const path = config.city_page.path.replace(/\{(\w+)\}/g, (whole, word: string) =>
    encodeURIComponent(words[word] ?? whole),
  )
  return new URL(path, `${baseUrl.replace(/\/+$/, '')}/`).href
}

/** €/m² as a page shows it: `3 950 €/m²`, `3 950,50 €`; null for a dash, and for what no square metre costs. */
export function readAverage(text: string): number | null {
  const match = /(\d[\d\s.]*)(?:,(\d{1,2}))?\s*€/.exec(text)
  if (match === null) return null
  const value = Number(`${match[1]?.replace(/[\s.]/g, '')}.${match[2] ?? '0'}`)
  return value >= 10 && value <= 100_000 ? value : null
}

/**
 * The averages on a city's page. Null where the page does not hold what the configuration looks for: it was rebuilt, or
 * is no such page.
 */
export function readAverages(html: string, config: ExplorerConfig): CityAverages | null {
  if (config.city_page === null) return null
  const $ = load(html)
  const [flat, house] = [$(config.city_page.flat).first(), $(config.city_page.house).first()]
  if (flat.length === 0 && house.length === 0) return null
  return { flat: readAverage(flat.text()), house: readAverage(house.text()) }
}
