import type { LandUse, Lot, Part, Premises } from './deeds.ts'
import type { Parcel } from './parcels.ts'
import { between, hashText, type Random, randomFrom } from './random.ts'

/** Premises of a kind with nothing special about them; give what differs. */
export function premises(type: Premises['type'], more: Partial<Premises> = {}): Premises {
  return { type, builtM2: 0, rooms: 0, lots: [], lotCount: more.lots?.length ?? 0, copies: 1, ...more }
}

/** A house's built surface and rooms, which stay the same from sale to sale. */
export function houseOn(parcel: Parcel): { builtM2: number; rooms: number; landM2: number } {
  const h = hashText(`house/${parcel.id}`)
  const builtM2 = 55 + (h % 70) + ((h >>> 8) % 60) - ((h >>> 16) % 10)
  const rooms = Math.max(2, Math.min(9, Math.round(builtM2 / 25) + ((h >>> 20) % 2)))
  const reach = 250 + (1 - parcel.place.urbanity) * 1400
  return { builtM2, rooms, landM2: 120 + Math.round(reach * (((h >>> 5) % 1000) / 1000) ** 1.5) }
}

/** The land uses under a house: one line each. */
export function houseLands(parcel: Parcel): LandUse[] {
  const h = hashText(`lands/${parcel.id}`)
  const { landM2 } = houseOn(parcel)
  const under = Math.min(landM2, 500)
  const lands: LandUse[] = [{ code: 'S', special: '', m2: under }]
  if (landM2 > 500) {
    lands.push({ code: h % 3 === 0 ? 'J' : 'AG', special: h % 11 === 0 ? 'POTAG' : '', m2: landM2 - under })
  }
  return lands
}

/** A house with its annexes, exactly alike when there are several. */
export function housePart(parcel: Parcel): Part {
  const h = hashText(`annexes/${parcel.id}`)
  const { builtM2, rooms } = houseOn(parcel)
  const list: Premises[] = [premises(1, { builtM2, rooms })]
  const annexes = h % 100 < 62 ? 0 : h % 100 < 86 ? 1 : h % 100 < 97 ? 2 : 3
  if (annexes > 0)
    list.push(premises(3, { copies: annexes, ...(h % 9 === 0 ? { number: 5000 + (h % 700) } : {}) }))
  return { parcel, premises: list, lands: houseLands(parcel), missing: 0 }
}

/** A lot of a building; a few numbers are texts such as `22MR` or `60B`. */
export function lot(random: Random, carrez: number): Lot {
  const n = between(random, 1, 480)
  const number = random() < 0.006 ? `${n}${random() < 0.5 ? 'MR' : 'B'}` : String(n)
  return { number, carrez }
}

/** A flat's size and rooms. */
export function flatSize(random: Random): { builtM2: number; rooms: number } {
  const rooms = [1, 2, 2, 3, 3, 3, 4, 4, 5][between(random, 0, 8)] ?? 3
  return { rooms, builtM2: Math.max(11, 6 + rooms * 17 + between(random, -7, 12)) }
}

/** A flat held by lots: one or two numbers, sometimes a Carrez surface, sometimes more lots than a line has room for. */
export function flat(random: Random): Premises {
  const { builtM2, rooms } = flatSize(random)
  const carrez = random() < 0.42 ? Math.round(builtM2 * 100 * (0.93 + 0.12 * random())) : 0
  const draw = random()
  const count =
    draw < 0.6 ? 1 : draw < 0.94 ? 2 : draw < 0.985 ? between(random, 3, 5) : between(random, 6, 9)
  const lots: Lot[] = []
  for (let i = 0; i < Math.min(5, count); i++) {
    let next = lot(random, i === 0 ? carrez : 0)
    while (lots.some((l) => l.number === next.number)) next = lot(random, i === 0 ? carrez : 0)
    lots.push(next)
  }
  return premises(2, { builtM2, rooms, lots, lotCount: count })
}

/** A cellar or a parking place, a lot of its own. */
export function annexLot(random: Random): Premises {
  const one = lot(random, random() < 0.05 ? between(random, 900, 1600) : 0)
  return premises(3, { lots: [one], lotCount: 1 })
}

/** Bare land: its uses, one line each, all different. */
export function barePart(parcel: Parcel, buildable = false): Part {
  const random = randomFrom(`bare/${parcel.id}`)
  if (buildable) {
    return {
      parcel,
      premises: [],
      lands: [{ code: 'AB', special: '', m2: between(random, 300, 1400) }],
      missing: 0,
    }
  }
  const codes = ['T', 'P', 'BT', 'L', 'VI', 'BS', 'J', 'BR', 'VE', 'S', 'AG']
  const first = codes[Math.floor(random() ** 1.8 * codes.length)] ?? 'T'
  const special = first === 'P' ? 'PATUR' : first === 'VI' ? 'VAOC' : first === 'L' ? 'FRICH' : ''
  const rural = first === 'S' || first === 'J' || first === 'AG' ? 900 : 5000
  const lands: LandUse[] = [
    { code: first, special: random() < 0.15 ? special : '', m2: 40 + Math.round(rural * random() ** 2) },
  ]
  if (random() < 0.1) {
    lands.push({ code: first === 'S' ? 'J' : 'S', special: '', m2: 30 + Math.round(700 * random()) })
  }
  return { parcel, premises: [], lands, missing: 0 }
}
