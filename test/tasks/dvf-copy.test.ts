import { once } from 'node:events'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { from as copyFrom } from 'pg-copy-streams'
import t from 'tap'
import { copyHeader, copyTrailer, createCommuneIndex, translate } from '../../tasks/lib/dvf/index.ts'
import { database } from '../lib/database.ts'
import { geoFile, geoLine } from './dvf-forms.ts'
import { communes as allCommunes, knownCommunes, translatedFrom } from './dvf-helpers.ts'

t.test('PostgreSQL takes the tuples as lines of the ledger', async (t) => {
  const db = await database(t)
  const known = await db.query<{ code: string; present: string; department: string }>(
    `select insee_code_given as code, insee_code_present as present, department_code as department
    from app_private.known_communes()`,
  )
  const communes = createCommuneIndex(
    known.map((row) => ({ code: row.code, presentCode: row.present, departmentCode: row.department })),
  )
  await db.query('create temporary table lines (like app_private.dvf_lines including all)')
  const stream = db.client.query(copyFrom('copy lines from stdin (format binary)'))
  stream.write(copyHeader)
  const file = geoFile(
    geoLine(),
    geoLine({
      lot1_numero: '',
      lot1_surface_carrez: '',
      lot2_numero: '',
      adresse_nom_voie: 'CHEMIN DIT "L\'ÉTÉ", BAS',
      valeur_fonciere: '9999999999.99',
    }),
    geoLine({ code_commune: '69179', ancien_id_parcelle: '690480000C1046', id_parcelle: '691790480C1046' }),
    geoLine({
      date_mutation: '1999-12-31',
      nature_mutation: 'Expropriation',
      code_type_local: '',
      type_local: '',
      valeur_fonciere: '',
      longitude: '-0.5',
    }),
  )
  const report = await translate(Readable.from([Buffer.from(file)]), {
    communes,
    releaseId: 1,
    sourceNo: 1,
    async write(_, chunk) {
      if (!stream.write(chunk)) await once(stream, 'drain')
    },
    reject(line) {
      t.fail(line.detail)
    },
  })
  stream.end(copyTrailer)
  await finished(stream)
  t.equal(report.accepted, 4)
  const rows = await db.query(
    `select *, sold_on::text as day, price_cents::text as cents, premises_digest >> 61 as rank,
      65535 - ((premises_digest >> 45) & 65535) as surface
    from lines order by line_no`,
  )
  t.match(rows, [
    {
      shard: 0,
      day: '2018-01-06',
      nature: 'sale',
      cents: '18560550',
      street_name: 'RUE DE LA FRATERNELLE',
      insee_code: '69389',
      parcel_id: '69389000BV0111',
      lots: ['30', '22MR'],
      lot_carrez_m2: [17.22, null],
      carrez_surface_m2: 17.22,
      lot_count: 2,
      premises_type: 'flat',
      built_surface_m2: 17,
      room_count: 1,
      longitude: 4.804004,
      rank: '0',
      surface: '17',
    },
    { lots: null, lot_carrez_m2: null, street_name: 'CHEMIN DIT "L\'ÉTÉ", BAS', cents: '999999999999' },
    { insee_code: '69179', parcel_id: '691790480C1046', registered_parcel_id: '690480000C1046' },
    {
      day: '1999-12-31',
      nature: 'expropriation',
      premises_type: null,
      cents: null,
      longitude: -0.5,
      rank: '3',
    },
  ])
})

t.test('a chunk is not written over while it is on its way', async (t) => {
  const db = await database(t)
  const count = 60_000
  const lines = Array.from({ length: count }, (_, i) => geoLine({ valeur_fonciere: String(1 + i) }))
  const input = () => Readable.from([Buffer.from(geoFile(...lines))])
  const expected = (await translatedFrom(input())).rows
  await db.query('create temporary table lines (like app_private.dvf_lines including all)')
  const stream = db.client.query(copyFrom('copy lines from stdin (format binary)'))
  stream.write(copyHeader)
  let waits = 0
  await translate(input(), {
    communes: allCommunes,
    releaseId: 7,
    sourceNo: 3,
    write(_, chunk) {
      if (stream.write(chunk)) return undefined
      waits++
      return once(stream, 'drain').then(() => undefined)
    },
    reject(line) {
      t.fail(line.detail)
    },
  })
  stream.end(copyTrailer)
  await finished(stream)
  t.ok(waits > 50, `waited ${waits} times`)
  const rows = await db.query<{ line_no: number; fingerprint: string; price: string }>(
    "select line_no, lpad(to_hex(fingerprint), 16, '0') as fingerprint, price_cents::text as price from lines order by 1",
  )
  const different = expected.filter((row, i) => {
    const read = rows[i]
    return (
      read?.line_no !== row.line_no ||
      read?.fingerprint !== row.fingerprint ||
      read?.price !== String(row.price_cents)
    )
  })
  t.equal(rows.length, count)
  t.same(different.slice(0, 3), [])
})

t.test('the reference geography knows every code that the reader tests use', async (t) => {
  const db = await database(t)
  const known = await db.query<{ code: string; present: string; department: string }>(
    `select insee_code_given as code, insee_code_present as present, department_code as department
    from app_private.known_communes()`,
  )
  const byCode = new Map(known.map((row) => [row.code, row]))
  const missing = knownCommunes().filter((row) => byCode.get(row.code) === undefined)
  t.same(missing, [])
})
