import { dayOf } from './calendar.ts'
import { correct, type FieldChange } from './corrections.ts'
import { type Deed, deedCents } from './deeds.ts'
import { agreedCents } from './prices.ts'
import { type Random, shuffle } from './random.ts'
import { enter } from './registry.ts'
import { knownShare, type Scene } from './scene.ts'

/** How release B tells a mutation differently from release A. */
export type Step =
  | { kind: 'added'; why: 'late' | 'new-month' }
  | { kind: 'corrected'; changes: FieldChange[]; decidable: boolean }
  | { kind: 'withdrawn' }
  | { kind: 'merged'; from: string; to: string }

/** A mutation as each release tells it; undefined where the release does not have it. */
export interface Told {
  a: Deed | undefined
  b: Deed | undefined
  step: Step | undefined
}

/** What is still owed of each kind of step, carried from commune to commune so that small worlds have them all. */
export interface StepDebts {
  corrected: number
  withdrawn: number
  merged: number
}

const newMonth = dayOf(2024, 12, 1)

/** Whether release A knows a freshly drawn set of deeds; undecidable sets and deeds over two communes always. */
export function tellFirst(deeds: readonly Deed[], random: Random, always: boolean): Told[] {
  const known = always || random() < knownShare(deeds[0]?.day ?? 0)
  return deeds.map((deed) => {
    if (known) return { a: deed, b: deed, step: undefined }
    return {
      a: undefined,
      b: deed,
      step: { kind: 'added', why: deed.day >= newMonth ? 'new-month' : 'late' },
    }
  })
}

function signature(deed: Deed): string {
  const all = deed.dispositions.flatMap((d) =>
    d.parts.flatMap((p) => p.premises.map((one) => `${one.type}/${one.builtM2}`)),
  )
  return all.sort().join(' ')
}

function parcelsOf(deed: Deed): Set<string> {
  return new Set(deed.dispositions.flatMap((d) => d.parts.map((p) => p.parcel.id)))
}

function sectionsOf(deed: Deed): Set<string> {
  return new Set(deed.dispositions.flatMap((d) => d.parts.map((p) => p.parcel.sectionKey)))
}

/** Whether somebody could take one deed for a correction of the other. */
export function resembles(one: Deed, other: Deed): boolean {
  const sections = sectionsOf(other)
  if (![...sectionsOf(one)].some((section) => sections.has(section))) return false
  const parcels = parcelsOf(other)
  if ([...parcelsOf(one)].some((parcel) => parcels.has(parcel))) return true
  if (Math.abs(one.day - other.day) <= 10 || deedCents(one) === deedCents(other)) return true
  return signature(one) !== '' && signature(one) === signature(other)
}

function isPlain(told: Told): told is Told & { a: Deed; b: Deed } {
  if (told.a === undefined || told.b === undefined || told.step !== undefined) return false
  const communes = new Set(told.a.dispositions.flatMap((d) => d.parts.map((p) => p.parcel.place.code)))
  return told.a.undecidable === undefined && communes.size === 1
}

/** Gives the pairs that are alike new prices: which price belongs to which is then anybody's guess. */
function swapAlike(scene: Scene, all: readonly Told[]): void {
  for (const told of all) {
    if (told.a?.undecidable !== 'U5' || told.b === undefined) continue
    const [disposition] = told.b.dispositions
    if (disposition?.cents == null) continue
    for (let attempt = 0; attempt < 20 && told.step === undefined; attempt++) {
      const cents = agreedCents(
        scene.random,
        (disposition.cents / 100) * (0.97 + 0.06 * scene.random()),
        true,
      )
      const b: Deed = { ...told.b, dispositions: [{ ...disposition, cents }] }
      if (cents === disposition.cents || !enter(scene.registry, [b], told.b)) continue
      const change: FieldChange = {
        field: 'price',
        disposition: 1,
        old: disposition.cents / 100,
        new: cents / 100,
      }
      told.b = b
      told.step = { kind: 'corrected', changes: [change], decidable: false }
    }
  }
}

/**
 * Decides what release B corrects and withdraws in a commune. A deed is chosen only when no other that B changes
 * resembles it, so that a withdrawn sale and a late one are never one corrected sale in disguise.
 */
export function tellSecond(scene: Scene, all: Told[], debts: StepDebts): void {
  const { random } = scene
  swapAlike(scene, all)
  const changed: Deed[] = []
  for (const told of all) {
    if (told.step !== undefined)
      for (const deed of [told.a, told.b]) if (deed !== undefined) changed.push(deed)
  }
  const plain = all.filter(isPlain)
  debts.corrected += 0.015 * plain.length
  debts.withdrawn += 0.003 * plain.length
  debts.merged += 0.004 * plain.length
  for (const told of shuffle(random, plain)) {
    if (debts.corrected < 1 && debts.withdrawn < 1 && debts.merged < 1) break
    const deed = told.a
    const territory = deed.dispositions[0]?.parts[0]?.parcel.territory
    const merging = debts.merged >= 1 && territory?.form === 'prefix'
    if (!merging && debts.corrected < 1 && debts.withdrawn < 1) continue
    if (changed.some((other) => resembles(deed, other))) continue
    if (merging) {
      told.step = { kind: 'merged', from: territory.code, to: scene.ground.place.code }
      debts.merged--
      changed.push(deed)
      continue
    }
    if (debts.withdrawn >= 1 && debts.withdrawn * 5 >= debts.corrected) {
      told.step = { kind: 'withdrawn' }
      ;(told as Told).b = undefined
      debts.withdrawn--
      changed.push(deed)
      continue
    }
    const corrected = correct(scene, deed)
    if (corrected === undefined || changed.some((other) => resembles(corrected.deed, other))) continue
    told.b = corrected.deed
    told.step = { kind: 'corrected', changes: corrected.changes, decidable: true }
    debts.corrected--
    changed.push(deed, corrected.deed)
  }
}
