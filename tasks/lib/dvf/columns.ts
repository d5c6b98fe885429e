// The official column names are kept here, at the edge, and nowhere else.

/** The fields a line can carry, in either form. The position in this list is the field's number. */
export const fields = [
  'mutationHint',
  'soldOn',
  'disposition',
  'nature',
  'price',
  'documentService',
  'documentReference',
  'streetNumber',
  'streetSuffix',
  'streetType',
  'streetName',
  'streetCode',
  'postalCode',
  'communeCode',
  'departmentCode',
  'communeNumber',
  'formerCommuneCode',
  'parcel',
  'formerParcel',
  'sectionPrefix',
  'section',
  'plan',
  'volume',
  'lot1',
  'carrez1',
  'lot2',
  'carrez2',
  'lot3',
  'carrez3',
  'lot4',
  'carrez4',
  'lot5',
  'carrez5',
  'lotCount',
  'premisesCode',
  'premisesLabel',
  'premisesReference',
  'builtSurface',
  'roomCount',
  'landUse',
  'specialLandUse',
  'landSurface',
  'longitude',
  'latitude',
] as const

export type Field = (typeof fields)[number]

/** Number of each field by name. */
export const fieldNo = Object.fromEntries(fields.map((name, index) => [name, index])) as Record<Field, number>

export type FormName = 'geo' | 'raw'

export interface Form {
  name: FormName
  title: string
  /** Official column name → field; null for a column that is known and not needed. */
  columns: ReadonlyMap<string, Field | null>
  /** The same by comparable name. */
  comparable: ReadonlyMap<string, Field | null>
  /** Each entry is met when any one of its column names is there. */
  required: readonly (readonly string[])[]
}

const lots: [string, Field][] = []
const rawLots: [string, Field][] = []
for (const n of [1, 2, 3, 4, 5] as const) {
  lots.push([`lot${n}_numero`, `lot${n}`], [`lot${n}_surface_carrez`, `carrez${n}`])
  const ordinal = n === 1 ? '1er' : `${n}eme`
  rawLots.push([`${ordinal} lot`, `lot${n}`], [`Surface Carrez du ${ordinal} lot`, `carrez${n}`])
}

const geo: Form = withComparable({
  name: 'geo',
  title: 'Etalab geo-dvf',
  columns: new Map<string, Field | null>([
    ['id_mutation', 'mutationHint'],
    ['date_mutation', 'soldOn'],
    ['numero_disposition', 'disposition'],
    ['nature_mutation', 'nature'],
    ['valeur_fonciere', 'price'],
    ['adresse_numero', 'streetNumber'],
    ['adresse_suffixe', 'streetSuffix'],
    ['adresse_nom_voie', 'streetName'],
    ['adresse_code_voie', 'streetCode'],
    ['code_postal', 'postalCode'],
    ['code_commune', 'communeCode'],
    ['nom_commune', null],
    ['code_departement', null],
    ['ancien_code_commune', 'formerCommuneCode'],
    ['ancien_nom_commune', null],
    ['id_parcelle', 'parcel'],
    ['ancien_id_parcelle', 'formerParcel'],
    ['numero_volume', 'volume'],
    ...lots,
    ['nombre_lots', 'lotCount'],
    ['code_type_local', 'premisesCode'],
    ['type_local', 'premisesLabel'],
    ['surface_reelle_bati', 'builtSurface'],
    ['nombre_pieces_principales', 'roomCount'],
    ['code_nature_culture', 'landUse'],
    ['nature_culture', null],
    ['code_nature_culture_speciale', 'specialLandUse'],
    ['nature_culture_speciale', null],
    ['surface_terrain', 'landSurface'],
    ['longitude', 'longitude'],
    ['latitude', 'latitude'],
  ]),
  required: [
    ['date_mutation'],
    ['numero_disposition'],
    ['nature_mutation'],
    ['valeur_fonciere'],
    ['id_parcelle'],
    ['code_type_local', 'type_local'],
  ],
})

const raw: Form = withComparable({
  name: 'raw',
  title: 'DGFiP ValeursFoncieres',
  columns: new Map<string, Field | null>([
    ['Identifiant de document', 'documentService'],
    ['Code service CH', 'documentService'],
    ['Reference document', 'documentReference'],
    ['1 Articles CGI', null],
    ['2 Articles CGI', null],
    ['3 Articles CGI', null],
    ['4 Articles CGI', null],
    ['5 Articles CGI', null],
    ['No disposition', 'disposition'],
    ['Date mutation', 'soldOn'],
    ['Nature mutation', 'nature'],
    ['Valeur fonciere', 'price'],
    ['No voie', 'streetNumber'],
    ['B/T/Q', 'streetSuffix'],
    ['Type de voie', 'streetType'],
    ['Code voie', 'streetCode'],
    ['Voie', 'streetName'],
    ['Code postal', 'postalCode'],
    ['Commune', null],
    ['Code departement', 'departmentCode'],
    ['Code commune', 'communeNumber'],
    ['Prefixe de section', 'sectionPrefix'],
    ['Section', 'section'],
    ['No plan', 'plan'],
    ['No Volume', 'volume'],
    ...rawLots,
    ['Nombre de lots', 'lotCount'],
    ['Code type local', 'premisesCode'],
    ['Type local', 'premisesLabel'],
    ['Identifiant local', 'premisesReference'],
    ['Surface reelle bati', 'builtSurface'],
    ['Nombre pieces principales', 'roomCount'],
    ['Nature culture', 'landUse'],
    ['Nature culture speciale', 'specialLandUse'],
    ['Surface terrain', 'landSurface'],
  ]),
  required: [
    ['No disposition'],
    ['Date mutation'],
    ['Nature mutation'],
    ['Valeur fonciere'],
    ['Code departement'],
    ['Code commune'],
    ['Prefixe de section'],
    ['Section'],
    ['No plan'],
    ['Code type local', 'Type local'],
  ],
})

/** Both official forms. Columns that `required` does not name may be dropped: they are read as absent. */
export const forms: readonly Form[] = [geo, raw]

/**
 * A column name as it is compared: lower-case, without accents, anything else than letters and digits as one `_`.
 * So `Valeur foncière`, `valeur_fonciere` and `VALEUR FONCIERE` are one name.
 */
export function comparableName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
}

function withComparable(form: Omit<Form, 'comparable'>): Form {
  return {
    ...form,
    comparable: new Map([...form.columns].map(([name, field]) => [comparableName(name), field])),
  }
}
