/** What a change of a home says of itself, in the database and in this program alike. */
export type ChangeWords = {
  kind: string
  field_name: string | null
  old_value: unknown
  new_value: unknown
}

/** A value of a field as one short word: nothing as a dash, texts cut to 40 characters, digests to their beginning. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined) return '–'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  const short = text.startsWith('digest:') ? text.slice(0, 15) : text
  return short.length > 40 ? `${short.slice(0, 39)}…` : short
}

/** What a change did, such as `price_eur 189000 → 179000`; homes that came or went have no values. */
export function describeChange({ kind, field_name, old_value, new_value }: ChangeWords): string {
  const what =
    field_name === null ? kind : `${field_name} ${formatValue(old_value)} → ${formatValue(new_value)}`
  return field_name === null || kind === 'updated' ? what : `${kind}: ${what}`
}
