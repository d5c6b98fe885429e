import { dayOf, isWeekend, monthOf, yearOf } from './calendar.ts'
import { carriesHome, type Deed, type Disposition, type Part } from './deeds.ts'
import type { Ground } from './parcels.ts'
import { agreedCents } from './prices.ts'
import { between, type Random } from './random.ts'
import { enter, type Registry } from './registry.ts'
import type { Nature } from './words.ts'

/** Where and with what deeds are drawn: one commune, its département's register, the numbers of the whole world. */
export interface Scene {
  ground: Ground
  /** Another commune of the département, for deeds that span two; absent where there is none. */
  neighbour: Ground | undefined
  random: Random
  registry: Registry
  nextId: () => number
  nextSet: () => number
}

/** What a single disposition sells, before it has a day that is free for it. */
export interface Draft {
  nature: Nature
  parts: readonly Part[]
  /** € before rounding; null for a sale without a price. */
  euro: number | null
  /** Asks for a price that is not a multiple of 100 €. */
  telling?: boolean
  /** 1 unless the companions are in no file. */
  number?: number
}

const firstDay = dayOf(2020, 1, 1)
const lastDay = dayOf(2024, 12, 31)

/** A day in the five years: seldom a weekend, few in the newest months, which even release B does not know in full. */
export function anyDay(random: Random): number {
  for (;;) {
    const day = between(random, firstDay, lastDay)
    if (isWeekend(day) && random() < 0.98) continue
    if (yearOf(day) === 2024 && monthOf(day) >= 11 && random() > (monthOf(day) === 12 ? 0.3 : 0.85)) continue
    return day
  }
}

/** A day old enough that both releases know all of it. */
export function settledDay(random: Random): number {
  for (;;) {
    const day = anyDay(random)
    if (day < dayOf(2024, 8, 1)) return day
  }
}

/** The share of a day's deeds that release A knows: its newest months are still filling up. */
export function knownShare(day: number): number {
  if (yearOf(day) < 2024) return 0.9995
  return [0.999, 0.999, 0.999, 0.999, 0.999, 0.999, 0.999, 0.998, 0.97, 0.9, 0.72, 0][monthOf(day) - 1] ?? 1
}

/** Whether a round price would leave it open which of the lines belong together. */
export function needsTelling(parts: readonly Part[]): boolean {
  if (new Set(parts.map((part) => part.parcel.sectionKey)).size > 1) return true
  return new Set(parts.filter(carriesHome).map((part) => part.parcel.id)).size > 1
}

/** Whether the lines of a sale without a price hold together: one parcel, one set of lots. */
export function holdsWithoutPrice(parts: readonly Part[]): boolean {
  const [part] = parts
  if (part === undefined || parts.length > 1) return false
  return new Set(part.premises.map((p) => p.lots.map((l) => l.number).join('+'))).size <= 1
}

/** The disposition a draft becomes, its price agreed on. */
export function dispositionOf(random: Random, draft: Draft): Disposition {
  const unpriced = draft.euro === null && holdsWithoutPrice(draft.parts)
  const telling = draft.telling === true || needsTelling(draft.parts)
  const cents = unpriced ? null : agreedCents(random, draft.euro ?? 100_000, telling)
  return { number: draft.number ?? 1, cents, parts: draft.parts }
}

/** A deed of one mutation that the lines decide, not yet entered in the register. */
export function deedOf(day: number, nature: Nature, dispositions: readonly Disposition[]): Deed {
  return { id: 0, day, nature, dispositions, partial: false, undecidable: undefined, set: undefined }
}

/**
 * Draws deeds for a day until the register takes them, and numbers them; undefined when it refuses too often. `make`
 * gets the day and may itself give up on it (undefined).
 */
export function settle(
  scene: Scene,
  make: (day: number) => readonly Deed[] | undefined,
  drawDay: (random: Random) => number = anyDay,
): Deed[] | undefined {
  for (let attempt = 0; attempt < 25; attempt++) {
    const deeds = make(drawDay(scene.random))
    if (deeds === undefined || !enter(scene.registry, deeds)) continue
    return deeds.map((deed) => ({ ...deed, id: scene.nextId() }))
  }
  return undefined
}
