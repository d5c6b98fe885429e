import { forms } from '../../tasks/lib/dvf/columns.ts'

/** Official column names of a form, in their published order. */
export const geoColumns: string[] = [...(forms[0]?.columns.keys() ?? [])]
// The raw form's first column has two names; the older one is used in older editions only.
export const rawColumns: string[] = [...(forms[1]?.columns.keys() ?? [])].filter(
  (n) => n !== 'Code service CH',
)

export type Values = Record<string, string>

/** A line of the geo form: a flat with two lots in Lyon, changed where told. */
export function geoValues(changes: Values = {}): Values {
  return {
    id_mutation: '2018-656195',
    date_mutation: '2018-01-06',
    numero_disposition: '000001',
    nature_mutation: 'Vente',
    valeur_fonciere: '185605.5',
    adresse_numero: '19',
    adresse_suffixe: 'B',
    adresse_nom_voie: 'RUE DE LA FRATERNELLE',
    adresse_code_voie: '0895',
    code_postal: '69009',
    code_commune: '69389',
    nom_commune: 'Lyon 9e Arrondissement',
    code_departement: '69',
    id_parcelle: '69389000BV0111',
    lot1_numero: '30',
    lot1_surface_carrez: '17.22',
    lot2_numero: '22MR',
    nombre_lots: '2',
    code_type_local: '2',
    type_local: 'Appartement',
    surface_reelle_bati: '17',
    nombre_pieces_principales: '1',
    longitude: '4.804004',
    latitude: '45.768488',
    ...changes,
  }
}

/** The same line as the raw form writes it. */
export function rawValues(changes: Values = {}): Values {
  return {
    'No disposition': '000001',
    'Date mutation': '06/01/2018',
    'Nature mutation': 'Vente',
    'Valeur fonciere': '185605,50',
    'No voie': '19',
    'B/T/Q': 'B',
    'Type de voie': 'RUE',
    'Code voie': '0895',
    Voie: 'DE LA FRATERNELLE',
    'Code postal': '69009',
    Commune: 'LYON 9EME',
    'Code departement': '69',
    'Code commune': '389',
    Section: 'BV',
    'No plan': '111',
    '1er lot': '30',
    'Surface Carrez du 1er lot': '17,22',
    '2eme lot': '22MR',
    'Nombre de lots': '2',
    'Code type local': '2',
    'Type local': 'Appartement',
    'Surface reelle bati': '17',
    'Nombre pieces principales': '1',
    ...changes,
  }
}

/** A field as RFC 4180 writes it: in quotes where it must be. */
export function quoted(value: string, delimiter = ','): string {
  return /["\r\n]/.test(value) || value.includes(delimiter) ? `"${value.replaceAll('"', '""')}"` : value
}

/** One line of the geo form, without line end. */
export function geoLine(changes: Values = {}): string {
  const values = geoValues(changes)
  return geoColumns.map((name) => quoted(values[name] ?? '')).join(',')
}

/** One line of the raw form, without line end. */
export function rawLine(changes: Values = {}): string {
  const values = rawValues(changes)
  return rawColumns.map((name) => values[name] ?? '').join('|')
}

/** A geo file of these lines. */
export function geoFile(...lines: string[]): string {
  return `${[geoColumns.join(','), ...lines].join('\n')}\n`
}

/** A raw file of these lines. */
export function rawFile(...lines: string[]): string {
  return `${[rawColumns.join('|'), ...lines].join('\n')}\n`
}
