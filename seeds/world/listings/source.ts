import { between, pick, type Random, randomFrom, weighted } from '../random.ts'
import { rowLine, type WrittenRow } from './columns.ts'
import { type ErrorName, errorClasses, errorNames, type SaidInstead } from './errors.ts'
import type { FactName, Facts } from './facts.ts'
import type { Ground } from './grounds.ts'
import type { Habits } from './habits.ts'
import { dayOfNight, type Home, type Market } from './market.ts'
import { cosmeticTitles, slips } from './slips.ts'
import { writeRow } from './writing.ts'

/** A row of a session as it was shown, with what only the world knows of it. */
export interface ShownRow {
  row: WrittenRow
  /** The line of the file in place of `row`, where no reader can split it into its fields. */
  broken?: string
  /** Number of the home; null for what is no ad. */
  home: number | null
  /** The night whose ad it shows. */
  asOf: number
  /** What it says otherwise than that ad. */
  shown: SaidInstead
  /** Fields of which nobody can tell what the row says. */
  doubtful: readonly FactName[]
  errors: readonly ErrorName[]
}

/** A source that shows a market, night by night, in its own manner. */
export interface Source {
  /** What it shows tonight. */
  show: (market: Market) => ShownRow[]
}

const pageSize = 25

interface Overlay {
  shown: Partial<Facts>
  until: number
}

/** A source of these habits over a market, always the same for a seed; nights must be shown in their order. */
export function newSource(habits: Habits, grounds: readonly Ground[], seed: string): Source {
  const random = randomFrom(`source/${seed}`)
  const overlays = new Map<number, Overlay>()
  const forms = new Map<number, number>()
  const twins = new Map<number, string>()
  const showsSold = new Set<number>()
  let before = new Map<number, Facts>()
  let lastNight = -1
  let twinKeys = 0

  const elsewhere = (home: Home): Ground => {
    const other = grounds.filter(
      ({ place, longitude, latitude }) =>
        place.department !== home.ground.place.department &&
        Math.hypot(longitude - home.ground.longitude, latitude - home.ground.latitude) > 1.5,
    )
    return pick(random, other)
  }
  const canBeElsewhere = new Set(grounds.map(({ place }) => place.department)).size > 2

  const overlaid = (home: Home, night: number): Partial<Facts> => {
    const known = overlays.get(home.number)
    if (known !== undefined && known.until > night) return known.shown
    overlays.delete(home.number)
    let shown: Partial<Facts> = {}
    const draw = random()
    if (draw < habits.slip) {
      const slip = slips[weighted(random, slipWeights)]?.[1]
      shown = slip?.(random, home.facts, dayOfNight(night)) ?? {}
    } else if (draw < habits.slip + habits.cosmetic) shown = { title: pick(random, cosmeticTitles) }
    if (Object.keys(shown).length > 0) {
      overlays.set(home.number, { shown, until: night + (random() < 0.6 ? 1 : between(random, 2, 4)) })
    }
    return shown
  }

  const ink = (home: Home): { form: number; tracking: string } => {
    if (!forms.has(home.number) || random() < habits.cosmetic) forms.set(home.number, between(random, 0, 3))
    return {
      form: forms.get(home.number) ?? 0,
      tracking: random() < habits.cosmetic ? `?utm_source=liste&utm_campaign=${between(random, 1, 999)}` : '',
    }
  }

  const spoil = (one: ShownRow, home: Home, facts: Facts): ShownRow[] => {
    const name = pick(
      random,
      errorNames.filter(
        (each) => errorClasses[each].applies(facts) && (canBeElsewhere || !each.endsWith('elsewhere')),
      ),
    )
    const error = errorClasses[name]
    const row = { ...one.row }
    if (name === 'twin') {
      twins.set(home.number, `100${String(++twinKeys).padStart(7, '0')}`)
      return [one]
    }
    const other = canBeElsewhere ? elsewhere(home) : home.ground
    const said = error.spoil(row, facts, random, other)
    const shown = { ...one.shown, ...said }
    const doubtful = error.fields.filter((field) => !(field in said))
    const wrong: ShownRow = { ...one, row, shown, doubtful, errors: [name] }
    if (name === 'repeated_key') return random() < 0.5 ? [one, wrong] : [wrong, one]
    if (name !== 'broken_line') return [wrong]
    const cut = rowLine({ ...row, title: '', address: '' })
      .split(',')
      .slice(0, 9)
      .join(',')
    return [{ ...wrong, broken: cut }]
  }

  const rowsOf = (home: Home, night: number): ShownRow[] => {
    const last = before.get(home.number)
    const isStale =
      last !== undefined && last.property_url === home.facts.property_url && random() < habits.stale
    const ad = isStale ? last : home.facts
    const shown = overlaid(home, night)
    const facts: Facts = { ...ad, ...shown }
    const key = home.keys.at(-1)?.key ?? ''
    const row = writeRow(key, facts, habits.style, ink(home))
    const one: ShownRow = {
      row,
      home: home.number,
      asOf: isStale ? lastNight : night,
      shown,
      doubtful: [],
      errors: [],
    }
    const rows = random() < habits.error ? spoil(one, home, facts) : [one]
    const twin = twins.get(home.number)
    if (twin !== undefined) {
      const url = `https://annonces.example/${facts.property_type}/${twin}`
      rows.push({
        ...one,
        row: writeRow(twin, { ...facts, property_url: url }, habits.style, { form: 0, tracking: '' }),
        shown: { ...shown, property_url: url },
        errors: ['twin'],
      })
    }
    return rows
  }

  const isVisible = (home: Home, night: number): boolean => {
    if (home.state === 'for_sale' || home.state === 'under_offer') return true
    if (home.state === 'withdrawn') return false
    if (home.since > lastNight && random() < habits.showsSold) showsSold.add(home.number)
    return showsSold.has(home.number) && night - home.since < 3
  }

  return {
    show(market) {
      const { night } = market
      const ads: ShownRow[][] = []
      for (let i = market.homes.length - 1; i >= 0; i--) {
        const home = market.homes[i] as Home
        if (!isVisible(home, night)) continue
        if (habits.lostAd === 0 || random() >= habits.lostAd) ads.push(rowsOf(home, night))
      }
      const rows = paged(random, ads, habits)
      lastNight = night
      before = new Map(market.homes.map((home) => [home.number, home.facts]))
      return rows
    },
  }
}

const slipWeights = slips.map(([weight]) => weight)

/** The ads page by page: some pages do not load, some begin with the end of the one before. */
function paged(random: Random, ads: readonly ShownRow[][], habits: Habits): ShownRow[] {
  const rows: ShownRow[] = []
  for (let first = 0; first < ads.length; first += pageSize) {
    if (random() < habits.lostPage) continue
    if (first > 0 && random() < habits.drift) rows.push(...ads.slice(first - 3, first).flat())
    rows.push(...ads.slice(first, first + pageSize).flat())
  }
  return rows
}
