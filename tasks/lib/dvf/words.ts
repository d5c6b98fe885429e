import type { Field } from './columns.ts'
import type { RejectReason } from './errors.ts'

const natureLabels = {
  Vente: 'sale',
  "Vente en l'état futur d'achèvement": 'off_plan_sale',
  'Vente terrain à bâtir': 'building_land_sale',
  Echange: 'exchange',
  Adjudication: 'auction',
  Expropriation: 'expropriation',
} as const

const premisesLabels = {
  Maison: 'house',
  Appartement: 'flat',
  Dépendance: 'annex',
  'Local industriel. commercial ou assimilé': 'commercial',
} as const

/** Labels of `app_base.mutation_nature`; their positions are the numbers `natureNo` gives. */
export const natures: readonly string[] = Object.values(natureLabels)

/** Labels of `app_base.premises_type` by `code_type_local` less one. */
export const premisesTypes: readonly string[] = Object.values(premisesLabels)

// Copies come with other apostrophes, without accents or with a comma for the point of "industriel."
function comparable(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[^a-z]+/gi, '')
    .toLowerCase()
}

const natureNumbers = new Map(Object.keys(natureLabels).map((name, index) => [comparable(name), index]))
natureNumbers.set(comparable("Vente en l'état futur d'achévement"), 1)
natureNumbers.set('vefa', 1)
const premisesNumbers = new Map(Object.keys(premisesLabels).map((name, index) => [comparable(name), index]))
premisesNumbers.set(comparable('Local industriel commercial ou assimilé'), 3)

/** Number of a nature among `natures`; -1 when it is none. */
export function natureNo(text: string): number {
  return natureNumbers.get(comparable(text)) ?? -1
}

/** Number of a type of premises among `premisesTypes`; -1 when it is none. */
export function premisesNo(text: string): number {
  return premisesNumbers.get(comparable(text)) ?? -1
}

/** What a field should have held, for the detail of a rejected line. */
export function expectation(reason: RejectReason, field: Field): string {
  if (reason === 'bad_date') return 'a day of the calendar as yyyy-mm-dd or dd/mm/yyyy'
  if (reason === 'bad_nature') return `one of ${Object.keys(natureLabels).join(', ')}`
  if (reason === 'bad_premises_type') return `1 to 4, or one of ${Object.keys(premisesLabels).join(', ')}`
  if (reason === 'bad_disposition') return 'a whole number from 1'
  if (reason === 'bad_parcel') return parcelExpectations[field] ?? 'a cadastral parcel'
  if (reason === 'unknown_commune') return 'the INSEE code of a present or former commune'
  if (reason === 'missing_value') return 'a value'
  if (field === 'price') return 'an amount in euros with at most two decimals'
  if (field === 'longitude' || field === 'latitude' || field.startsWith('carrez')) return 'a decimal number'
  return field === 'postalCode' ? 'a postal code of at most five digits' : 'a whole number'
}

const parcelExpectations: Partial<Record<Field, string>> = {
  parcel: '14 characters: commune (5), prefix (3), section (2), plan (4)',
  formerParcel: '14 characters: commune (5), prefix (3), section (2), plan (4)',
  sectionPrefix: 'at most three digits',
  section: 'one or two capital letters or digits',
  plan: 'at most four digits',
}
