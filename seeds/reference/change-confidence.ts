import type { Client } from 'pg'
import type { ReferenceSeed } from './index.ts'

/** A sort of changes with how far it is believed before anybody has told an outcome. */
export type ConfidenceCell = {
  /** As `app_private.change_confidence_cell` numbers it. */
  cell: number
  kind: string
  fieldName: string | null
  /** The sort in words. */
  label: string
  /** 0 to 1. */
  prior: number
}

type Bin = { words: string; factor: number }

// The rule behind the priors, written by hand: nothing here was fitted. A prior is a product: how often a change of that
// kind is what it looks like, times how much less so for a step of that size, a row of that quality, a source of that
// reliability.

const kinds: readonly [digit: number, kind: string, share: number][] = [
  [1, 'new', 0.95],
  // One page that did not load looks like twenty homes gone.
  [3, 'likely_removed', 0.6],
  [4, 'removed', 0.9],
  // Most homes that come back had never left.
  [5, 'reactivated', 0.5],
  [6, 'sold', 0.9],
  [7, 'deleted', 0.99],
]

type Measure = 'none' | 'ratio' | 'metres' | 'text'

const fields: readonly [name: string | null, measure: Measure, share: number][] = [
  [null, 'none', 0.85],
  ['property_url', 'none', 0.85],
  ['status', 'none', 0.85],
  ['title', 'text', 0.85],
  ['address', 'text', 0.85],
  ['postal_code', 'none', 0.8],
  ['city_name', 'none', 0.8],
  ['insee_code', 'none', 0.8],
  ['parcel_id', 'none', 0.85],
  ['property_type', 'none', 0.8],
  ['price_eur', 'ratio', 0.97],
  ['surface_m2', 'ratio', 0.85],
  ['land_surface_m2', 'ratio', 0.85],
  ['room_count', 'none', 0.8],
  ['bedroom_count', 'none', 0.8],
  ['floor_no', 'none', 0.8],
  ['built_year', 'none', 0.8],
  ['dpe_number', 'none', 0.9],
  ['dpe_class', 'none', 0.85],
  ['dpe_kwh_m2', 'none', 0.85],
  ['ghg_class', 'none', 0.85],
  ['ghg_kgco2_m2', 'none', 0.85],
  ['listed_on', 'none', 0.7],
  ['sold_on', 'none', 0.85],
  ['longitude', 'metres', 0.9],
  ['latitude', 'metres', 0.9],
  ['agency_name', 'text', 0.9],
  ['contact_phone', 'none', 0.9],
  ['contact_email', 'none', 0.9],
  ['description', 'text', 0.85],
]

const steps: Readonly<Record<Measure, readonly Bin[]>> = {
  none: [{ words: '', factor: 1 }],
  ratio: [
    { words: 'from or to nothing', factor: 0.95 },
    { words: 'under 2 %', factor: 0.95 },
    { words: 'about 2 to 5 %', factor: 1 },
    { words: 'about 5 to 10 %', factor: 1 },
    { words: 'about 10 to 20 %', factor: 0.95 },
    { words: 'about 20 to 50 %', factor: 0.85 },
    { words: 'up to a factor of 2.5', factor: 0.6 },
    { words: 'a factor of 2.5 to 8.5', factor: 0.3 },
    { words: 'a factor of about 10', factor: 0.05 },
    { words: 'a factor above 11.6', factor: 0.05 },
  ],
  metres: [
    { words: 'from or to nothing', factor: 0.95 },
    { words: 'under 50 m', factor: 0.9 },
    { words: '50 to 200 m', factor: 0.9 },
    { words: '200 m to 1 km', factor: 0.85 },
    { words: '1 to 5 km', factor: 0.7 },
    { words: '5 to 50 km', factor: 0.4 },
    { words: 'over 50 km', factor: 0.1 },
  ],
  text: [
    { words: 'from or to nothing', factor: 0.95 },
    { words: 'hardly changed', factor: 0.7 },
    { words: 'changed in part', factor: 0.8 },
    { words: 'changed largely', factor: 0.9 },
    { words: 'written anew', factor: 0.9 },
  ],
}

const qualities: readonly Bin[] = [
  { words: 'row not judged', factor: 0.97 },
  { words: 'row quality under 0.85', factor: 0.6 },
  { words: 'row quality under 0.95', factor: 0.8 },
  { words: 'row quality under 1', factor: 0.93 },
  { words: 'row without fault', factor: 1 },
]

const reliabilities: readonly Bin[] = [
  { words: 'source not judged', factor: 0.95 },
  { words: 'source reliable under 0.9', factor: 0.6 },
  { words: 'source reliable under 0.97', factor: 0.8 },
  { words: 'source reliable under 0.99', factor: 0.9 },
  { words: 'source reliable under 0.995', factor: 0.95 },
  { words: 'source reliable under 0.998', factor: 0.97 },
  { words: 'source reliable under 0.999', factor: 0.98 },
  { words: 'source reliable', factor: 1 },
]

function* sorts(): Generator<{
  head: number
  kind: string
  fieldName: string | null
  words: string
  share: number
}> {
  for (const [digit, kind, share] of kinds) {
    yield { head: digit * 1000, kind, fieldName: null, words: kind, share }
  }
  for (const [index, [fieldName, measure, share]] of fields.entries()) {
    for (const [step, bin] of steps[measure].entries()) {
      const words = [`updated ${fieldName ?? 'another column'}`, bin.words].filter(Boolean).join(' ')
      yield { head: 2000 + index * 10 + step, kind: 'updated', fieldName, words, share: share * bin.factor }
    }
  }
}

/** Every cell there is, in the order of their numbers within a sort. */
export function confidenceCells(): ConfidenceCell[] {
  const cells: ConfidenceCell[] = []
  for (const { head, kind, fieldName, words, share } of sorts()) {
    for (const [quality, rowBin] of qualities.entries()) {
      for (const [reliability, sourceBin] of reliabilities.entries()) {
        cells.push({
          cell: head * 100 + quality * 10 + reliability,
          kind,
          fieldName,
          label: [words, rowBin.words, sourceBin.words].join(', '),
          prior: Math.round(share * rowBin.factor * sourceBin.factor * 1000) / 1000,
        })
      }
    }
  }
  return cells
}

/** The cells of change confidence with their priors. What was fitted stays. */
export const changeConfidence: ReferenceSeed = {
  name: 'change-confidence',
  hash: () => JSON.stringify(confidenceCells()),
  async merge(client: Client): Promise<void> {
    await client.query(
      `merge into app_public.change_confidence_cells as t
       using jsonb_to_recordset($1::jsonb) as s
         (cell integer, kind app_base.property_change_kind, "fieldName" text, label text, prior real)
         on t.cell = s.cell
       when matched and (t.kind, t.field_name, t.label, t.prior)
           is distinct from (s.kind, s."fieldName", s.label, s.prior) then
         update set kind = s.kind, field_name = s."fieldName", label = s.label, prior = s.prior,
           confidence = case when t.fitted_at is null then s.prior else t.confidence end
       when not matched by target then insert (cell, kind, field_name, label, prior, confidence)
         values (s.cell, s.kind, s."fieldName", s.label, s.prior, s.prior)
       when not matched by source then delete`,
      [JSON.stringify(confidenceCells())],
    )
  },
}
