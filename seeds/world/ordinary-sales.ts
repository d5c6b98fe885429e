import type { Deed, Part } from './deeds.ts'
import { annexLot, barePart, flat, flatSize, houseOn, housePart, lot, premises } from './homes.ts'
import { anySection, barePlot, blockPlot, housePlot, parcelAt } from './parcels.ts'
import { flatPrice, housePrice, landPrice } from './prices.ts'
import { between, type Random, weighted } from './random.ts'
import { type Draft, deedOf, dispositionOf, type Scene, settle } from './scene.ts'

/** A house, sometimes with a garden parcel beside it. */
export function houseSale({ ground, random }: Scene, day: number): Draft {
  const section = anySection(ground, random)
  const parcel = housePlot(ground, random, section)
  const { builtM2, landM2 } = houseOn(parcel)
  const parts: Part[] = [housePart(parcel)]
  const gardens = random() < 0.26 ? between(random, 1, 3) : 0
  for (let i = 0; i < gardens; i++) {
    const plot = barePlot(ground, random, section)
    if (parts.every((part) => part.parcel.id !== plot.id)) parts.push(barePart(plot))
  }
  return { nature: 'Vente', parts, euro: housePrice(random, ground.place, day, builtM2, landM2) }
}

/** A flat by its lots with its cellar or parking place, or (an undivided building) without lots but with land. */
export function flatSale({ ground, random }: Scene, day: number): Draft {
  const parcel = blockPlot(ground, random)
  if (random() < 0.08) {
    const { builtM2, rooms } = flatSize(random)
    const copies = random() < 0.2 ? between(random, 2, 4) : 1
    const lands = [{ code: 'S', special: '', m2: between(random, 90, 600) }]
    const list = [premises(2, { builtM2, rooms, copies })]
    if (random() < 0.5) list.push(premises(3, { copies: between(random, 1, 3) }))
    const euro = flatPrice(random, ground.place, day, builtM2) * copies * (copies > 1 ? 0.85 : 1)
    return { nature: 'Vente', parts: [{ parcel, premises: list, lands, missing: 0 }], euro }
  }
  const home = flat(random)
  const annexes = Array.from({ length: weighted(random, [45, 38, 15, 2]) }, () => annexLot(random))
  const part: Part = { parcel, premises: [home, ...annexes], lands: [], missing: 0 }
  return { nature: 'Vente', parts: [part], euro: flatPrice(random, ground.place, day, home.builtM2) * 1.03 }
}

/** A parking place or a cellar alone. */
export function annexSale({ ground, random }: Scene): Draft {
  const parcel = blockPlot(ground, random)
  const list = Array.from({ length: random() < 0.15 ? 2 : 1 }, () => annexLot(random))
  const euro = 4.5 * ground.place.flatEuro * (0.6 + 0.9 * random()) * list.length
  return { nature: 'Vente', parts: [{ parcel, premises: list, lands: [], missing: 0 }], euro }
}

/** Bare land: one to eight parcels of one section. */
export function landSale({ ground, random }: Scene, day: number): Draft {
  const section = anySection(ground, random)
  const parts: Part[] = []
  const wanted = [1, 1, 1, 1, 2, 2, 3, 4, 6, 8][between(random, 0, 9)] ?? 1
  for (let i = 0; i < wanted; i++) {
    const plot = barePlot(ground, random, section)
    if (parts.every((part) => part.parcel.id !== plot.id)) parts.push(barePart(plot))
  }
  const m2 = parts.reduce((sum, part) => sum + part.lands.reduce((s, land) => s + land.m2, 0), 0)
  return { nature: 'Vente', parts, euro: landPrice(random, ground.place, day, m2, false) }
}

/** Land to build on, under its own nature or as an ordinary sale. */
export function buildingLandSale({ ground, random }: Scene, day: number): Draft {
  const part = barePart(barePlot(ground, random), true)
  const m2 = part.lands[0]?.m2 ?? 500
  const nature = random() < 0.6 ? 'Vente terrain à bâtir' : 'Vente'
  return { nature, parts: [part], euro: landPrice(random, ground.place, day, m2, true) }
}

/** Off plan: lots of a block to be, mostly without type, surface and rooms; some without a price. */
export function offPlanSale({ ground, random }: Scene, day: number): Draft {
  const section = anySection(ground, random)
  const parcel = parcelAt(ground, section, between(random, 430, 445))
  const { builtM2, rooms } = flatSize(random)
  const nature = "Vente en l'état futur d'achèvement"
  const euro = flatPrice(random, ground.place, day, builtM2) * 1.25
  const home = lot(random, 0)
  if (random() < 0.14) {
    const lots = random() < 0.3 ? [home] : []
    return {
      nature,
      parts: [{ parcel, premises: [premises(0, { lots })], lands: [], missing: 0 }],
      euro: null,
    }
  }
  const typed = random() < 0.12
  const list = [typed ? premises(2, { builtM2, rooms, lots: [home] }) : premises(0, { lots: [home] })]
  const extra = lot(random, 0)
  if (random() < 0.6 && extra.number !== home.number) list.push(premises(typed ? 3 : 0, { lots: [extra] }))
  return { nature, parts: [{ parcel, premises: list, lands: [], missing: 0 }], euro }
}

/** A shop, workshop or office, sometimes with the flat above it. */
export function commercialSale({ ground, random }: Scene, day: number): Draft {
  const parcel = blockPlot(ground, random)
  const builtM2 = 20 + Math.round(400 * random() ** 2.5)
  const euro = flatPrice(random, ground.place, day, builtM2) * 0.65
  if (random() < 0.5) {
    const shop = premises(4, { builtM2, lots: [lot(random, random() < 0.3 ? builtM2 * 97 : 0)] })
    return { nature: 'Vente', parts: [{ parcel, premises: [shop], lands: [], missing: 0 }], euro }
  }
  const list = [premises(4, { builtM2 })]
  if (random() < 0.3) list.push(premises(2, flatSize(random)))
  const lands = [{ code: 'S', special: '', m2: between(random, 60, 900) }]
  return { nature: 'Vente', parts: [{ parcel, premises: list, lands, missing: 0 }], euro }
}

/** A home at a court's auction. */
export function auctionSale(scene: Scene, day: number): Draft {
  const draft = scene.random() < 0.5 ? houseSale(scene, day) : flatSale(scene, day)
  return { ...draft, nature: 'Adjudication', euro: (draft.euro ?? 0) * 0.7 }
}

/** Parcels swapped: a small balance is the price. */
export function exchangeSale(scene: Scene, day: number): Draft {
  const draft = landSale(scene, day)
  return { ...draft, nature: 'Echange', euro: (draft.euro ?? 0) * 0.4 }
}

/** Land or a home taken for public use. */
export function expropriationSale(scene: Scene, day: number): Draft {
  const draft = scene.random() < 0.6 ? landSale(scene, day) : flatSale(scene, day)
  return { ...draft, nature: 'Expropriation' }
}

const countryside = [44, 6, 3, 33, 5, 2, 4]
const city = [13, 51, 14, 4, 2, 10, 6]
const makers = [houseSale, flatSale, annexSale, landSale, buildingLandSale, offPlanSale, commercialSale]

function everydaySale(scene: Scene): (scene: Scene, day: number) => Draft {
  const u = scene.ground.place.urbanity
  const weights = countryside.map((weight, i) => weight * (1 - u) + (city[i] ?? 0) * u)
  return makers[weighted(scene.random, weights)] ?? houseSale
}

function rarely<T>(random: Random, chance: number, value: T, otherwise: T): T {
  return random() < chance ? value : otherwise
}

/** The deeds of a maker's draft: one mutation of one disposition. */
export function single(
  scene: Scene,
  maker: (scene: Scene, day: number) => Draft,
  drawDay?: (random: Random) => number,
): Deed[] | undefined {
  const make = (day: number): Deed[] => {
    const draft = maker(scene, day)
    return [deedOf(day, draft.nature, [dispositionOf(scene.random, draft)])]
  }
  return settle(scene, make, drawDay)
}

/** An ordinary mutation as the place has them; one in three hundred without a price. */
export function everyday(scene: Scene): Deed[] | undefined {
  const maker = everydaySale(scene)
  return single(scene, (s, day) => {
    const draft = maker(s, day)
    return { ...draft, euro: rarely(s.random, 0.003, null, draft.euro) }
  })
}
