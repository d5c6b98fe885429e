import { isoDay } from '../calendar.ts'
import { between, type Random } from '../random.ts'
import { fictionalPhone } from './agencies.ts'
import type { Facts } from './facts.ts'

// What sources get wrong without looking wrong: a price without fees, the other surface, a house number's middle of the
// street. Nothing of it happened, and a night or two later it is as it was.

type Slip = (random: Random, facts: Facts, day: number) => Partial<Facts>

/** A direction, in radians, that leads well away both in longitude and in latitude. */
export function slantedTurn(random: Random): number {
  return ((between(random, 0, 3) + 0.25 + 0.5 * random()) * Math.PI) / 2
}

const around = (metres: number, random: Random, facts: Facts): Partial<Facts> => {
  const turn = slantedTurn(random)
  return {
    longitude: Math.round((facts.longitude + (metres * Math.cos(turn)) / 76_000) * 1e6) / 1e6,
    latitude: Math.round((facts.latitude + (metres * Math.sin(turn)) / 111_000) * 1e6) / 1e6,
  }
}

/** Kinds of slips, with how often each is met among slips. */
export const slips: readonly (readonly [weight: number, slip: Slip])[] = [
  // Without the agency's fees.
  [
    14,
    (random, facts) =>
      facts.price_eur === null
        ? {}
        : { price_eur: Math.round((facts.price_eur * (1 - 0.025 - 0.04 * random())) / 100) * 100 },
  ],
  // Another home's price from the list beside it.
  [
    3,
    (random, facts) =>
      facts.price_eur === null
        ? {}
        : { price_eur: Math.round((facts.price_eur * Math.exp(0.25 + 0.25 * random())) / 1000) * 1000 },
  ],
  [
    8,
    (random, facts) =>
      facts.surface_m2 === null
        ? {}
        : { surface_m2: facts.surface_m2 + Math.max(2, Math.round(facts.surface_m2 * 0.05 * random())) },
  ],
  [8, (random, facts) => around(350 + 1800 * random() ** 2, random, facts)],
  [4, (_, facts) => (facts.bedroom_count === null ? {} : { bedroom_count: facts.bedroom_count + 1 })],
  [7, (random) => ({ contact_phone: fictionalPhone(random) })],
  [5, () => ({ description: 'Cette annonce est en cours de chargement, merci de patienter un instant.' })],
  [
    4,
    (_, facts) =>
      facts.status === 'active' ? { status: 'under_offer' } : { status: 'active', sold_on: null },
  ],
  [2, (_, facts, day) => (facts.status === 'sold' ? {} : { status: 'sold', sold_on: isoDay(day) })],
  [
    4,
    (random, facts) =>
      facts.built_year === null ? {} : { built_year: facts.built_year - between(random, 1, 6) },
  ],
]

/** What portals write in place of a title at one crawl and take back at another. */
export const cosmeticTitles: readonly string[] = [
  'NOUVEAUTÉ ! Baisse de prix, visite virtuelle disponible',
  '** Exclusivité de la semaine **',
  'Bien recommandé par nos conseillers',
  'Dernières visites avant offre',
]
