import { guarded } from './guard.ts'

/** A home as it is exported. */
export interface ExportedHome {
  staged_id: string
  source_key: string
  address: string | null
  city: string | null
  price: string | null
  surface: string | null
  rooms: number | null
  /** `2024-06-30`. */
  sale_date: string | null
  property_type: string
  property_url: string | null
  postal_code: string | null
  insee_code: string | null
  longitude: number | null
  latitude: number | null
}

/** The columns of the CSV form, in their order. */
export const exportColumns = [
  'address',
  'city',
  'price',
  'surface',
  'rooms',
  'sale_date',
  'property_type',
  'property_url',
] as const

/** A form of export: what stands before, between and after the homes, and each of them. */
export interface ExportFormat {
  head: string
  separator: string
  tail: string
  home(home: ExportedHome): string
}

const numeric = (text: string | null) => (text === null ? null : Number(text))

function cell(value: string | number | null): string {
  if (value === null) return ''
  const text = guarded(String(value))
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function properties(home: ExportedHome): Record<string, unknown> {
  return {
    address: home.address,
    city: home.city,
    price: numeric(home.price),
    surface: numeric(home.surface),
    rooms: home.rooms,
    sale_date: home.sale_date,
    property_type: home.property_type,
    property_url: home.property_url,
    source_key: home.source_key,
    postal_code: home.postal_code,
    insee_code: home.insee_code,
  }
}

function feature(home: ExportedHome): string {
  const { longitude, latitude } = home
  const hasPlace = longitude !== null && latitude !== null
  return JSON.stringify({
    type: 'Feature',
    geometry: hasPlace ? { type: 'Point', coordinates: [longitude, latitude] } : null,
    properties: properties(home),
  })
}

const formats: Record<string, ExportFormat> = {
  csv: {
    head: `${exportColumns.join(',')}\n`,
    separator: '',
    tail: '',
    home: (home) => `${exportColumns.map((column) => cell(home[column])).join(',')}\n`,
  },
  geojson: {
    head: '{"type":"FeatureCollection","features":[\n',
    separator: ',\n',
    tail: '\n]}\n',
    home: feature,
  },
  jsonl: {
    head: '',
    separator: '',
    tail: '',
    home: ({ longitude, latitude, ...home }) =>
      `${JSON.stringify({ ...properties({ ...home, longitude, latitude }), longitude, latitude })}\n`,
  },
}

/** The form that a file's name asks for: .csv, .geojson or .jsonl; null for any other. */
export function exportFormat(path: string): ExportFormat | null {
  return formats[/\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''] ?? null
}
