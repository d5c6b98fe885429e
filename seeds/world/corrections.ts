import { isoDay, isWeekend, monthOf } from './calendar.ts'
import { type Deed, type Disposition, deedLines, type Part, type Premises } from './deeds.ts'
import { renumbered } from './parcels.ts'
import { agreedCents } from './prices.ts'
import { between, pick, type Random, shuffle } from './random.ts'
import { enter } from './registry.ts'
import type { Scene } from './scene.ts'

/** The fields that release B corrects. */
export const correctedFields = [
  'price',
  'date',
  'built_surface',
  'rooms',
  'type',
  'street_number',
  'parcel',
  'nature',
] as const

/** One of the fields that release B corrects. */
export type CorrectedField = (typeof correctedFields)[number]

/** A corrected field: € for prices, m² for surfaces, `2021-03-04` for dates, the type's code for types. */
export interface FieldChange {
  field: CorrectedField
  /** The number of the disposition; absent when the whole mutation is concerned. */
  disposition?: number
  old: string | number
  new: string | number
}

interface Corrected {
  deed: Deed
  change: FieldChange
}

function withDisposition(deed: Deed, index: number, disposition: Disposition): Deed {
  return { ...deed, dispositions: deed.dispositions.map((d, i) => (i === index ? disposition : d)) }
}

function withPremises(
  deed: Deed,
  accept: (premises: Premises) => boolean,
  change: (premises: Premises) => { premises: Premises; old: number; new: number } | undefined,
  field: CorrectedField,
): Corrected | undefined {
  for (const [d, disposition] of deed.dispositions.entries()) {
    for (const [p, part] of disposition.parts.entries()) {
      // A product with a line missing, or premises that exist twice, would make it two changes.
      if (part.missing > 0) continue
      const at = part.premises.findIndex((one) => one.copies === 1 && accept(one))
      const found = part.premises[at]
      const changed = found === undefined ? undefined : change(found)
      if (changed === undefined) continue
      const premises = part.premises.map((one, i) => (i === at ? changed.premises : one))
      const parts: Part[] = disposition.parts.map((one, i) => (i === p ? { ...part, premises } : one))
      return {
        deed: withDisposition(deed, d, { ...disposition, parts }),
        change: { field, disposition: disposition.number, old: changed.old, new: changed.new },
      }
    }
  }
  return undefined
}

function everywhere(deed: Deed, id: string, change: (part: Part) => Part): Deed {
  const dispositions = deed.dispositions.map((disposition) => ({
    ...disposition,
    parts: disposition.parts.map((part) => (part.parcel.id === id ? change(part) : part)),
  }))
  return { ...deed, dispositions }
}

type Corrector = (deed: Deed, random: Random, scene: Scene) => Corrected | undefined

const correctors: Record<CorrectedField, Corrector> = {
  price(deed, random) {
    const index = between(random, 0, deed.dispositions.length - 1)
    const disposition = deed.dispositions[index]
    if (disposition === undefined || disposition.cents === null || disposition.cents < 100_000)
      return undefined
    const factor = pick(random, [0.9, 0.95, 0.98, 1.02, 1.05, 1.1, 10])
    const round = disposition.cents % 10_000 === 0
    let cents = agreedCents(random, (disposition.cents / 100) * factor, !round)
    if (round) cents = Math.round(cents / 10_000) * 10_000
    if (cents === disposition.cents) return undefined
    const change = {
      field: 'price',
      disposition: disposition.number,
      old: disposition.cents / 100,
      new: cents / 100,
    } as const
    return { deed: withDisposition(deed, index, { ...disposition, cents }), change }
  },
  date(deed, random) {
    const day = deed.day + pick(random, [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5])
    if (isWeekend(day) || monthOf(day) !== monthOf(deed.day)) return undefined
    return { deed: { ...deed, day }, change: { field: 'date', old: isoDay(deed.day), new: isoDay(day) } }
  },
  built_surface(deed, random) {
    return withPremises(
      deed,
      (one) => one.builtM2 > 0,
      (one) => {
        const builtM2 = one.builtM2 + between(random, 2, 15)
        return { premises: { ...one, builtM2 }, old: one.builtM2, new: builtM2 }
      },
      'built_surface',
    )
  },
  rooms(deed) {
    return withPremises(
      deed,
      (one) => one.rooms > 0,
      (one) => ({ premises: { ...one, rooms: one.rooms + 1 }, old: one.rooms, new: one.rooms + 1 }),
      'rooms',
    )
  },
  type(deed) {
    return withPremises(
      deed,
      (one) => one.type === 1 || one.type === 2,
      (one) => {
        const type = one.type === 1 ? 2 : 1
        return { premises: { ...one, type }, old: one.type, new: type }
      },
      'type',
    )
  },
  street_number(deed, random) {
    for (const disposition of deed.dispositions) {
      for (const { parcel, premises } of disposition.parts) {
        if (parcel.number === 0 || !premises.some((one) => one.number === undefined)) continue
        const number = parcel.number + between(random, 1, 6)
        return {
          deed: everywhere(deed, parcel.id, (part) => ({ ...part, parcel: { ...part.parcel, number } })),
          change: { field: 'street_number', old: parcel.number, new: number },
        }
      }
    }
    return undefined
  },
  parcel(deed, _random, scene) {
    const parcel = deed.dispositions[0]?.parts[0]?.parcel
    if (parcel === undefined) return undefined
    const plan = scene.ground.freshPlans.get(parcel.sectionKey) ?? 1000
    if (plan > 9999) return undefined
    scene.ground.freshPlans.set(parcel.sectionKey, plan + 1)
    const moved = renumbered(parcel, plan)
    return {
      deed: everywhere(deed, parcel.id, (part) => ({
        ...part,
        parcel: { ...part.parcel, plan: moved.plan, id: moved.id },
      })),
      change: { field: 'parcel', old: parcel.id, new: moved.id },
    }
  },
  nature(deed, random) {
    const nature =
      deed.nature === 'Vente' ? pick(random, ['Adjudication', 'Expropriation'] as const) : 'Vente'
    return { deed: { ...deed, nature }, change: { field: 'nature', old: deed.nature, new: nature } }
  },
}

// Natures are seldom corrected; prices and surfaces are what notaries' offices get wrong most.
const usual: readonly CorrectedField[] = [
  'price',
  'price',
  'price',
  'date',
  'date',
  'built_surface',
  'built_surface',
  'rooms',
  'type',
  'street_number',
  'parcel',
  'parcel',
  'nature',
]

/**
 * What release B makes of a deed it corrects: one field, in one case out of twelve two. Undefined when no field of it
 * can be corrected without colliding with another sale.
 */
export function correct(scene: Scene, deed: Deed): { deed: Deed; changes: FieldChange[] } | undefined {
  const { random } = scene
  if (deedLines(deed) > 60) return undefined
  const wanted = random() < 0.08 ? 2 : 1
  const changes: FieldChange[] = []
  let current = deed
  for (const field of shuffle(random, [...usual])) {
    if (changes.length === wanted) break
    if (changes.some((change) => change.field === field)) continue
    const corrected = correctors[field](current, random, scene)
    if (corrected === undefined || !enter(scene.registry, [corrected.deed], current)) continue
    current = corrected.deed
    changes.push(corrected.change)
  }
  return changes.length === 0 ? undefined : { deed: current, changes }
}
