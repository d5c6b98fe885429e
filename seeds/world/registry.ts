import { carriesHome, type Deed, type Disposition, isTelling } from './deeds.ts'

// Every sale of a département is entered here before it is written. What an accident could make undecidable (two
// sales of one day at one price in one section, say) is refused, and the sale is drawn again: the truth file can then
// say of each mutation whether its lines decide.

/** What the sales of a département have taken so far. */
export interface Registry {
  /** Sections by (day, nature, disposition, price); null when nobody else may use the key. */
  keys: Map<string, Set<string> | null>
  /** By (day, nature, section): whether the section is closed to every other deed. */
  sectionDays: Map<string, boolean>
}

/** An empty registry, one per département. */
export function newRegistry(): Registry {
  return { keys: new Map(), sectionDays: new Map() }
}

interface Claim {
  sections: Set<string>
  exclusive: boolean
}

function sectionsOf(disposition: Disposition): Set<string> {
  return new Set(disposition.parts.map((part) => part.parcel.sectionKey))
}

function isExclusive(disposition: Disposition, sections: Set<string>): boolean {
  if (disposition.cents === null) return false
  // A round price is shared only by deeds of one section each, every one with a home or a shop to sell.
  return isTelling(disposition.cents) || sections.size > 1 || !disposition.parts.some(carriesHome)
}

function claimsOf(
  deeds: readonly Deed[],
): { keys: Map<string, Claim>; days: Map<string, boolean> } | undefined {
  const keys = new Map<string, Claim>()
  const days = new Map<string, boolean>()
  for (const deed of deeds) {
    const undecidable = deed.undecidable !== undefined && deed.undecidable !== 'U5'
    const closed = undecidable || deed.partial || deed.dispositions.length > 1
    for (const disposition of deed.dispositions) {
      const sections = sectionsOf(disposition)
      const key = `${deed.day}|${deed.nature}|${disposition.number}|${disposition.cents ?? ''}`
      const exclusive = closed || isExclusive(disposition, sections)
      const claim = keys.get(key)
      if (claim === undefined) keys.set(key, { sections, exclusive })
      else if (!undecidable) return undefined
      else for (const section of sections) claim.sections.add(section)
      for (const section of sections) {
        const day = `${deed.day}|${deed.nature}|${section}`
        days.set(day, closed || (days.get(day) ?? false))
      }
    }
  }
  return { keys, days }
}

/**
 * Enters the deeds together, or nothing: false when they would collide with what is entered. Deeds of several
 * dispositions, partial ones and undecidable ones are closed: no other deed of that day and nature may touch their
 * sections. Deeds of one undecidable set may collide with each other, which is the point of them. `before` is the deed
 * that a corrected one replaces: what it holds already is not in the way.
 */
export function enter(registry: Registry, deeds: readonly Deed[], before?: Deed): boolean {
  const claims = claimsOf(deeds)
  if (claims === undefined) return false
  const own = before === undefined ? undefined : claimsOf([before])
  for (const key of own?.keys.keys() ?? []) claims.keys.delete(key)
  for (const day of own?.days.keys() ?? []) claims.days.delete(day)
  for (const [key, { sections, exclusive }] of claims.keys) {
    const taken = registry.keys.get(key)
    if (taken === undefined) continue
    if (taken === null || exclusive) return false
    for (const section of sections) if (taken.has(section)) return false
  }
  for (const [day, closed] of claims.days) {
    const taken = registry.sectionDays.get(day)
    if (taken !== undefined && (taken || closed)) return false
  }
  for (const [key, { sections, exclusive }] of claims.keys) {
    const taken = registry.keys.get(key)
    if (exclusive) registry.keys.set(key, null)
    else if (taken) for (const section of sections) taken.add(section)
    else registry.keys.set(key, sections)
  }
  for (const [day, closed] of claims.days) registry.sectionDays.set(day, closed)
  return true
}
