import { isoDay } from '../calendar.ts'
import { between, pick, type Random, randomFrom } from '../random.ts'
import { type Agency, agencyName, fictionalPhone, inventAgencies } from './agencies.ts'
import { dpeFacts } from './certificates.ts'
import { askingPrice, type Facts, inventFacts, streetAddress } from './facts.ts'
import type { Ground } from './grounds.ts'
import type { Habits } from './habits.ts'
import { descriptions, titleFor } from './phrases.ts'
import { slantedTurn } from './slips.ts'

/** A home of the market, with its ad as the agent means it. */
export interface Home {
  number: number
  ground: Ground
  agency: Agency
  /** What the ad says now; replaced, never altered, so that a copy of the reference is a memory of that night. */
  facts: Facts
  state: 'for_sale' | 'under_offer' | 'sold' | 'withdrawn'
  /** The night it came into that state. */
  since: number
  /** Keys the source gave it, with the night from which each held. */
  keys: { key: string; from: number }[]
  /** Nights during which it was for sale, as [first, first night it no longer was]; open while it is. */
  spans: { from: number; until: number | null }[]
  soldAt: number | null
}

/** A market of homes for sale that goes from night to night. */
export interface Market {
  /** The night of which `homes` tell; the first is 0. */
  night: number
  homes: Home[]
  /** Goes on to the next night. */
  pass: () => void
}

// The first night. Ads tell days around it, which lie in the past wherever this runs.
const firstDay = 19_785

/** The day of a night, as days since 1970-01-01. */
export function dayOfNight(night: number): number {
  return firstDay + night
}

function otherThan<T>(random: Random, items: readonly T[], now: T): T {
  for (;;) {
    const item = pick(random, items)
    if (item !== now) return item
  }
}

/** A price some percent away from another, down four times out of five. */
function newPrice(random: Random, price: number): number {
  const step = 0.015 + 0.1 * random() ** 2
  for (let wider = step; ; wider += 0.01) {
    const next = askingPrice(random, price * (random() < 0.8 ? 1 - wider : 1 + wider))
    if (Math.abs(Math.log(next / price)) > 0.012) return next
  }
}

function moved(random: Random, facts: Facts): Facts {
  const turn = slantedTurn(random)
  const metres = 300 + 500 * random()
  return {
    ...facts,
    address: otherThan(random, [streetAddress(random), streetAddress(random)], facts.address),
    longitude: Math.round((facts.longitude + (metres * Math.cos(turn)) / 76_000) * 1e6) / 1e6,
    latitude: Math.round((facts.latitude + (metres * Math.sin(turn)) / 111_000) * 1e6) / 1e6,
  }
}

type Edit = (random: Random, facts: Facts, home: Home) => Facts

// How often an agent edits an ad, per night; each edit makes the ad say something new and right.
const edits: readonly [rate: number, edit: Edit][] = [
  [0.01, (random, facts) => ({ ...facts, price_eur: newPrice(random, facts.price_eur ?? 1000) })],
  [
    0.002,
    (random, facts) => {
      for (;;) {
        const title = titleFor(random, facts.property_type, facts.room_count)
        if (title !== facts.title) return { ...facts, title }
      }
    },
  ],
  [0.002, (random, facts) => ({ ...facts, description: otherThan(random, descriptions, facts.description) })],
  [0.0012, moved],
  [
    0.0012,
    (random, facts) =>
      facts.surface_m2 === null
        ? facts
        : {
            ...facts,
            surface_m2: facts.surface_m2 + Math.max(2, Math.round(facts.surface_m2 * 0.08 * random())),
          },
  ],
  [
    0.0008,
    (random, facts) =>
      facts.land_surface_m2 === null
        ? facts
        : { ...facts, land_surface_m2: facts.land_surface_m2 + between(random, 20, 200) },
  ],
  [
    0.0005,
    (_, facts) =>
      facts.bedroom_count === null || facts.bedroom_count < 2
        ? facts
        : { ...facts, bedroom_count: facts.bedroom_count - 1 },
  ],
  [
    0.0015,
    (random, facts, home) =>
      facts.property_type === 'flat' || facts.property_type === 'house'
        ? {
            ...facts,
            ...dpeFacts(random, home.ground.place.department, home.number + between(random, 1, 1e6)),
          }
        : facts,
  ],
  [
    0.0005,
    (random, facts) =>
      facts.built_year === null
        ? facts
        : { ...facts, built_year: Math.min(2022, facts.built_year + between(random, 1, 9)) },
  ],
]

/**
 * The market of a seed: the homes of these communes on night 0 and what becomes of them. The source's habits say whose ads they
 * are, and how often one that is renewed or comes back gets a new key.
 */
export function newMarket(grounds: readonly Ground[], seed: string, habits: Habits): Market {
  const { newKey } = habits
  const random = randomFrom(`market/${seed}`)
  const total = grounds.reduce((sum, ground) => sum + ground.homes, 0)
  const agencies = inventAgencies(random, Math.max(12, Math.round(total / habits.agencies.homes)))
  let numbers = 0
  let keys = 0
  const freshKey = (): string => `${between(random, 10, 99)}${String(++keys).padStart(7, '0')}`
  const newHome = (ground: Ground, night: number, listedBefore: number): Home => {
    const key = freshKey()
    const number = ++numbers
    const facts = inventFacts(random, ground, number, key, dayOfNight(night) - listedBefore, agencies)
    const agency = agencies.find(({ name }) => name === facts.agency_name) as Agency
    return {
      number,
      ground,
      agency,
      facts,
      state: 'for_sale',
      since: night,
      keys: [{ key, from: night }],
      spans: [{ from: night, until: null }],
      soldAt: null,
    }
  }
  const homes = grounds.flatMap((ground) =>
    Array.from({ length: ground.homes }, () => newHome(ground, 0, between(random, 0, 200))),
  )
  // A commune is met as often as it has homes.
  const slots = homes.map(({ ground }) => ground)

  const leave = (home: Home, night: number, state: 'sold' | 'withdrawn'): void => {
    home.state = state
    home.since = night
    const span = home.spans.at(-1)
    if (span !== undefined) span.until = night
    if (state === 'sold') {
      home.soldAt = night
      home.facts = { ...home.facts, status: 'sold', sold_on: isoDay(dayOfNight(night)) }
    }
  }
  const stand = (home: Home, night: number, state: 'for_sale' | 'under_offer'): void => {
    home.state = state
    home.since = night
    home.facts = { ...home.facts, status: state === 'for_sale' ? 'active' : 'under_offer' }
  }
  const renewKey = (home: Home, night: number): void => {
    const key = freshKey()
    home.keys.push({ key, from: night })
    home.facts = {
      ...home.facts,
      property_url: `https://annonces.example/${home.facts.property_type}/${key}`,
      listed_on: isoDay(dayOfNight(night)),
    }
  }
  const live = (home: Home, night: number): void => {
    const draw = random()
    if (home.state === 'under_offer') {
      if (draw < 0.06) leave(home, night, 'sold')
      else if (draw < 0.08) stand(home, night, 'for_sale')
    } else if (draw < 0.004) stand(home, night, 'under_offer')
    else if (draw < 0.0065) leave(home, night, 'sold')
    else if (draw < 0.0095) leave(home, night, 'withdrawn')
    else if (draw < 0.0095 + 0.004 * newKey) renewKey(home, night)
    if (home.state === 'sold' || home.state === 'withdrawn') return
    if (habits.agencies.phones > 0 && random() < habits.agencies.phones) {
      home.facts = { ...home.facts, contact_phone: fictionalPhone(random) }
    }
    for (const [rate, edit] of edits) if (random() < rate) home.facts = edit(random, home.facts, home)
  }
  const renameAgency = (agency: Agency): void => {
    const now = homes.filter((home) => home.agency === agency)
    agency.name = agencyName(random, new Set(agencies.map(({ name }) => name)))
    agency.phone = fictionalPhone(random)
    for (const home of now) {
      home.facts = { ...home.facts, agency_name: agency.name, contact_phone: agency.phone }
    }
  }

  const market: Market = {
    night: 0,
    homes,
    pass() {
      const night = ++market.night
      let standing = 0
      for (const home of homes) {
        if (home.state === 'withdrawn') {
          const age = night - home.since
          if (age > 1 && age < 25 && random() < 0.05) {
            home.spans.push({ from: night, until: null })
            if (random() < newKey) renewKey(home, night)
            stand(home, night, 'for_sale')
          }
        } else if (home.state !== 'sold') live(home, night)
        if (home.state === 'for_sale' || home.state === 'under_offer') standing++
      }
      if (random() < habits.agencies.renames) renameAgency(pick(random, agencies))
      const coming = Math.max(0, total - standing) + (random() < 0.5 ? 1 : 0)
      for (let i = 0; i < coming; i++) homes.push(newHome(pick(random, slots), night, 0))
    },
  }
  return market
}
