import type pg from 'pg'

/** Where the lines of an imported file stand in the world: its file there and, when it was altered, each line's number. */
export interface Origin {
  /** Index in the release's `files` of the manifest. */
  file: number
  /** For each line number of the imported file the one it had; absent when nothing moved. */
  lines?: Uint32Array
}

/** The imported files of one release of the world, by the name they were imported under. */
export interface Origins {
  /** Code of the release in the ledger. */
  code: string
  world: 'A' | 'B'
  files: Map<string, Origin>
}

/** A transaction as the ledger has it, with the places of its lines in the world. */
export interface Sale {
  id: string
  /** The release of the world whose lines speak for it. */
  world: 'A' | 'B'
  /** Places (see `placeOf`), each once, in order. */
  lines: number[]
  lineCount: number
  soldOn: string
  nature: string
  priceEur: number | null
  partial: boolean
  basis: 'reference' | 'evidence' | 'ambiguous'
  houses: number
  flats: number
  annexes: number
  commercial: number
  countCertain: boolean
}

/** A change that a release made to a transaction, as the ledger tells it. */
export interface Change {
  id: string
  kind: 'added' | 'corrected' | 'withdrawn'
  field: string | null
  old: unknown
  new: unknown
}

const fileFactor = 100_000_000

/** A place in the files of a release as one number: file of the manifest and line. */
export function placeOf(file: number, line: number): number {
  return file * fileFactor + line
}

/** The file and line of a place. */
export function fileAndLine(place: number): [file: number, line: number] {
  return [Math.floor(place / fileFactor), place % fileFactor]
}

type Row = Omit<Sale, 'world' | 'lines'> & { code: string; sources: number[]; lines: number[] }

// The ledger keeps no list of lines: they are those that say what the disposition says, on one of its parcels.
const salesQuery = `
  with line as (
    select t.id, array_agg(l.source_no) as sources, array_agg(l.line_no) as lines
    from app_public.transactions as t
    join app_public.transaction_dispositions as d on d.transaction_id = t.id
    cross join unnest(d.parcel_ids) as p (parcel_id)
    join app_private.dvf_lines as l
      on l.release_id = t.line_release_id and l.sold_on = t.sold_on and l.nature = t.nature
        and l.disposition_no = d.disposition_no and l.parcel_id = p.parcel_id
        and l.price_cents is not distinct from (d.price_eur * 100)::bigint
        and (l.document_service, l.document_reference) is not distinct from (d.document_service, d.document_reference)
    group by t.id
  )
  select t.id::text as id, r.code, coalesce(n.sources, '{}') as sources, coalesce(n.lines, '{}') as lines,
    t.line_count as "lineCount", t.sold_on::text as "soldOn", t.nature::text as nature,
    t.price_eur::float8 as "priceEur", t.mutation_is_partial as partial, t.identity_basis::text as basis,
    t.house_count as houses, t.flat_count as flats, t.annex_count as annexes, t.commercial_count as commercial,
    t.is_count_certain as "countCertain"
  from app_public.transactions as t
  join app_public.dvf_releases as r on r.id = t.line_release_id
  left join line as n on n.id = t.id`

async function fileNames(client: pg.ClientBase): Promise<Map<string, string>> {
  const { rows } = await client.query<{ code: string; source_no: number; name: string }>(
    `select r.code, s.source_no, s.name
    from app_public.dvf_sources as s
    join app_public.dvf_releases as r on r.id = s.release_id`,
  )
  return new Map(rows.map((row) => [`${row.code}/${row.source_no}`, row.name]))
}

/** Every transaction of the ledger with its lines. Throws when a line comes from a file that `origins` does not know. */
export async function readSales(client: pg.ClientBase, origins: readonly Origins[]): Promise<Sale[]> {
  const names = await fileNames(client)
  const byCode = new Map(origins.map((one) => [one.code, one]))
  const originOf = (code: string, source: number): Origin => {
    const origin = byCode.get(code)?.files.get(names.get(`${code}/${source}`) ?? '')
    if (origin === undefined) throw new Error(`file ${source} of release ${code} is none of the world's`)
    return origin
  }
  const { rows } = await client.query<Row>(salesQuery)
  return rows.map(({ code, sources, lines, ...sale }) => {
    const places = lines.map((line, i) => {
      const origin = originOf(code, sources[i] ?? 0)
      return placeOf(origin.file, origin.lines === undefined ? line : (origin.lines[line] ?? 0))
    })
    const world = byCode.get(code)?.world ?? 'A'
    return { ...sale, world, lines: [...new Set(places)].sort((a, b) => a - b) }
  })
}

/** What a release changed, one entry per added or withdrawn transaction and per corrected field. */
export async function readChanges(client: pg.ClientBase, code: string): Promise<Change[]> {
  const { rows } = await client.query<Change>(
    `select c.transaction_id::text as id, c.kind::text as kind, c.field_name as field, c.old_value as old,
      c.new_value as new
    from app_public.transaction_changes as c
    join app_public.dvf_releases as r on r.id = c.release_id
    where r.code = $1`,
    [code],
  )
  return rows
}

/** The places of the lines that a release rejected, with the reason. */
export async function readRejects(
  client: pg.ClientBase,
  origins: Origins,
): Promise<{ place: number; reason: string; text: string }[]> {
  const names = await fileNames(client)
  const { rows } = await client.query<{ source_no: number; line_no: number; reason: string; raw: Buffer }>(
    `select j.source_no, j.line_no, j.reason, j.raw
    from app_private.dvf_rejects as j
    join app_public.dvf_releases as r on r.id = j.release_id
    where r.code = $1`,
    [origins.code],
  )
  return rows.map((row) => {
    const origin = origins.files.get(names.get(`${origins.code}/${row.source_no}`) ?? '')
    const line = origin?.lines === undefined ? row.line_no : (origin.lines[row.line_no] ?? 0)
    return { place: placeOf(origin?.file ?? -1, line), reason: row.reason, text: row.raw.toString('utf8') }
  })
}
