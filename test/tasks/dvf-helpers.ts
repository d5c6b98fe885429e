import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import {
  createCommuneIndex,
  type KnownCommune,
  type RejectedLine,
  type SourceReport,
  translate,
} from '../../tasks/lib/dvf/index.ts'

interface Entry {
  code: string
  type: string
  departement?: string
  chefLieu?: string
  commune?: string
  anciensCodes?: string[]
}

/** Every code a line may carry, from the package that the reference geography is made of. */
export function knownCommunes(): KnownCommune[] {
  const entries = createRequire(import.meta.url)(
    '@etalab/decoupage-administratif/data/communes.json',
  ) as Entry[]
  const present = new Map<string, string>()
  const rows: KnownCommune[] = []
  for (const entry of entries) {
    if (entry.type !== 'commune-actuelle' && entry.type !== 'arrondissement-municipal') continue
    present.set(entry.code, entry.departement ?? entry.code.slice(0, entry.code.startsWith('97') ? 3 : 2))
  }
  for (const entry of entries) {
    const presentCode = entry.chefLieu ?? entry.code
    const departmentCode = present.get(presentCode)
    if (departmentCode === undefined) continue
    for (const code of [entry.code, ...(entry.anciensCodes ?? [])])
      rows.push({ code, presentCode, departmentCode })
  }
  return rows
}

export const communes = createCommuneIndex(knownCommunes())

/** Columns of `app_private.dvf_lines` in COPY's order, with what their bytes are. */
const columns = [
  ['release_id', 'int'],
  ['shard', 'int'],
  ['source_no', 'int'],
  ['line_no', 'int'],
  ['fingerprint', 'hex'],
  ['key_digest', 'hex'],
  ['unit_digest', 'hex'],
  ['premises_digest', 'hex'],
  ['land_digest', 'int'],
  ['sold_on', 'date'],
  ['nature', 'text'],
  ['disposition_no', 'int'],
  ['price_cents', 'int'],
  ['document_service', 'text'],
  ['document_reference', 'text'],
  ['mutation_hint', 'text'],
  ['street_number', 'int'],
  ['street_suffix', 'text'],
  ['street_name', 'text'],
  ['street_code', 'text'],
  ['postal_code', 'text'],
  ['insee_code', 'text'],
  ['registered_insee_code', 'text'],
  ['department_code', 'text'],
  ['parcel_id', 'text'],
  ['registered_parcel_id', 'text'],
  ['volume_no', 'text'],
  ['lots', 'text[]'],
  ['lot_carrez_m2', 'float[]'],
  ['carrez_surface_m2', 'float'],
  ['lot_count', 'int'],
  ['premises_type', 'text'],
  ['premises_reference', 'text'],
  ['built_surface_m2', 'int'],
  ['room_count', 'int'],
  ['land_use_code', 'text'],
  ['special_land_use_code', 'text'],
  ['land_surface_m2', 'int'],
  ['longitude', 'float'],
  ['latitude', 'float'],
] as const

export type Row = Record<(typeof columns)[number][0], unknown>

/** Reads binary COPY tuples back, strictly: every length must add up. */
export function decodeTuples(bytes: Buffer): Row[] {
  const rows: Row[] = []
  for (let at = 0; at < bytes.length; ) {
    if (bytes.readInt16BE(at) !== columns.length)
      throw new Error(`${bytes.readInt16BE(at)} columns at byte ${at}`)
    at += 2
    const row: Partial<Row> = {}
    for (const [name, type] of columns) {
      const length = bytes.readInt32BE(at)
      at += 4
      row[name] = length < 0 ? null : decodeValue(bytes.subarray(at, at + length), type, length)
      at += Math.max(0, length)
    }
    rows.push(row as Row)
  }
  return rows
}

function decodeValue(bytes: Buffer, type: string, length: number): unknown {
  if (bytes.length !== length) throw new Error('a value reaches behind the end')
  if (type === 'text') return bytes.toString()
  if (type === 'hex') return bytes.toString('hex')
  if (type === 'float') return bytes.readDoubleBE()
  if (type === 'int') {
    return length === 2
      ? bytes.readInt16BE()
      : length === 4
        ? bytes.readInt32BE()
        : Number(bytes.readBigInt64BE())
  }
  if (type === 'date') {
    return new Date(Date.UTC(2000, 0, 1) + bytes.readInt32BE() * 86_400_000).toISOString().slice(0, 10)
  }
  const values: unknown[] = []
  let hasNull = 0
  let at = 20
  for (let i = 0; i < bytes.readInt32BE(12); i++) {
    const size = bytes.readInt32BE(at)
    at += 4
    if (size < 0) hasNull = 1
    values.push(size < 0 ? null : decodeValue(bytes.subarray(at, at + size), type.slice(0, -2), size))
    at += Math.max(0, size)
  }
  const oid = type === 'text[]' ? 25 : 701
  if (bytes.readInt32BE(0) !== 1 || bytes.readInt32BE(4) !== hasNull || bytes.readInt32BE(8) !== oid) {
    throw new Error('an array header is wrong')
  }
  if (bytes.readInt32BE(16) !== 1 || at !== length) throw new Error('an array is wrong')
  return values
}

export interface Translated {
  report: SourceReport
  /** In the order of the file. */
  rows: Row[]
  rejects: RejectedLine[]
}

/** Translates text or bytes, from `uncut` on cut into chunks of `chunkSize` bytes, and reads the tuples back. */
export async function translated(
  content: string | Buffer,
  chunkSize = 1 << 20,
  uncut = 0,
): Promise<Translated> {
  const bytes = Buffer.from(content)
  const chunks = (async function* () {
    if (uncut > 0) yield bytes.subarray(0, uncut)
    for (let at = uncut; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize)
  })()
  return translatedFrom(chunks)
}

/** Translates a stream and reads the tuples back. */
export async function translatedFrom(input: AsyncIterable<Buffer>): Promise<Translated> {
  const rows: Row[] = []
  const rejects: RejectedLine[] = []
  const report = await translate(input, {
    communes,
    releaseId: 7,
    sourceNo: 3,
    async write(shard, chunk) {
      for (const row of decodeTuples(chunk)) {
        if (row.shard !== shard) throw new Error('a tuple went to the wrong shard')
        rows.push(row)
      }
    },
    reject(line) {
      rejects.push(line)
    },
  })
  rows.sort((a, b) => Number(a.line_no) - Number(b.line_no))
  return { report, rows, rejects }
}

/** A row without what belongs to one form or one file: equal for the same line in either form. */
export function canonical(row: Row): Partial<Row> {
  const rest: Partial<Row> = { ...row }
  for (const name of ['line_no', 'source_no', 'mutation_hint', 'longitude', 'latitude'] as const)
    delete rest[name]
  delete rest.registered_insee_code
  delete rest.registered_parcel_id
  return rest
}

/** Folder of real DVF files, null where they are not at hand. */
export const realFiles: string | null = (() => {
  const folder = process.env.PARCELLE_REAL_DATA ?? new URL('../../../shared/data', import.meta.url).pathname
  return existsSync(`${folder}/dvf`) ? `${folder}/dvf` : null
})()

/** Every real DVF file, by path below `realFiles`. */
export const realFileNames: string[] =
  realFiles === null
    ? []
    : ['geo', 'raw'].flatMap((form) => readdirSync(`${realFiles}/${form}`).map((name) => `${form}/${name}`))
