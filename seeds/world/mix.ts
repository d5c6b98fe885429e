import type { Deed } from './deeds.ts'
import {
  auctionSale,
  everyday,
  exchangeSale,
  expropriationSale,
  offPlanSale,
  single,
} from './ordinary-sales.ts'
import { between } from './random.ts'
import { type Scene, settle, settledDay } from './scene.ts'
import {
  blockSale,
  identicalFlats,
  incompleteProduct,
  orphanDisposition,
  sameDayTwins,
  severalCommunes,
  severalDispositions,
  severalSections,
  symbolicSale,
} from './special-sales.ts'
import {
  alikeOnOneParcel,
  homeAndLandApart,
  twoHomesOneSection,
  unpricedNeighbours,
  whoseSecondDisposition,
} from './undecidable.ts'

/** A case that is met at a certain rate, so that every world beyond a size has it. */
interface Case {
  name: string
  /** Times per mutation. */
  rate: number
  /** Release A knows it for certain. */
  always?: true
  make: (scene: Scene, turn: number) => Deed[] | undefined
}

const cases: readonly Case[] = [
  { name: 'several dispositions', rate: 0.02, make: (scene) => severalDispositions(scene) },
  { name: 'orphan disposition', rate: 0.005, make: (scene) => orphanDisposition(scene) },
  { name: 'same-day twins', rate: 0.008, make: (scene) => sameDayTwins(scene) },
  { name: 'several sections', rate: 0.035, make: (scene) => single(scene, severalSections) },
  {
    name: 'several communes',
    rate: 0.008,
    always: true,
    make: (scene) => single(scene, severalCommunes, settledDay),
  },
  { name: 'exchange', rate: 0.007, make: (scene) => single(scene, exchangeSale) },
  { name: 'auction', rate: 0.003, make: (scene) => single(scene, auctionSale) },
  { name: 'expropriation', rate: 0.002, make: (scene) => single(scene, expropriationSale) },
  { name: 'off plan', rate: 0.01, make: (scene) => single(scene, offPlanSale) },
  {
    name: 'symbolic price',
    rate: 0.002,
    make: (scene) => settle(scene, (day) => [symbolicSale(scene, day)]),
  },
  { name: 'incomplete product', rate: 0.003, make: (scene) => single(scene, incompleteProduct) },
  { name: 'identical flats', rate: 0.004, make: (scene) => single(scene, identicalFlats) },
  {
    name: 'block',
    rate: 0.0008,
    make: (scene) => single(scene, (s, day) => blockSale(s, day, between(s.random, 12, 45))),
  },
  {
    name: 'great block',
    rate: 0.00009,
    make: (scene) => single(scene, (s, day) => blockSale(s, day, between(s.random, 180, 600))),
  },
  { name: 'U1', rate: 0.006, always: true, make: (scene, turn) => twoHomesOneSection(scene, turn % 2 === 0) },
  { name: 'U2', rate: 0.007, always: true, make: (scene, turn) => homeAndLandApart(scene, turn % 2 === 0) },
  { name: 'U3', rate: 0.004, always: true, make: (scene, turn) => unpricedNeighbours(scene, turn % 2 === 0) },
  {
    name: 'U4',
    rate: 0.002,
    always: true,
    make: (scene, turn) => whoseSecondDisposition(scene, turn % 2 === 0),
  },
  { name: 'U5', rate: 0.0004, always: true, make: (scene) => alikeOnOneParcel(scene) },
]

/** What is owed of each case and how often it has come, over the whole world. */
export interface Mix {
  owed: number[]
  turns: number[]
}

/** A mix at its beginning: nearly everything is owed, so that small worlds meet the cases early. */
export function newMix(): Mix {
  return { owed: cases.map((_, i) => 0.55 + 0.4 * ((i * 0.618) % 1)), turns: cases.map(() => 0) }
}

/** How often each case has come. */
export function caseCounts(mix: Mix): Record<string, number> {
  return Object.fromEntries(cases.map((one, i) => [one.name, mix.turns[i] ?? 0]))
}

/** The next deeds of a commune: a special case when one is owed, else an everyday sale. */
export function nextDeeds(
  scene: Scene,
  mix: Mix,
  room: number,
): { deeds: Deed[] | undefined; always: boolean } {
  let due = -1
  for (let i = 0; i < cases.length; i++) {
    const owed = (mix.owed[i] ?? 0) + (cases[i]?.rate ?? 0)
    mix.owed[i] = owed
    if (owed >= 1 && (due < 0 || owed > (mix.owed[due] ?? 0))) due = i
  }
  const one = cases[due]
  if (
    one === undefined ||
    room < 8 ||
    (one.name === 'great block' && room < 100) ||
    (one.name === 'block' && room < 30)
  ) {
    return { deeds: everyday(scene), always: false }
  }
  const deeds = one.make(scene, mix.turns[due] ?? 0)
  if (deeds !== undefined) {
    mix.owed[due] = (mix.owed[due] ?? 0) - 1
    mix.turns[due] = (mix.turns[due] ?? 0) + 1
  }
  return { deeds, always: one.always === true }
}
