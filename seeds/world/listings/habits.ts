import type { Style } from './writing.ts'

/** What a source is like: how it writes, and how often it gets things wrong. Rates are per row and night. */
export interface Habits {
  name: string
  style: Style
  /** A wrong row of one of the error classes. */
  error: number
  /** A value that is wrong without looking wrong, until it is mended a night or two later. */
  slip: number
  /** Last night's ad shown again. */
  stale: number
  /** Texts that change at every crawl and change back. */
  cosmetic: number
  /** A page of ads that did not load, per page and night. */
  lostPage: number
  /** An ad whose own page did not load. */
  lostAd: number
  /** Pages that show the end of the one before again, per page and night. */
  drift: number
  /** The chance that a sold home is shown as sold before it goes. */
  showsSold: number
  /** The chance that a home that comes back, or whose ad is renewed, gets a new key. */
  newKey: number
  /** Of whom the ads are: homes to an agency, how often one of the agencies is renamed, how often one ad's phone changes. */
  agencies: { homes: number; renames: number; phones: number }
}

/** A register of an association: plain figures, hardly anything wrong. */
export const careful: Habits = {
  name: 'careful',
  style: 'plain',
  error: 0.002,
  slip: 0.0006,
  stale: 0.0003,
  cosmetic: 0.0005,
  lostPage: 0.0001,
  lostAd: 0.0003,
  drift: 0.005,
  showsSold: 0.8,
  newKey: 0.15,
  agencies: { homes: 10, renames: 0.1, phones: 0.0008 },
}

/** A portal as they are. */
export const ordinary: Habits = {
  name: 'ordinary',
  style: 'portal',
  error: 0.012,
  slip: 0.0025,
  stale: 0.002,
  cosmetic: 0.003,
  lostPage: 0.003,
  lostAd: 0,
  drift: 0.02,
  showsSold: 0.5,
  newKey: 0.4,
  agencies: { homes: 80, renames: 0.1, phones: 0 },
}

/** A portal like it, of many small agencies, which loses ads one by one rather than by the page. */
export const patchy: Habits = {
  ...ordinary,
  name: 'patchy',
  lostPage: 0.0003,
  lostAd: 0.0027,
  agencies: { homes: 10, renames: 0.1, phones: 0.0008 },
}

/** Agencies' own pages, gathered: late, mistyped, often down. */
export const careless: Habits = {
  name: 'careless',
  style: 'agency',
  error: 0.035,
  slip: 0.008,
  stale: 0.006,
  cosmetic: 0.008,
  lostPage: 0.002,
  lostAd: 0.01,
  drift: 0.05,
  showsSold: 0.3,
  newKey: 0.6,
  agencies: { homes: 10, renames: 0.1, phones: 0.0008 },
}

/** The habits there are, by name. */
export const habitsByName = { careful, ordinary, patchy, careless } as const

/** The name of habits. */
export type HabitsName = keyof typeof habitsByName
