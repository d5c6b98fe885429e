import type { Parcel } from './parcels.ts'
import type { Nature } from './words.ts'

/** A land use of a parcel; its square metres are repeated on each premises of the parcel. */
export interface LandUse {
  code: string
  special: string
  m2: number
}

/** A lot of a building: its number is a text; Carrez square metres in hundredths, 0 when not given. */
export interface Lot {
  number: string
  carrez: number
}

/** Premises sold, `copies` times exactly alike. */
export interface Premises {
  /** 1 house, 2 flat, 3 annex, 4 commercial, 0 when the file does not say. */
  type: 0 | 1 | 2 | 3 | 4
  /** Built square metres; 0 when not given. */
  builtM2: number
  rooms: number
  lots: readonly Lot[]
  /** May exceed the five lots a line has room for. */
  lotCount: number
  copies: number
  /** Replaces the parcel's street number when it is not undefined. */
  number?: number
}

/** What a disposition sells on one parcel. */
export interface Part {
  parcel: Parcel
  premises: readonly Premises[]
  lands: readonly LandUse[]
  /** Lines left out at the end of premises × land uses: 0 unless the product is incomplete. */
  missing: number
}

/** A disposition of a deed with its own price in cents; null when the file gives none. */
export interface Disposition {
  number: number
  cents: number | null
  parts: readonly Part[]
}

/** The reason why nobody could decide from the lines; `seeds/world/README.md` says what each stands for. */
export type Undecidable = 'U1' | 'U2' | 'U3' | 'U4' | 'U5'

/** One true mutation. */
export interface Deed {
  id: number
  day: number
  nature: Nature
  dispositions: readonly Disposition[]
  /** Its other dispositions are in no file. */
  partial: boolean
  undecidable: Undecidable | undefined
  /** The set of mutations between which nobody can decide. */
  set: number | undefined
}

/** How many of each premises a deed sells, and whether the lines tell it for certain. */
export interface Counts {
  houses: number
  flats: number
  annexes: number
  commercial: number
  certain: boolean
}

/** Counts the premises of a deed: every copy, never the land uses. */
export function countsOf(deed: Deed): Counts {
  const byType = [0, 0, 0, 0, 0]
  let certain = true
  for (const disposition of deed.dispositions) {
    for (const part of disposition.parts) {
      for (const premises of part.premises)
        byType[premises.type] = (byType[premises.type] ?? 0) + premises.copies
      if (part.missing > 0) certain = false
    }
  }
  const [, houses = 0, flats = 0, annexes = 0, commercial = 0] = byType
  return { houses, flats, annexes, commercial, certain }
}

/** Whether a parcel of the deed carries a house, a flat or commercial premises. */
export function carriesHome(part: Part): boolean {
  return part.premises.some((p) => p.type === 1 || p.type === 2 || p.type === 4)
}

/** The number of lines a part is written on. */
export function linesOf(part: Part): number {
  const premises = part.premises.reduce((sum, p) => sum + p.copies, 0)
  return Math.max(1, premises) * Math.max(1, part.lands.length) - part.missing
}

/** The number of lines a deed is written on. */
export function deedLines(deed: Deed): number {
  let lines = 0
  for (const disposition of deed.dispositions) for (const part of disposition.parts) lines += linesOf(part)
  return lines
}

/** A price that is not a multiple of 100 €: hardly two deeds of one day share it. */
export function isTelling(cents: number): boolean {
  return cents % 10_000 !== 0
}

/** The price of a deed in cents: the sum of its dispositions; null when no disposition has one. */
export function deedCents(deed: Deed): number | null {
  let sum: number | null = null
  for (const { cents } of deed.dispositions) if (cents !== null) sum = (sum ?? 0) + cents
  return sum
}
