import { isoDay } from './calendar.ts'
import type { Deed, Disposition, LandUse, Part, Premises } from './deeds.ts'
import type { Parcel } from './parcels.ts'
import { hashText } from './random.ts'
import { landUses, premisesLabels, specialUses } from './words.ts'

/** The header of the CSV form (geo-dvf): 40 columns. */
export const geoHeader =
  'id_mutation,date_mutation,numero_disposition,nature_mutation,valeur_fonciere,adresse_numero,adresse_suffixe,' +
  'adresse_nom_voie,adresse_code_voie,code_postal,code_commune,nom_commune,code_departement,ancien_code_commune,' +
  'ancien_nom_commune,id_parcelle,ancien_id_parcelle,numero_volume,lot1_numero,lot1_surface_carrez,lot2_numero,' +
  'lot2_surface_carrez,lot3_numero,lot3_surface_carrez,lot4_numero,lot4_surface_carrez,lot5_numero,' +
  'lot5_surface_carrez,nombre_lots,code_type_local,type_local,surface_reelle_bati,nombre_pieces_principales,' +
  'code_nature_culture,nature_culture,code_nature_culture_speciale,nature_culture_speciale,surface_terrain,' +
  'longitude,latitude'

const rawTail =
  'Reference document|1 Articles CGI|2 Articles CGI|3 Articles CGI|4 Articles CGI|5 Articles CGI|No disposition|' +
  'Date mutation|Nature mutation|Valeur fonciere|No voie|B/T/Q|Type de voie|Code voie|Voie|Code postal|Commune|' +
  'Code departement|Code commune|Prefixe de section|Section|No plan|No Volume|1er lot|Surface Carrez du 1er lot|' +
  '2eme lot|Surface Carrez du 2eme lot|3eme lot|Surface Carrez du 3eme lot|4eme lot|Surface Carrez du 4eme lot|' +
  '5eme lot|Surface Carrez du 5eme lot|Nombre de lots|Code type local|Type local|Identifiant local|' +
  'Surface reelle bati|Nombre pieces principales|Nature culture|Nature culture speciale|Surface terrain'

/** The headers of the raw form (DGFiP, 43 columns): older editions, the restricted one among them, and newer ones. */
export const rawHeaders = {
  older: `Code service CH|${rawTail}`,
  newer: `Identifiant de document|${rawTail}`,
} as const

/** One line of a deed in both forms, without what depends on the file it is written to. */
export interface Line {
  /** The CSV form after `id_mutation,`. */
  geo: string
  /** The raw form after the seven columns that the open edition leaves empty. */
  raw: string
  /** The index of the disposition in its deed. */
  disposition: number
}

/** How a release writes what may be written in more than one way. */
export interface Spelling {
  /** Département `1` rather than `01` in the raw form. */
  bareDepartment: boolean
  /** The former communes of merged ones are still communes. */
  beforeMerger: boolean
}

function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function capitals(name: string): string {
  return name.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('œ', 'oe').toUpperCase()
}

const communeNames = new Map<string, string>()

function rawCommune({ territory }: Parcel): string {
  const known = communeNames.get(territory.code)
  if (known !== undefined) return known
  const name = spellCommune(territory.name)
  communeNames.set(territory.code, name)
  return name
}

function spellCommune(territory: string): string {
  const [, city, rank] = /^(Paris|Lyon|Marseille) (\d+)/.exec(territory) ?? []
  if (city === undefined || rank === undefined) return capitals(territory)
  if (city === 'Paris') return `PARIS ${rank.padStart(2, '0')}`
  return `${city.toUpperCase()} ${rank}${rank === '1' ? 'ER' : 'EME'}`
}

function unpadded(code: string): string {
  return code.replace(/^0+(?=.)/, '')
}

function decimal(hundredths: number, mark: string): string {
  const whole = Math.floor(hundredths / 100)
  const rest = hundredths % 100
  if (mark === ',') return `${whole},${String(rest).padStart(2, '0')}`
  return rest === 0 ? String(whole) : `${whole}.${String(rest).padStart(2, '0').replace(/0$/, '')}`
}

interface Place {
  geoAddress: string
  geoCommune: string
  rawAddress: string
  rawPlace: string
}

function placeTexts(parcel: Parcel, spelling: Spelling, number: number): Place {
  const { place, territory, street } = parcel
  const shown = number > 0 ? String(number) : ''
  const suffix = number > 0 ? parcel.suffix : ''
  const name = street === undefined ? '' : street.type === '' ? street.name : `${street.type} ${street.name}`
  const merged = territory.form !== 'present' && !(spelling.beforeMerger && territory.form === 'prefix')
  const moved = merged && territory.form === 'prefix'
  const code = merged || territory.form === 'present' ? place.code : territory.code
  const communeName = merged || territory.form === 'present' ? place.name : territory.name
  const geoId = moved ? place.code + territory.code.slice(-3) + parcel.id.slice(8) : parcel.id
  const department = spelling.bareDepartment ? unpadded(place.department) : place.department
  const insee = territory.code.slice(place.department.length)
  return {
    geoAddress: `${shown},${suffix},${quoted(name)},${street?.code ?? ''},${parcel.postalCode}`,
    geoCommune:
      `${code},${quoted(communeName)},${place.department},` +
      `${merged ? `${territory.code},${quoted(territory.name)}` : ','},${geoId},${moved ? parcel.id : ''},${parcel.volume}`,
    rawAddress:
      `${shown}|${suffix}|${street?.type ?? ''}|${street?.code ?? ''}|${street?.name ?? ''}|` +
      `${unpadded(parcel.postalCode)}|${rawCommune(parcel)}|${department}|${unpadded(insee)}`,
    rawPlace: `${parcel.prefix === '000' ? '' : parcel.prefix}|${unpadded(parcel.section)}|${parcel.plan}|${parcel.volume}`,
  }
}

function lotTexts(premises: Premises | undefined, mark: string, separator: string): string {
  let text = ''
  for (let i = 0; i < 5; i++) {
    const lot = premises?.lots[i]
    const carrez = lot === undefined || lot.carrez === 0 ? '' : decimal(lot.carrez, mark)
    text += `${lot?.number ?? ''}${separator}${carrez}${separator}`
  }
  return text + (premises?.lotCount ?? 0)
}

const noPremises = {
  geo: `${lotTexts(undefined, '.', ',')},,,,`,
  raw: `${lotTexts(undefined, ',', '|')}|||||`,
}

function premisesTexts(premises: Premises | undefined): { geo: string; raw: string } {
  if (premises === undefined) return noPremises
  const { type, builtM2, rooms } = premises
  const label = premisesLabels[type]
  const geoTail = type === 0 ? ',,,' : `${type},${label},${builtM2 > 0 ? builtM2 : ''},${rooms}`
  const rawTail = type === 0 ? '||||' : `${type}|${label}||${builtM2}|${rooms}`
  return {
    geo: `${lotTexts(premises, '.', ',')},${geoTail}`,
    raw: `${lotTexts(premises, ',', '|')}|${rawTail}`,
  }
}

function landTexts(land: LandUse | undefined): { geo: string; raw: string } {
  if (land === undefined) return { geo: ',,,,', raw: '||' }
  return {
    geo: `${land.code},${landUses[land.code] ?? ''},${land.special},${specialUses[land.special] ?? ''},${land.m2}`,
    raw: `${land.code}|${land.special}|${land.m2}`,
  }
}

interface Head {
  geo: string
  raw: string
}

function headOf(deed: Deed, disposition: Disposition): Head {
  const day = isoDay(deed.day)
  const french = `${day.slice(8)}/${day.slice(5, 7)}/${day.slice(0, 4)}`
  const number = String(disposition.number).padStart(6, '0')
  const { cents } = disposition
  // The raw form writes a price of nothing as an empty field or as 0; the CSV form always leaves it empty.
  const rawPrice = cents === null ? (hashText(String(deed.id)) % 3 === 0 ? '0,00' : '') : decimal(cents, ',')
  return {
    geo: `${day},${number},${deed.nature},${cents === null ? '' : decimal(cents, '.')},`,
    raw: `${number}|${french}|${deed.nature}|${rawPrice}|`,
  }
}

function partLines(part: Part, head: Head, disposition: number, spelling: Spelling, lines: Line[]): void {
  const start = lines.length
  const lands: readonly (LandUse | undefined)[] = part.lands.length > 0 ? part.lands : [undefined]
  const all: readonly (Premises | undefined)[] = part.premises.length > 0 ? part.premises : [undefined]
  const coordinates = `${part.parcel.longitude},${part.parcel.latitude}`
  for (const premises of all) {
    // Bare land has no house number, whatever stands next door.
    const number = premises === undefined ? 0 : (premises.number ?? part.parcel.number)
    const place = placeTexts(part.parcel, spelling, part.parcel.street === undefined ? 0 : number)
    const texts = premisesTexts(premises)
    for (const land of lands) {
      const soil = landTexts(land)
      const geo = `${head.geo}${place.geoAddress},${place.geoCommune},${texts.geo},${soil.geo},${coordinates}`
      const raw = `${head.raw}${place.rawAddress}|${place.rawPlace}|${texts.raw}|${soil.raw}`
      for (let copy = 0; copy < (premises?.copies ?? 1); copy++) lines.push({ geo, raw, disposition })
    }
  }
  lines.length -= part.missing
  if (lines.length <= start) throw new RangeError('a part without a line')
}

/** The lines of a deed, in the order of its dispositions, parcels, premises and land uses. */
export function writeLines(deed: Deed, spelling: Spelling): Line[] {
  const lines: Line[] = []
  deed.dispositions.forEach((disposition, index) => {
    const head = headOf(deed, disposition)
    for (const part of disposition.parts) partLines(part, head, index, spelling, lines)
  })
  return lines
}
