import pg from 'pg'
import { type BenchContext, withFreshDatabase } from './imports.ts'
import { type Finding, findingOf, median, seconds } from './measure.ts'

/** The benches of the record of changes. */
export const auditBenches = ['audit', 'audit-single'] as const

const homes = 200_000
const bulkRounds = 5
const blocks = 10
const editsPerBlock = 200

/**
 * What recording changes costs: the same updates of the same live homes with the triggers on and off, in turns.
 *
 * `audit` moves the price of all 200 000 homes in one statement, after single edits in the same session. `audit-single`
 * moves the price of one home by key, each edit its own statement and commit over the wire. Throws when an update that
 * changes nothing leaves a trace.
 */
export async function benchAudit(wanted: ReadonlySet<string>, context: BenchContext): Promise<Finding[]> {
  return withFreshDatabase(context, 'bench_audit', async (url) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    const stop = () => void client.end().catch(() => {})
    context.signal.addEventListener('abort', stop, { once: true })
    try {
      context.say(`audit: making ${homes} live homes`)
      await makeHomes(client)
      await refuseTraces(client)
      const findings: Finding[] = []
      if (wanted.has('audit-single')) findings.push(await benchSingle(client))
      if (wanted.has('audit')) findings.push(await benchBulk(client, context))
      return findings
    } finally {
      context.signal.removeEventListener('abort', stop)
      await client.end().catch(() => {})
    }
  })
}

async function setAudit(client: pg.Client, isOn: boolean): Promise<void> {
  await client.query(`alter table app_public.properties_live ${isOn ? 'enable' : 'disable'} trigger user`)
}

async function makeHomes(client: pg.Client): Promise<void> {
  await client.query(`insert into app_public.sources (code, name, kind) values ('bench', 'Bench', 'portal')`)
  await setAudit(client, false)
  const { rowCount } = await client.query(
    `insert into app_public.properties_live (
       source_id, source_key, property_url, title, address, street_number, street_type, street_name, address_key,
       postal_code, city_name, insee_code, department_code, property_type, price_eur, surface_m2, room_count,
       longitude, latitude, agency_name, contact_phone, description, quality_score, completeness, raw_fingerprint
     )
     select
       (select s.id from app_public.sources as s where s.code = 'bench'), 'K' || n,
       'https://portal.example/annonce/' || n, 'Maison ' || n % 9 || ' pièces', n % 200 || ' Rue de la Paix', n % 200,
       'rue', 'de la paix', n % 200 || ' rue de la paix', c.postal_code, c.name, c.insee_code, c.department_code,
       (array['house', 'flat'])[1 + n % 2]::app_base.property_type, 100000 + n, 60 + n % 90, n % 9,
       2 + n % 1000 / 1000.0, 46 + n % 777 / 777.0, 'Agence du Centre', '+33612345678',
       repeat('Belle maison lumineuse avec jardin. ', 6) || n, 0.95, 0.9, n
     from generate_series(1, $1::integer) as n
     join (
       select row_number() over (order by c.population desc, c.insee_code) - 1 as no, c.insee_code, c.name,
         c.department_code,
         (select min(p.postal_code) from app_public.city_postal_codes as p where p.insee_code = c.insee_code) as postal_code
       from app_public.cities as c
     ) as c on c.no = n % 2000`,
    [homes],
  )
  if (rowCount !== homes) throw new Error(`made ${rowCount} homes instead of ${homes}`)
  await setAudit(client, true)
  await client.query('vacuum analyze app_public.properties_live')
}

async function refuseTraces(client: pg.Client): Promise<void> {
  await client.query('update app_public.properties_live set price_eur = price_eur, title = title')
  const { rows } = await client.query<{ traces: string }>(
    `select (select count(*) from app_public.property_changes) + (select count(*) from app_public.change_batches)
       + (select count(*) from app_private.property_versions) as traces`,
  )
  if (rows[0]?.traces !== '0') throw new Error(`an update that changes nothing left ${rows[0]?.traces} rows`)
  await client.query('vacuum analyze app_public.properties_live')
}

function edit(client: pg.Client, no: number): Promise<unknown> {
  return client.query(
    `update app_public.properties_live set price_eur = price_eur + 1000
     where source_id = (select s.id from app_public.sources as s where s.code = 'bench') and source_key = $1`,
    [`K${(no * 37) % homes}`],
  )
}

async function benchSingle(client: pg.Client): Promise<Finding> {
  const times: Record<'ours' | 'floor', number[]> = { ours: [], floor: [] }
  let no = 1
  for (let block = 0; block < blocks * 2; block++) {
    const isOn = block % 2 === 1
    await setAudit(client, isOn)
    const edits: number[] = []
    for (let count = 0; count < editsPerBlock; count++) edits.push(await seconds(() => edit(client, no++)))
    times[isOn ? 'ours' : 'floor'].push(median(edits))
  }
  await setAudit(client, true)
  const finding = findingOf('audit-single', 1.5, blocks * editsPerBlock, times)
  // Tenths of a millisecond are lost in three decimals of a second.
  const [ours, floor] = [median(times.ours), median(times.floor)]
  return { ...finding, ours_s: Number(ours.toFixed(6)), floor_s: Number(floor.toFixed(6)) }
}

async function benchBulk(client: pg.Client, context: BenchContext): Promise<Finding> {
  const times: Record<'ours' | 'floor', number[]> = { ours: [], floor: [] }
  for (let no = 1; no <= 5; no++) await edit(client, no)
  for (let round = 0; round < bulkRounds * 2; round++) {
    context.signal.throwIfAborted()
    const isOn = round % 2 === 1
    await setAudit(client, isOn)
    await client.query('vacuum app_public.properties_live')
    const taken = await seconds(() =>
      client.query('update app_public.properties_live set price_eur = price_eur + 1000'),
    )
    times[isOn ? 'ours' : 'floor'].push(taken)
    context.say(`audit: ${homes} homes with the record ${isOn ? 'on' : 'off'} in ${taken.toFixed(2)} s`)
  }
  return findingOf('audit', 3.5, homes, times)
}
