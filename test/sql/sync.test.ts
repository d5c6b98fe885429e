import t from 'tap'
import { database } from '../lib/database.ts'
import { contentOf, home, homes, liveDigest, makeSource, report, stage, sync } from '../lib/sessions.ts'

t.test('a first session makes every home new', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  const first = await report(db, source, homes(1, 60))
  t.match(first, { status: 'completed', staged_count: 60, new_count: 60, updated_count: 0, removed_count: 0 })
  const [live] = await db.query(
    `select status, price_eur, surface_m2, price_per_m2, insee_code, city_name, property_type, room_count
     from app_public.properties_live where source_key = 'home-3'`,
  )
  t.match(live, { status: 'active', insee_code: '44109', city_name: 'Nantes', property_type: 'flat' })
  const [{ count } = { count: 0 }] = await db.query<{ count: number }>(
    `select count(*)::integer as count from app_public.property_changes where session_id = $1 and kind = 'new'`,
    [first.session_id],
  )
  t.equal(count, 60, 'and a change record each')
})

t.test('the same session again writes no live row', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 60))
  const before = await liveDigest(db)
  const again = await report(db, source, homes(1, 60))
  t.match(again, { status: 'completed', seen_count: 60, unchanged_count: 60, new_count: 0, updated_count: 0 })
  t.equal(await liveDigest(db), before)
  const [seen] = await db.query<{ count: number }>(
    `select sum(cardinality(b.offsets))::integer as count from app_private.property_sighting_blocks as b
     join app_public.scrape_sessions as s on s.session_no = b.session_no where s.id = $1`,
    [again.session_id],
  )
  t.equal(seen?.count, 60, 'but sixty sightings')
})

t.test('a changed field is recorded with both values, and nothing else', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 60))
  const rows = homes(1, 60)
  const old = home(7)
  rows[6] = home(7, { price: String(Number(old.price) - 9000) })
  const next = await report(db, source, rows)
  t.match(next, { updated_count: 1, unchanged_count: 59, new_count: 0, likely_removed_count: 0 })
  const changes = await db.query(
    `select kind, field_name, old_value, new_value, changed_by is not null as is_signed
     from app_public.property_changes where session_id = $1`,
    [next.session_id],
  )
  t.same(changes, [
    {
      kind: 'updated',
      field_name: 'price_eur',
      old_value: Number(old.price),
      new_value: Number(old.price) - 9000,
      is_signed: true,
    },
  ])
})

t.test('the preview says what the sync then records', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 60))
  const rows = [...homes(2, 62)]
  rows[4] = home(6, { price: '99000', rooms: '5' })
  rows[5] = home(7, { title: 'Vendu', status: 'vendu' })
  const session = await stage(db, source, rows)
  const before = await liveDigest(db)
  const preview = await db.query(
    `select kind, source_key, field_name, old_value, new_value, round(magnitude::numeric, 4) as magnitude,
       round(confidence::numeric, 4) as confidence
     from app_public.detect_changes($1) where kind <> 'new' order by source_key, field_name`,
    [session],
  )
  t.equal(await liveDigest(db), before, 'a preview applies nothing')
  const [saved] = await db.query<{ n: number }>('select app_public.save_change_records($1) as n', [session])
  t.equal(saved?.n, preview.length + 2, 'which can be kept')
  await sync(db, session)
  const recorded = await db.query(
    `select c.kind, l.source_key, c.field_name, c.old_value, c.new_value, round(c.magnitude::numeric, 4) as magnitude,
       round(c.confidence::numeric, 4) as confidence
     from app_public.property_changes as c
     join app_public.properties_live as l on l.id = c.property_id
     where c.session_id = $1 and c.kind <> 'new' order by l.source_key, c.field_name`,
    [session],
  )
  t.ok(preview.length >= 4)
  t.same(recorded, preview)
})

t.test(
  'a home that is missing is likely removed, then removed, and reactivated when it is back',
  async (t) => {
    const db = await database(t)
    const source = await makeSource(db, 'portal', { removal_grace: '0 seconds' })
    await report(db, source, homes(1, 60))
    const status = async () =>
      (
        await db.query<{ status: string; missed_count: number }>(
          `select status, missed_count from app_public.properties_live where source_key = 'home-60'`,
        )
      )[0]
    t.match(await report(db, source, homes(1, 59)), { likely_removed_count: 1, removed_count: 0 })
    t.match(await status(), { status: 'likely_removed', missed_count: 1 })
    t.match(await report(db, source, homes(1, 30), { isComplete: false }), { likely_removed_count: 0 })
    t.match(await status(), { missed_count: 1 }, 'a session that did not see all misses nothing')
    t.match(await report(db, source, homes(1, 59)), { likely_removed_count: 0, removed_count: 0 })
    t.match(
      await report(db, source, homes(1, 59)),
      { removed_count: 1 },
      'absent from three complete sessions',
    )
    t.match(await status(), { status: 'removed', missed_count: 3 })
    t.match(await report(db, source, homes(1, 59)), { removed_count: 0 }, 'it is removed once')
    t.match(await report(db, source, homes(1, 60)), { reactivated_count: 1, new_count: 0 })
    t.match(await status(), { status: 'active', missed_count: 0 })
    const kinds = await db.query<{ kind: string }>(
      `select c.kind from app_public.property_changes as c
     join app_public.properties_live as l on l.id = c.property_id
     where l.source_key = 'home-60' order by c.batch_id, c.ordinal`,
    )
    t.same(
      kinds.map((row) => row.kind),
      ['new', 'likely_removed', 'removed', 'reactivated'],
    )
  },
)

t.test('the grace period keeps a home that is missing often but not for long', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 60))
  for (let i = 0; i < 4; i++) await report(db, source, homes(1, 59))
  const [row] = await db.query(
    `select status, missed_count from app_public.properties_live where source_key = 'home-60'`,
  )
  t.match(row, { status: 'likely_removed', missed_count: 4 })
})

t.test('a home is missed only inside the scope', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 60))
  const others = await db.query(
    `select l::text from app_public.properties_live as l where insee_code <> '44109' order by id`,
  )
  const nantes = homes(1, 60).filter((row) => row.insee_code === '44109')
  const next = await report(db, source, nantes.slice(1), { cities: ['44109'] })
  t.match(next, { status: 'completed', likely_removed_count: 1 })
  t.same(
    await db.query(
      `select l::text from app_public.properties_live as l where insee_code <> '44109' order by id`,
    ),
    others,
    'rows outside the scope are as they were',
  )
  t.match(
    await report(db, source, [], { types: ['house'] }),
    { likely_removed_count: 0 },
    'flats are not missed by a session of houses',
  )
})

t.test('a session that is not plausible is held, and nothing of it is applied', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 200))
  const before = await liveDigest(db)
  const half = await stage(db, source, homes(1, 100))
  const held = await sync(db, half)
  t.match(held, { status: 'held', held_reasons: [{ reason: 'many_gone', count: 100, of: 200 }] })
  t.equal(held.held_reasons?.[0]?.sample?.length, 10, 'with a sample')
  t.match(await report(db, source, []), { status: 'held', held_reasons: [{ reason: 'empty' }] })
  const replaced = homes(1, 200).map((row, i) => ({ ...row, source_key: `other-${i}` }))
  t.match(await report(db, source, replaced, { isComplete: false }), {
    status: 'held',
    held_reasons: [{ reason: 'many_new' }],
  })
  const shifted = homes(1, 200).map((row) => ({ ...row, price: String(Number(row.price) * 2) }))
  t.match(
    (await report(db, source, shifted)).held_reasons?.map((r) => r.reason),
    ['many_changed'],
  )
  const nameless = homes(1, 200).map((row) => ({ ...row, source_key: null, property_url: null }))
  t.match(
    (await report(db, source, nameless)).held_reasons?.map((r) => r.reason),
    ['no_keys'],
  )
  t.equal(await liveDigest(db), before)

  await t.rejects(db.query('select app_public.reject_session(gen_random_uuid())'), { code: 'PC404' })
  const [rejected] = await db.query('select status from app_public.reject_session($1)', [half])
  t.match(rejected, { status: 'cancelled' })
  await t.rejects(db.query('select app_public.accept_session($1)', [half]), { code: 'PC409' })
  await t.rejects(sync(db, half), { code: 'PC409' })
  const gone = await stage(db, source, homes(1, 100))
  await sync(db, gone)
  const [accepted] = await db.query('select * from app_public.accept_session($1)', [gone])
  t.match(accepted, { status: 'completed', likely_removed_count: 100 })
})

t.test('a source whose homes always come and go is not held for it', async (t) => {
  const db = await database(t)
  const source = await makeSource(db, 'portal', { removed_share_max: 1, removal_grace: '0 seconds' })
  for (let night = 0; night < 5; night++) await report(db, source, homes(1 + night * 40, 100 + night * 40))
  await db.query(`update app_public.sources set removed_share_max = 0.2 where code = 'portal'`)
  t.match(await report(db, source, homes(201, 300)), { status: 'completed' })
  const calm = await makeSource(db, 'calm')
  for (let night = 0; night < 5; night++) await report(db, calm, homes(1, 100))
  t.match(await report(db, calm, homes(1, 85)), { status: 'held' }, 'but one that never loses any is')
})

t.test('rows that say not which home they mean make a session incomplete', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 100))
  const rows = [
    ...homes(1, 95),
    ...homes(96, 100).map((r) => ({ ...r, source_key: null, property_url: null })),
  ]
  const next = await report(db, source, rows)
  t.match(next, { status: 'completed', likely_removed_count: 0, seen_count: 95 })
})

t.test('of rows with one key the last one counts', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  const dear = home(1, { price: '300000' })
  t.match(await report(db, source, [dear, home(2), home(1)]), { new_count: 2, staged_count: 3 })
  const price = async () =>
    (
      await db.query<{ price: number }>(
        `select price_eur::float8 as price from app_public.properties_live where source_key = 'home-1'`,
      )
    )[0]?.price
  t.equal(await price(), Number(home(1).price))
  t.match(await report(db, source, [dear, home(2), home(1)]), { updated_count: 0, unchanged_count: 2 })
  t.match(await report(db, source, [home(1), home(2), dear]), { updated_count: 1, unchanged_count: 1 })
  t.equal(await price(), 300000)
})

t.test('a row kept out by a rule counts as seen', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 60))
  const rows = homes(1, 60)
  rows[0] = home(1, {
    price: null,
    surface: null,
    property_type: null,
    title: null,
    city: null,
    postal_code: null,
    insee_code: null,
  })
  const next = await report(db, source, rows)
  t.match(next, { quarantined_count: 1, likely_removed_count: 0, seen_count: 60 })
  const [live] = await db.query(
    `select status, price_eur::float8 as price from app_public.properties_live where source_key = 'home-1'`,
  )
  t.same(live, { status: 'active', price: Number(home(1).price) }, 'and the live home stays as it was')
})

t.test('the order of rows does not matter', async (t) => {
  const [one, other] = [await database(t), await database(t)]
  const rows = homes(1, 80)
  for (const [db, first, second] of [
    [one, rows, homes(3, 90)],
    [other, rows.toReversed(), homes(3, 90).toReversed()],
  ] as const) {
    const source = await makeSource(db)
    await report(db, source, first)
    await report(db, source, second)
  }
  t.same(await contentOf(one), await contentOf(other))
})

t.test('what cannot be synced says why', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  const session = await stage(db, source, homes(1, 3))
  await t.rejects(db.query('select app_public.sync_session_data($1)', [session]), { code: 'PC409' })
  await db.query('select app_public.validate_staging_data($1)', [session])
  const [done] = await db.query('select * from app_public.sync_session_data($1)', [session])
  t.match(done, { status: 'completed', new_count: 3 })
  await t.rejects(sync(db, session), { code: 'PC409' }, 'a session is synced once')
  await t.rejects(sync(db, '00000000-0000-0000-0000-000000000000'), { code: 'PC404' })
  const [open] = await db.query<{ id: string }>(`select id from app_public.begin_session($1)`, [source])
  await t.rejects(sync(db, (open as { id: string }).id), { code: 'PC409' }, 'nor before it is filled')
  const waiting = await stage(db, source, homes(1, 3))
  await db.query(`update app_public.sources set paused_at = now() where code = $1`, [source])
  await t.rejects(sync(db, waiting), { code: 'PC409' }, 'nor while its source is paused')
})

t.test('a change too small to matter follows without a record, or not, as the field is set', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await db.query(
    `update app_public.rule_fields set significance = 'ratio', significance_threshold = 0.01 where column_name = 'price_eur'`,
  )
  await report(db, source, homes(1, 60))
  const rows = homes(1, 60)
  const price = Number(rows[0]?.price)
  rows[0] = home(1, { price: String(price + 100) })
  const first = await report(db, source, rows)
  const live = async () =>
    (
      await db.query<{ price: number }>(
        `select price_eur::float8 as price from app_public.properties_live where source_key = 'home-1'`,
      )
    )[0]?.price
  const records = (session: string) =>
    db.query('select from app_public.property_changes where session_id = $1', [session])
  t.equal(await live(), price + 100)
  t.same(await records(first.session_id), [])
  await db.query(
    `update app_public.rule_fields set is_insignificant_followed = false where column_name = 'price_eur'`,
  )
  rows[0] = home(1, { price: String(price + 200) })
  const second = await report(db, source, rows)
  t.equal(await live(), price + 100)
  t.same(await records(second.session_id), [])
})

t.test('statistics of listings are those of a full computation', async (t) => {
  const db = await database(t)
  const source = await makeSource(db)
  await report(db, source, homes(1, 120))
  await report(
    db,
    source,
    homes(5, 130).map((r, i) => (i % 9 === 0 ? { ...r, price: String(Number(r.price) + 5000) } : r)),
  )
  const kept = await db.query(
    `select insee_code, property_type, listing_count, price_median_eur::float8, price_per_m2_count,
       price_per_m2_median::float8, price_per_m2_mad::float8
     from app_public.listing_stats order by 1, 2`,
  )
  const computed = await db.query(
    `with
      l as (select * from app_public.properties_live where status in ('active', 'under_offer')),
      m as (
        select insee_code, property_type, count(*)::integer as listing_count,
          percentile_cont(0.5) within group (order by price_eur) as price_median_eur,
          count(price_per_m2)::integer as price_per_m2_count,
          percentile_cont(0.5) within group (order by price_per_m2) as median
        from l group by 1, 2
      )
    select m.insee_code, m.property_type, m.listing_count, round(m.price_median_eur::numeric, 2)::float8 as price_median_eur,
      m.price_per_m2_count, round(m.median::numeric, 2)::float8 as price_per_m2_median,
      (select round(percentile_cont(0.5) within group (order by abs(l.price_per_m2 - round(m.median::numeric, 2)))::numeric, 2)::float8
       from l where l.insee_code = m.insee_code and l.property_type = m.property_type) as price_per_m2_mad
    from m order by 1, 2`,
  )
  t.ok(kept.length >= 3)
  t.same(kept, computed)
})
