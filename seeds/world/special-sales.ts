import type { Deed, Disposition, Part } from './deeds.ts'
import { annexLot, barePart, flat, houseOn, housePart, premises } from './homes.ts'
import { flatSale, houseSale, landSale } from './ordinary-sales.ts'
import { anySection, barePlot, blockPlot, freshPlot, type Ground, housePlot } from './parcels.ts'
import { agreedCents, flatPrice, housePrice, landPrice } from './prices.ts'
import { between, pick, type Random } from './random.ts'
import { type Draft, deedOf, dispositionOf, type Scene, settle } from './scene.ts'

function bareIn(ground: Ground, random: Random, section: number, count: number): Part[] {
  const parts: Part[] = []
  for (let i = 0; i < count; i++) {
    const plot = barePlot(ground, random, section)
    if (parts.every((part) => part.parcel.id !== plot.id)) parts.push(barePart(plot))
  }
  return parts
}

/** A home and land, or land alone, over two or three sections of the commune; the price is telling. */
export function severalSections({ ground, random }: Scene, day: number): Draft {
  const home = random() < 0.45 ? housePart(housePlot(ground, random)) : undefined
  const parts: Part[] = home === undefined ? [] : [home]
  const sections = new Set<number>()
  const wanted = between(random, 2, 3)
  while (sections.size < Math.min(wanted, ground.place.sectionCount)) sections.add(anySection(ground, random))
  for (const section of sections) parts.push(...bareIn(ground, random, section, between(random, 1, 4)))
  const size = home === undefined ? { builtM2: 0, landM2: 0 } : houseOn(home.parcel)
  const euro =
    landPrice(random, ground.place, day, 4000, false) +
    (home === undefined ? 0 : housePrice(random, ground.place, day, size.builtM2, size.landM2))
  return { nature: 'Vente', parts, euro, telling: true }
}

/** A farm over two communes of the département; the price is telling. */
export function severalCommunes(scene: Scene, day: number): Draft {
  const draft = severalSections(scene, day)
  const other = scene.neighbour
  if (other === undefined) return draft
  const section = anySection(other, scene.random)
  const parts = Array.from({ length: between(scene.random, 1, 4) }, () => barePart(freshPlot(other, section)))
  return { ...draft, parts: [...draft.parts, ...parts] }
}

/** A symbolic euro: bare land given over to the commune, say. */
export function symbolicSale(scene: Scene, day: number): Deed {
  const draft = landSale(scene, day)
  return deedOf(day, draft.nature, [{ number: 1, cents: 100, parts: draft.parts }])
}

/** A whole building: many flats by their lots, one price repeated on every line. */
export function blockSale(scene: Scene, day: number, flats: number): Draft {
  const { ground, random } = scene
  const section = anySection(ground, random)
  const parcels = Array.from({ length: flats > 150 ? 3 : 1 }, () => freshPlot(ground, section))
  const byParcel = parcels.map(() => [] as Part['premises'][number][])
  let euro = 0
  for (let i = 0; i < flats; i++) {
    const home = flat(random)
    euro += flatPrice(random, ground.place, day, home.builtM2) * 0.8
    const list = byParcel[i % parcels.length]
    // The register gives many of them without lots and exactly alike.
    if (random() < 0.4) list?.push(premises(2, { builtM2: 62, rooms: 3, copies: 1 }))
    else list?.push(home)
    if (random() < 0.6) list?.push(annexLot(random))
  }
  const parts = parcels.map((parcel, i) => ({ parcel, premises: byParcel[i] ?? [], lands: [], missing: 0 }))
  return { nature: 'Vente', parts, euro, telling: true }
}

/** A house with several identical annexes beside several land uses, of whose product a line is missing. */
export function incompleteProduct({ ground, random }: Scene, day: number): Draft {
  const parcel = housePlot(ground, random)
  const { builtM2, rooms, landM2 } = houseOn(parcel)
  const annexes = between(random, 2, 3)
  const lands = [
    { code: 'S', special: '', m2: 480 },
    { code: 'J', special: '', m2: between(random, 100, 900) },
  ]
  const list = [premises(1, { builtM2, rooms }), premises(3, { copies: annexes })]
  const part: Part = { parcel, premises: list, lands, missing: 1 }
  return { nature: 'Vente', parts: [part], euro: housePrice(random, ground.place, day, builtM2, landM2) }
}

/** Several identical flats without lots beside several land uses: duplicates that are to be counted rightly. */
export function identicalFlats({ ground, random }: Scene, day: number): Draft {
  const parcel = blockPlot(ground, random)
  const builtM2 = between(random, 28, 70)
  const copies = between(random, 2, 5)
  const lands = [
    { code: 'S', special: '', m2: between(random, 150, 400) },
    { code: 'J', special: '', m2: between(random, 401, 700) },
  ]
  const list = [premises(2, { builtM2, rooms: 2, copies }), premises(3, { copies: between(random, 1, 4) })]
  const euro = flatPrice(random, ground.place, day, builtM2) * copies * 0.85
  return { nature: 'Vente', parts: [{ parcel, premises: list, lands, missing: 0 }], euro }
}

function further(scene: Scene, day: number, first: Disposition, number: number): Disposition {
  const { ground, random } = scene
  const anchor = first.parts[0] as Part
  const sameParcel =
    random() < 0.6 && anchor.premises.every((p) => p.lots.length > 0) && anchor.premises.length > 0
  if (sameParcel) {
    const home = flat(random)
    const parts: Part[] = [{ parcel: anchor.parcel, premises: [home], lands: [], missing: 0 }]
    const euro = flatPrice(random, ground.place, day, home.builtM2)
    return dispositionOf(random, { nature: 'Vente', parts, euro, number })
  }
  const section = sectionIndexOf(ground, anchor.parcel.sectionKey)
  const parts = bareIn(ground, random, section, between(random, 1, 2))
  const euro = landPrice(random, ground.place, day, 1200, false)
  return dispositionOf(random, { nature: 'Vente', parts, euro, number })
}

function sectionIndexOf(ground: Ground, key: string): number {
  for (let i = 0; i < ground.place.sectionCount; i++) {
    if (barePlotKey(ground, i) === key) return i
  }
  throw new RangeError(`section ${key} is not in ${ground.place.code}`)
}

function barePlotKey(ground: Ground, section: number): string {
  return housePlot(ground, () => 0, section).sectionKey
}

/** A deed of two to four dispositions (seldom many more), each with a price of its own, tied by parcel or section. */
export function severalDispositions(scene: Scene): Deed[] | undefined {
  const { random } = scene
  return settle(scene, (day) => {
    const draft =
      random() < 0.15
        ? severalSections(scene, day)
        : pick(random, [houseSale, flatSale, landSale])(scene, day)
    const first = dispositionOf(random, draft)
    const dispositions = [first]
    const count = random() < 0.04 ? between(random, 5, 9) : random() < 0.8 ? 2 : between(random, 3, 4)
    for (let number = 2; number <= count; number++) {
      const next = further(scene, day, first, number)
      dispositions.push(random() < 0.08 && next.parts.length === 1 ? { ...next, cents: first.cents } : next)
    }
    return [deedOf(day, draft.nature, dispositions)]
  })
}

/** The second or third disposition of a deed whose others are in no file. */
export function orphanDisposition(scene: Scene): Deed[] | undefined {
  const { random } = scene
  return settle(scene, (day) => {
    const draft = pick(random, [houseSale, flatSale, landSale])(scene, day)
    const disposition = dispositionOf(random, { ...draft, number: between(random, 2, 3) })
    return [{ ...deedOf(day, draft.nature, [disposition]), partial: true }]
  })
}

/** Unrelated sales of one day at one round price, each with a home, in two or three sections. */
export function sameDayTwins(scene: Scene): Deed[] | undefined {
  const { ground, random } = scene
  const count = random() < 0.2 ? 3 : 2
  const deeds: Deed[] = []
  const made = settle(scene, (day) => {
    const draft = random() < 0.5 ? houseSale(scene, day) : flatSale(scene, day)
    const cents = agreedCents(random, draft.euro ?? 0)
    return cents % 10_000 === 0
      ? [deedOf(day, 'Vente', [{ number: 1, cents, parts: draft.parts }])]
      : undefined
  })
  const first = made?.[0]
  if (first === undefined || ground.place.sectionCount < 2) return made
  deeds.push(first)
  const cents = first.dispositions[0]?.cents ?? 0
  for (let i = 1; i < count; i++) {
    const twin = settle(
      scene,
      (day) => {
        const draft = random() < 0.5 ? houseSale(scene, day) : flatSale(scene, day)
        return [deedOf(day, 'Vente', [{ number: 1, cents, parts: draft.parts }])]
      },
      () => first.day,
    )
    if (twin !== undefined) deeds.push(...twin)
  }
  return deeds
}
