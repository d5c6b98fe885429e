import { isoDay } from '../calendar.ts'
import type { WrittenRow } from '../listings/columns.ts'
import { type Facts, factNames, type PropertyType } from '../listings/facts.ts'
import { chooseGrounds } from '../listings/grounds.ts'
import { ordinary } from '../listings/habits.ts'
import { dayOfNight, type Home, newMarket } from '../listings/market.ts'
import { writeRow } from '../listings/writing.ts'
import { hashText } from '../random.ts'

/** A home as the portal shows it. */
export interface PortalHome {
  /** The portal's number for the ad. */
  key: string
  /** Of its page, from the site's root. */
  path: string
  inseeCode: string
  propertyType: PropertyType
  /** What the ad means, in units and words of analysts. */
  facts: Facts
  /** The same as the portal writes it; `property_url` begins at the site's root. */
  row: WrittenRow
  /** The day the page last changed, `2024-03-12`. */
  changedOn: string
}

/** A commune with homes on the portal. */
export interface PortalCity {
  inseeCode: string
  name: string
  postalCode: string
  homes: number
}

/** What a portal of a seed has to show: the truth that a scrape of it is compared with. */
export interface PortalTruth {
  night: number
  /** What is for sale or under offer tonight, newest first. */
  homes: readonly PortalHome[]
  /** Communes with most homes first. */
  cities: readonly PortalCity[]
  /** Keys that were shown on an earlier night and are no longer, with what became of them. */
  gone: ReadonlyMap<string, 'sold' | 'withdrawn' | 'renewed'>
}

/** A market behind a portal that goes on from night to night. */
export interface PortalMarket {
  truth: () => PortalTruth
  /** Goes on by so many nights, one unless told. */
  pass: (nights?: number) => void
}

/** The types of homes as the portal's addresses have them. */
export const typeSlugs: Readonly<Record<PropertyType, string>> = {
  flat: 'appartement',
  house: 'maison',
  land: 'terrain',
  annex: 'parking',
  commercial: 'local-commercial',
}

/** A name as addresses have it: `saint-etienne`. */
export function slug(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

function shown(home: Home, changedAt: number): PortalHome {
  const key = home.keys.at(-1)?.key ?? ''
  const { facts } = home
  const path = `/annonces/${typeSlugs[facts.property_type]}/${slug(facts.city_name)}/${key}`
  const own: Facts = { ...facts, property_url: path }
  const row = writeRow(key, own, 'portal', { form: hashText(key) % 4, tracking: '' })
  return {
    key,
    path,
    inseeCode: facts.insee_code,
    propertyType: facts.property_type,
    facts: own,
    row,
    changedOn: isoDay(dayOfNight(changedAt)),
  }
}

/** Whether two ads read alike: an edit may leave everything as it was. */
function saysTheSame(one: Facts, other: Facts): boolean {
  return one === other || factNames.every((name) => one[name] === other[name])
}

const isShown = (home: Home): boolean => home.state === 'for_sale' || home.state === 'under_offer'

/**
 * The homes of a seed on a portal: so many on the first night, at least `least` to a commune. The same seed and sizes
 * give the same homes.
 */
export function openPortalMarket(options: { seed: string; homes: number; least?: number }): PortalMarket {
  const grounds = chooseGrounds(options.homes, options.seed, options.least)
  const market = newMarket(grounds, options.seed, ordinary)
  const told = new Map<number, { facts: Facts; changedAt: number; home: PortalHome }>()
  const everShown = new Map<string, number>()
  let truth: PortalTruth | undefined

  const look = (): PortalTruth => {
    const homes: PortalHome[] = []
    const byNumber = new Map<number, Home>()
    for (let i = market.homes.length - 1; i >= 0; i--) {
      const home = market.homes[i] as Home
      byNumber.set(home.number, home)
      if (!isShown(home)) continue
      const before = told.get(home.number)
      const isSame = before !== undefined && saysTheSame(before.facts, home.facts)
      const now = isSame
        ? before
        : { facts: home.facts, changedAt: market.night, home: shown(home, market.night) }
      told.set(home.number, now)
      homes.push(now.home)
      everShown.set(now.home.key, home.number)
    }
    const present = new Set(homes.map(({ key }) => key))
    const gone = new Map<string, 'sold' | 'withdrawn' | 'renewed'>()
    for (const [key, number] of everShown) {
      if (present.has(key)) continue
      const state = byNumber.get(number)?.state
      gone.set(key, state === 'sold' || state === 'withdrawn' ? state : 'renewed')
    }
    const counts = new Map<string, number>()
    for (const { inseeCode } of homes) counts.set(inseeCode, (counts.get(inseeCode) ?? 0) + 1)
    const cities = grounds
      .map(({ place, name, postalCode }) => ({
        inseeCode: place.code,
        name,
        postalCode,
        homes: counts.get(place.code) ?? 0,
      }))
      .sort((a, b) => b.homes - a.homes || (a.inseeCode < b.inseeCode ? -1 : 1))
    return { night: market.night, homes, cities, gone }
  }

  return {
    truth() {
      truth ??= look()
      return truth
    },
    pass(nights = 1) {
      truth ??= look()
      for (let i = 0; i < nights; i++) market.pass()
      truth = look()
    },
  }
}
