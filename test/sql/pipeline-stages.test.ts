import t from 'tap'
import { addHomes, addSource, asSession } from '../fixtures/homes.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { homes, makeSource, report } from '../lib/sessions.ts'
import { ended, runOf, stagesOf, startTestWorker, trigger } from '../tasks/lib/pipelines.ts'

type Item = { item_key: string; params: Record<string, unknown>; lane: number | null }

const itemsOf = (db: TestDatabase, name: string, run: number) =>
  db.query<Item>(`select * from app_private.${name}($1)`, [run])

const resultOf = async (db: TestDatabase, run: number, stage = 1): Promise<Record<string, unknown>> =>
  (
    await db.query('select result from pipeline_tasks where run_id = $1 and stage_no = $2 order by id', [
      run,
      stage,
    ])
  )[0]?.result

t.test('leads: each reason by itself, all together, and never for a home that is on offer', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const ids = await addHomes(db, source, 7)
  const [withdrawn, certificate, held, both, offered, young, gone] = ids
  await db.query(
    `update properties_live set department_code = '35', address_key = source_key || ' rue haute', status = 'sold', sold_on = current_date - 400`,
  )
  await db.query(
    `update properties_live set status = 'removed', missing_since = now() - interval '2 months', sold_on = null
    where id = any ($1)`,
    [[withdrawn, both, offered]],
  )
  await db.query(
    `update properties_live set status = 'removed', missing_since = now() - interval '3 years', sold_on = null
    where id = $1`,
    [gone],
  )
  await db.query(`update properties_live set sold_on = current_date - interval '13 years' where id = $1`, [
    held,
  ])
  await asSession(db.client, source, (client) =>
    client.query(`update properties_live set dpe_class = 'D' where id = any ($1)`, [[certificate, both]]),
  )
  const other = await addSource(db, 'other')
  const [on] = await addHomes(db, other, 1, 'x')
  await db.query(
    `update properties_live set department_code = '35', address_key = (select o.address_key from properties_live as o where o.id = $2),
       insee_code = '35238', property_type = 'house' where id = $1`,
    [on, offered],
  )
  const found = await db.query(
    `select property_id::integer as id, round(score::numeric, 2)::float as score,
       array(select r ->> 'rule' from jsonb_array_elements(reasons) as r) as rules
     from app_private.find_offmarket('35') order by property_id`,
  )
  t.same(found, [
    { id: withdrawn, score: 0.5, rules: ['withdrawn'] },
    { id: certificate, score: 0.4, rules: ['certificate'] },
    { id: held, score: 0.3, rules: ['long_held'] },
    { id: both, score: 0.7, rules: ['withdrawn', 'certificate'] },
  ])
  t.notOk(found.some(({ id }) => id === young))

  await startTestWorker(t, db)
  const run = await trigger(db, 'discovery_offmarket')
  t.match(await ended(db, run.id), { status: 'succeeded' })
  t.match(await resultOf(db, run.id), { item_count: 4 })
  const openings = await trigger(db, 'client_assignment')
  t.match(await ended(db, openings.id), { status: 'succeeded' })
  t.match(await resultOf(db, openings.id), {
    item_count: 1,
    communes: [{ insee_code: '35238', city: 'Rennes', lead_count: 4 }],
  })
  await db.query(`update properties_live set status = 'active' where id = $1`, [withdrawn])
  t.match(await db.query(`select app_private.discover_offmarket('35') as count`), [{ count: 3 }])
  t.match(
    await db.query('select property_id::integer as id from offmarket_leads where ended_at is not null'),
    [{ id: withdrawn }],
  )
  const none = await trigger(db, 'discovery_offmarket', { departments: ['01'] })
  t.same(await stagesOf(db, none.id), ['discover succeeded 0/0'])
})

t.test('homes without a commune get it when it can be told', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const ids = await addHomes(db, source, 3)
  await db.query(
    `update properties_live set insee_code = null, department_code = null, city_name = 'St Etienne', postal_code = '42000' where id = $1`,
    [ids[0]],
  )
  await db.query(
    `update properties_live set insee_code = null, city_name = 'Nulle Part', postal_code = null where id = $1`,
    [ids[1]],
  )
  await startTestWorker(t, db)
  const run = await trigger(db, 'enrichment_property')
  t.match(await ended(db, run.id), { status: 'succeeded' })
  t.match(await resultOf(db, run.id), { item_count: 1, failed_item_count: 1 })
  t.match(await db.query('select insee_code, department_code from properties_live where id = $1', [ids[0]]), [
    { insee_code: '42218', department_code: '42' },
  ])
  t.match(
    await db.query(
      `select changed_by from property_changes where field_name = 'insee_code' and new_value = '"42218"'`,
    ),
    [{ changed_by: 'enrichment_property' }],
  )
  t.match(await db.query(`select listing_count from listing_stats where insee_code = '42218'`), [
    { listing_count: 1 },
  ])
})

t.test('a packet holds what is known of a home, and nobody to call', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const [id] = await addHomes(db, source, 2)
  await db.query('update properties_live set price_eur = 90000 where id = $1', [id])
  await startTestWorker(t, db)
  const run = await trigger(db, 'docgen_packet', { property_id: id })
  t.match(await ended(db, run.id), { status: 'succeeded' })
  const packet = await resultOf(db, run.id)
  t.match(packet, {
    home: { id, price_eur: 90000 },
    source: { code: 'portal' },
    city: { insee_code: '35238', name: 'Rennes' },
    history: [{ kind: 'new' }, { field: 'price_eur', to: 90000 }],
    sold_nearby: [],
  })
  t.notMatch(JSON.stringify(packet), /contact_|@example\.org/)
  await t.rejects(db.query('select home_packet(0)'), { code: 'PC404' })
  t.equal(
    (await itemsOf(db, 'list_packets', (await trigger(db, 'docgen_packet')).id)).length,
    1,
    'the one that changed last',
  )
  const several = await trigger(db, 'docgen_packet', { property_ids: [id, 0] })
  t.match(await ended(db, several.id), { status: 'failed', error: /home 0 does not exist/ })
})

t.test('sources are measured, and confidences fitted', async (t) => {
  const db = await database(t)
  await makeSource(db)
  await report(db, 'portal', homes(1, 30))
  await startTestWorker(t, db)
  const run = await trigger(db, 'score_master')
  t.match(await ended(db, run.id), { status: 'succeeded' })
  t.same(await stagesOf(db, run.id), ['quality succeeded 1/1', 'confidence succeeded 1/1'])
  t.match(await resultOf(db, run.id), { item_count: Number, outcome: String })
  t.match(await resultOf(db, run.id, 2), { outcome_count: 0 })
})

t.test('which files of DVF, which cities and which sources a run means', async (t) => {
  const db = await database(t)
  const dvf = async (params: object) => {
    const run = (
      await db.query(`select (app_private.create_run('dvf_update', $1, null, null)).id`, [
        JSON.stringify(params),
      ])
    )[0]?.id
    return (await itemsOf(db, 'list_dvf_downloads', run)).map(({ item_key }) => item_key)
  }
  t.same(await dvf({ years: [2022, 2023], departments: ['69', '2A'] }), [
    '2022 2A',
    '2022 69',
    '2023 2A',
    '2023 69',
  ])
  await t.rejects(dvf({ force: true }), { code: 'PC409' })
  await db.query(`select app_private.record_dvf_publication('2026-04-07T09:12:00Z', '[]')`)
  t.same(await dvf({}), [], 'the check did not say that it is newer')
  t.same(await dvf({ force: true }), ['2021', '2022', '2023', '2024', '2025'])
  await db.query(`select app_private.record_dvf_publication('2026-10-07T09:12:00Z', '[]')`)
  t.same(await dvf({ force: true }), ['2021', '2022', '2023', '2024', '2025', '2026'])

  const cities = async (params: object) => {
    const run = (
      await db.query(`select (app_private.create_run('city_refresh', $1, null, null)).id`, [
        JSON.stringify(params),
      ])
    )[0]?.id
    return itemsOf(db, 'list_cities_to_refresh', run)
  }
  t.same(await cities({ insee_codes: ['35238', '44109'] }), [
    { item_key: 'Rennes', params: { inseeCodes: ['35238'] }, lane: null },
    { item_key: 'Nantes', params: { inseeCodes: ['44109'] }, lane: null },
  ])
  const sizes = async (params: object) =>
    (await cities(params)).map((item) => (item.params.inseeCodes as string[]).length)
  t.match(await sizes({ department: '35' }), [200, /^1\d\d$/], 'many go together within their département')
  const all = await cities({})
  t.ok(all.length > 150 && all.length < 350, `${all.length} batches`)
  const departments = all.map(
    (item) => new Set((item.params.inseeCodes as string[]).map((code) => code.slice(0, 2))),
  )
  t.ok(
    departments.every((codes) => codes.size === 1),
    'none of two départements',
  )
  const named = ['35001', '35002', '35003', '44109']
  const many = await db.query<{ insee_code: string }>(
    `select insee_code from cities where department_code in ('35', '44') order by insee_code limit 21`,
  )
  t.same(await sizes({ insee_codes: named }), [1, 1, 1, 1])
  t.same(await sizes({ insee_codes: many.map((city) => city.insee_code) }), [21])
  await t.rejects(cities({ department: '99' }), { code: 'PC404' })
  await t.rejects(cities({ insee_codes: ['99999'] }), { code: 'PC404' })

  const unknown = await trigger(db, 'scrape_listings', { source: 'nix' })
  t.match(await runOf(db, unknown.id), { status: 'failed', error: "scrape: source 'nix' does not exist" })
  const none = await trigger(db, 'scrape_listings')
  t.same(await stagesOf(db, none.id), [
    'scrape succeeded 0/0',
    'sync succeeded 0/0',
    'quality_checks succeeded 0/0',
  ])
})

t.test('a session says in the older words which run filled it', async (t) => {
  const db = await database(t)
  await makeSource(db)
  await report(db, 'portal', homes(1, 3))
  t.match(await db.query('select * from scraping_jobs'), [
    {
      dag_id: 'scrape',
      source: 'portal',
      items_scraped: 3,
      items_failed: 0,
      status: 'success',
      completed_at: Date,
    },
  ])
})
