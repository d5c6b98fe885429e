import type { Deed, Disposition, Part, Undecidable } from './deeds.ts'
import { barePart, flat, houseOn, housePart, lot, premises } from './homes.ts'
import { flatSale, houseSale } from './ordinary-sales.ts'
import { anySection, blockPlot, type Ground, housePlot, parcelAt } from './parcels.ts'
import { agreedCents, flatPrice, housePrice, landPrice } from './prices.ts'
import { between, type Random } from './random.ts'
import { deedOf, dispositionOf, type Scene, settle, settledDay } from './scene.ts'

// Cases that nobody could decide from the lines. Half of each kind are one deed in truth, half several; the lines of
// the two halves look alike on purpose.

function marked(deeds: readonly Deed[], kind: Undecidable, set: number): Deed[] {
  return deeds.map((deed) => ({ ...deed, undecidable: kind, set }))
}

function roundCents(random: Random, euro: number): number {
  for (;;) {
    const cents = agreedCents(random, euro)
    if (cents % 10_000 === 0) return cents
  }
}

/** The same lines as one deed, or as one deed for each part. */
function asOneOrSeveral(
  day: number,
  nature: Deed['nature'],
  cents: number | null,
  parts: Part[],
  one: boolean,
): Deed[] {
  const groups = one ? [parts] : parts.map((part) => [part])
  return groups.map((group) => deedOf(day, nature, [{ number: 1, cents, parts: group }]))
}

/** U1: one round price, one section, two parcels with a home each: one deed of two homes, or two deeds? */
export function twoHomesOneSection(scene: Scene, one: boolean): Deed[] | undefined {
  const { ground, random } = scene
  const set = scene.nextSet()
  return settle(
    scene,
    (day) => {
      const section = anySection(ground, random)
      const first = housePlot(ground, random, section)
      const second = housePlot(ground, random, section)
      if (first.id === second.id) return undefined
      const { builtM2, landM2 } = houseOn(first)
      const cents = roundCents(random, housePrice(random, ground.place, day, builtM2, landM2) * 1.2)
      const parts = [housePart(first), housePart(second)]
      return marked(asOneOrSeveral(day, 'Vente', cents, parts, one), 'U1', set)
    },
    settledDay,
  )
}

/** U2: one round price, two sections (or communes), the second with land only: one deed, or two? */
export function homeAndLandApart(scene: Scene, one: boolean): Deed[] | undefined {
  const { ground, random, neighbour } = scene
  const set = scene.nextSet()
  const other = neighbour !== undefined && random() < 0.3 ? neighbour : ground
  return settle(
    scene,
    (day) => {
      const home = random() < 0.6
      const section = anySection(ground, random)
      const firstPlot = home ? housePlot(ground, random, section) : bareOwn(ground, random, section)
      const secondPlot = bareOwn(other, random, anySection(other, random))
      if (firstPlot.sectionKey === secondPlot.sectionKey) return undefined
      const { builtM2, landM2 } = houseOn(firstPlot)
      const euro = home
        ? housePrice(random, ground.place, day, builtM2, landM2)
        : landPrice(random, ground.place, day, 3000, false)
      const parts = [home ? housePart(firstPlot) : barePart(firstPlot), barePart(secondPlot)]
      return marked(asOneOrSeveral(day, 'Vente', roundCents(random, euro), parts, one), 'U2', set)
    },
    settledDay,
  )
}

// Plan numbers that ordinary land sales do not draw, so that the second commune needs no look at its own deeds.
function bareOwn(ground: Ground, random: Random, section: number): Part['parcel'] {
  return parcelAt(ground, section, between(random, 900, 990))
}

/** U3: no price, one section, two parcels or two sets of lots: one deed, or two? */
export function unpricedNeighbours(scene: Scene, one: boolean): Deed[] | undefined {
  const { ground, random } = scene
  const set = scene.nextSet()
  return settle(
    scene,
    (day) => {
      const section = anySection(ground, random)
      const offPlan = random() < 0.6
      const first = blockPlot(ground, random, section)
      const second = random() < 0.5 ? first : blockPlot(ground, random, section)
      const lots = [lot(random, 0), lot(random, 0)]
      if (lots[0]?.number === lots[1]?.number) return undefined
      const homes = lots.map((l) =>
        offPlan ? premises(0, { lots: [l] }) : { ...flat(random), lots: [l], lotCount: 1 },
      )
      const parts: Part[] = [first, second].map((parcel, i) => ({
        parcel,
        premises: homes.slice(i, i + 1),
        lands: [],
        missing: 0,
      }))
      const nature = offPlan ? "Vente en l'état futur d'achèvement" : 'Vente'
      return marked(asOneOrSeveral(day, nature, null, parts, one), 'U3', set)
    },
    settledDay,
  )
}

/** U4: two deeds of one day in one section and a second disposition there: whose is it? */
export function whoseSecondDisposition(scene: Scene, firsts: boolean): Deed[] | undefined {
  const { ground, random } = scene
  const set = scene.nextSet()
  return settle(
    scene,
    (day) => {
      const section = anySection(ground, random)
      // All on one parcel or each on its own: a parcel shared by two of them would give the answer away.
      const shared = random() < 0.5 ? blockPlot(ground, random, section) : undefined
      const plots = [1, 2, 3].map(() => shared ?? blockPlot(ground, random, section))
      if (shared === undefined && new Set(plots.map((plot) => plot.id)).size < 3) return undefined
      const [a, b, c] = plots.map((parcel, i): Disposition => {
        const home = flat(random)
        const euro = flatPrice(random, ground.place, day, home.builtM2) * (1 + i / 10)
        const parts: Part[] = [{ parcel, premises: [home], lands: [], missing: 0 }]
        return dispositionOf(random, { nature: 'Vente', parts, euro, number: i === 2 ? 2 : 1 })
      }) as [Disposition, Disposition, Disposition]
      if (a.cents === b.cents) return undefined
      const deeds = firsts
        ? [deedOf(day, 'Vente', [a, c]), deedOf(day, 'Vente', [b])]
        : [deedOf(day, 'Vente', [a]), deedOf(day, 'Vente', [b, c])]
      return marked(deeds, 'U4', set)
    },
    settledDay,
  )
}

/**
 * U5: two homes exactly alike on one parcel, sold the same day at two prices. Each release is decidable; which is which
 * after both prices changed is not.
 */
export function alikeOnOneParcel(scene: Scene): Deed[] | undefined {
  const { ground, random } = scene
  const set = scene.nextSet()
  return settle(
    scene,
    (day) => {
      const draft = random() < 0.5 ? houseSale(scene, day) : flatSale(scene, day)
      const parcel = draft.parts[0]?.parcel
      if (parcel === undefined) return undefined
      const home = premises(draft.parts[0]?.premises[0]?.type === 1 ? 1 : 2, {
        builtM2: between(random, 30, 90),
        rooms: 3,
      })
      const part: Part = { parcel, premises: [home], lands: [], missing: 0 }
      const euro = flatPrice(random, ground.place, day, home.builtM2)
      const deeds = [1, 1.04].map((factor) =>
        deedOf(day, 'Vente', [{ number: 1, cents: agreedCents(random, euro * factor, true), parts: [part] }]),
      )
      return marked(deeds, 'U5', set)
    },
    settledDay,
  )
}
