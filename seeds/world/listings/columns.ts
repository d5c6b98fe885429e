/** The columns of a staged file, in the order in which the files of this world carry them; all are text. */
export const columns = [
  'source_key',
  'property_url',
  'status',
  'title',
  'address',
  'postal_code',
  'city',
  'insee_code',
  'parcel_id',
  'property_type',
  'price',
  'surface',
  'land_surface',
  'rooms',
  'bedrooms',
  'floor',
  'built_year',
  'dpe_number',
  'dpe_class',
  'dpe_energy',
  'ghg_class',
  'dpe_emissions',
  'listed_on',
  'sale_date',
  'longitude',
  'latitude',
  'agency_name',
  'contact_phone',
  'contact_email',
  'description',
] as const

/** A column of a staged file. */
export type Column = (typeof columns)[number]

/** A row as a source writes it; what it does not say is the empty text. */
export type WrittenRow = Record<Column, string>

function field(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One line of CSV: comma, quotes doubled where a field needs them. */
export function csvLine(fields: readonly string[]): string {
  let line = ''
  for (let i = 0; i < fields.length; i++) line += (i === 0 ? '' : ',') + field(fields[i] as string)
  return line
}

/** A row as a line of CSV, in the order of the columns. */
export function rowLine(row: WrittenRow): string {
  return csvLine(columns.map((column) => row[column]))
}
