import { dayOf } from './calendar.ts'
import { isTelling } from './deeds.ts'
import type { Place } from './places.ts'
import { between, normal, type Random } from './random.ts'

const firstDay = dayOf(2020, 1, 1)

/** What the market asks on that day against the first day: up to mid-2022, down a little, up again, with a season. */
export function marketLevel(day: number): number {
  const years = (day - firstDay) / 365.25
  const climb = years < 2.5 ? 0.052 * years : 0.13 - 0.03 * (years - 2.5) + 0.02 * Math.max(0, years - 4)
  return Math.exp(climb + 0.012 * Math.sin(2 * Math.PI * (years - 0.3)))
}

/** A flat's price in €, before rounding: place, surface, time and noise. */
export function flatPrice(random: Random, place: Place, day: number, m2: number): number {
  const small = (60 / Math.max(12, m2)) ** 0.14
  return place.flatEuro * m2 * small * marketLevel(day) * Math.exp(0.19 * normal(random))
}

/** A house's price in €, before rounding: the land counts too. */
export function housePrice(random: Random, place: Place, day: number, m2: number, landM2: number): number {
  const perM2 = place.flatEuro * (0.82 + 0.1 * place.urbanity) * (110 / Math.max(40, m2)) ** 0.2
  const land = 25 * (place.flatEuro / 1500) ** 1.6 * Math.min(landM2, 2500) ** 0.9
  return (perM2 * m2 + land) * marketLevel(day) * Math.exp(0.23 * normal(random))
}

/** Bare land in €, before rounding: fields are cheap, building land follows the homes. */
export function landPrice(random: Random, place: Place, day: number, m2: number, buildable: boolean): number {
  const perM2 = buildable ? 60 * (place.flatEuro / 1500) ** 1.5 * (700 / Math.max(200, m2)) ** 0.4 : 0.65
  return Math.max(150, perM2 * m2 * marketLevel(day) * Math.exp((buildable ? 0.35 : 0.6) * normal(random)))
}

/**
 * A price in cents as people agree on it: mostly thousands, often hundreds, else to the euro, seldom with cents.
 * `telling` asks for one that is not a multiple of 100 €.
 */
export function agreedCents(random: Random, euro: number, telling = false): number {
  const draw = telling ? 0.82 + 0.18 * random() : random()
  const least = Math.max(200, euro)
  if (draw < 0.6)
    return Math.max(1, Math.round(least / (least < 3000 ? 100 : 1000))) * (least < 3000 ? 10_000 : 100_000)
  if (draw < 0.81) return Math.round(least / 100) * 10_000
  let cents = draw < 0.97 ? Math.round(least) * 100 : Math.round(least * 100)
  while (!isTelling(cents)) cents += 100 * between(random, 1, 99)
  return cents
}
