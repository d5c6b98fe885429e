import { randomUUID } from 'node:crypto'
import pg from 'pg'
import t from 'tap'
import { addHomes, addSource, asSession } from '../fixtures/homes.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { asRole } from '../lib/role.ts'

interface Verdict {
  is_intact: boolean
  batch_count: string
  change_count: string
  action_count: string
  last_position: string
  findings: { batch_id: number | null; chain_no: number | null; problem: string }[]
}

async function verify(db: TestDatabase, head: object | null = null): Promise<Verdict> {
  const [row] = await db.query<{ verdict: Verdict }>('select to_jsonb(verify_audit($1)) as verdict', [head])
  if (row === undefined) throw new Error('verify_audit gave nothing')
  return row.verdict
}

/** As somebody who may do anything to the tables would: with the guards off. */
async function tamper(db: TestDatabase, statement: string, values: unknown[] = []): Promise<void> {
  const tables = ['property_changes', 'admin_actions', 'change_batches', 'audit_seals']
  for (const table of tables) await db.query(`alter table ${table} disable trigger user`)
  await db.query(statement, values)
  for (const table of tables) await db.query(`alter table ${table} enable trigger user`)
}

/** Four batches: 3 new homes; two fields of two homes; an action; one more home. */
async function chain(db: TestDatabase): Promise<void> {
  const source = await addSource(db, 'portal')
  const ids = await addHomes(db, source, 3)
  await db.query('update properties_live set price_eur = 5, room_count = 2 where id = any ($1)', [
    ids.slice(0, 2),
  ])
  await db.query(`select app_private.record_admin_action('pause_source', 'portal', '{"why": "layout"}')`)
  await addHomes(db, source, 1, 'later')
}

t.test('an untouched record is intact', async (t) => {
  const db = await database(t)
  t.match(await verify(db), { is_intact: true, batch_count: 0, last_position: 0, findings: [] })
  await chain(db)
  t.match(await verify(db), {
    is_intact: true,
    batch_count: 4,
    change_count: 8,
    action_count: 1,
    last_position: 8,
    findings: [],
  })
  await t.test('also for an analyst, in another time zone and date style', (t) =>
    asRole(db, 'app_analyst', {}, async (client) => {
      await client.query(`set local timezone = 'Asia/Tokyo'`)
      await client.query(`set local datestyle = 'German'`)
      await client.query('set local extra_float_digits = -3')
      await client.query(`set local bytea_output = 'escape'`)
      const { rows } = await client.query('select (app_public.verify_audit()).is_intact')
      t.strictSame(rows, [{ is_intact: true }])
    }),
  )
})

t.test('tampering is found, and where', async (t) => {
  const cases: [name: string, statement: string, chainNos: (number | null)[], problem: RegExp][] = [
    [
      'an edited change',
      `update property_changes set new_value = '6' where batch_id = 2 and ordinal = 1`,
      [2],
      /edited/,
    ],
    [
      'an edited confidence',
      `update property_changes set confidence = 1 where batch_id = 2 and ordinal = 1`,
      [2],
      /edited/,
    ],
    [
      'a change of another instant',
      `update property_changes set changed_at = changed_at - interval '1 hour' where batch_id = 1 and ordinal = 2`,
      [1],
      /edited/,
    ],
    [
      'a dropped change',
      `delete from property_changes where batch_id = 2 and ordinal = 3`,
      [2],
      /^1 of its 4 changes are missing: numbers 3$/,
    ],
    [
      'an inserted change',
      `insert into property_changes (batch_id, ordinal, property_id, source_id, changed_by, kind, property_type, changed_at) select 2, 5, 1, source_id, 'me', 'sold', 'flat', now() from property_changes limit 1`,
      [2],
      /1 changes were added to its 4/,
    ],
    [
      'changes that trade places',
      `update property_changes set ordinal = 5 - ordinal where batch_id = 2`,
      [2],
      /edited/,
    ],
    [
      'a change in no batch',
      `insert into property_changes (batch_id, ordinal, property_id, source_id, changed_by, kind, property_type, changed_at) select 99, 2, 1, source_id, 'me', 'sold', 'flat', now() from property_changes limit 1`,
      [null],
      /belong to no batch/,
    ],
    ['an edited action', `update admin_actions set target = 'other'`, [3], /edited/],
    ['a dropped action', `delete from admin_actions`, [3], /1 of its 1 actions are missing/],
    [
      'an action put in',
      `insert into admin_actions values (2, 1, 'me', 'x', null, '{}', now())`,
      [2],
      /1 actions were added/,
    ],
    [
      'a batch in somebody else’s name',
      `update change_batches set actor = 'other' where id = 2`,
      [2],
      /edited/,
    ],
    ['an edited link', `update change_batches set link = sha256('x') where chain_no = 2`, [2, 3], /link/],
    [
      'a batch sealed anew after an edit',
      `update change_batches set entries_digest = sha256('x'), link = sha256(previous_link || sha256('x')) where chain_no = 2`,
      [2, 3],
      /edited|previous link/,
    ],
    [
      'edited positions',
      `update change_batches set first_position = 3, last_position = 6 where chain_no = 2`,
      [2, 3],
      /positions/,
    ],
    [
      'a dropped batch',
      `delete from change_batches where chain_no = 2`,
      [3, null],
      /batch 2 of the chain is missing|belong to no batch/,
    ],
  ]
  for (const [name, statement, chainNos, problem] of cases) {
    await t.test(name, async (t) => {
      const db = await database(t)
      await chain(db)
      await tamper(db, statement)
      const { is_intact, findings } = await verify(db)
      t.notOk(is_intact)
      t.strictSame(
        findings.map((finding) => finding.chain_no),
        chainNos,
      )
      for (const finding of findings) t.match(finding.problem, problem)
    })
  }
})

t.test(
  'an exported head finds what the chain itself cannot: its end cut off, or all of it written anew',
  async (t) => {
    const db = await database(t)
    await chain(db)
    const [exported] = await db.query<{ head: object }>('select export_audit_head() as head')
    t.match(exported?.head, { chain_no: 4, position: 8, link: /^[0-9a-f]{64}$/ })
    await db.query('update properties_live set built_year = 1900 where id = 1')
    t.match(await verify(db, exported?.head), { is_intact: true })
    await tamper(
      db,
      `with gone as (delete from change_batches where chain_no >= 4 returning id)
     delete from property_changes where batch_id in (select id from gone)`,
    )
    t.match(await verify(db), { is_intact: true })
    t.match(await verify(db, exported?.head), {
      is_intact: false,
      findings: [{ chain_no: 4, problem: 'the exported head is no longer in the chain' }],
    })
    t.match(await verify(db, { ...exported?.head, chain_no: 3 }), {
      is_intact: false,
      findings: [{ chain_no: 3, problem: 'its link is not the one that was exported' }],
    })
    await t.rejects(verify(db, { link: 'x' }), { code: 'PC400' })
    const empty = await database(t)
    const [nothing] = await empty.query<{ head: object }>('select export_audit_head() as head')
    await chain(empty)
    t.match(await verify(empty, nothing?.head), { is_intact: true })
  },
)

t.test('what is recorded is only added to, even by the owner', async (t) => {
  const db = await database(t)
  await chain(db)
  for (const statement of [
    'update property_changes set changed_by = null',
    'delete from property_changes',
    'delete from property_changes_default',
    'update admin_actions set actor = actor',
    'delete from admin_actions',
    'update change_batches set actor = actor',
    'delete from change_batches',
    'truncate property_changes',
    'truncate admin_actions',
    'truncate change_batches',
    'truncate audit_seals',
    'truncate properties_live',
  ]) {
    await t.rejects(db.query(statement), { code: 'PC403', hint: /\.$/ }, statement)
  }
  await db.query(`insert into audit_seals values ('x', '{}', 0, null)`)
  await t.rejects(db.query('update audit_seals set change_count = 1'), { code: 'PC403' })
  await t.rejects(db.query('delete from audit_seals'), { code: 'PC403' })
  t.match(await verify(db), { is_intact: false, findings: [{ problem: /^x is said to have been let go/ }] })
})

t.test('an analyst reads the record and cannot write it; a visitor sees nothing of it', async (t) => {
  const db = await database(t)
  await chain(db)
  await asRole(db, 'app_analyst', {}, async (client) => {
    const { rows } = await client.query('select count(*)::integer as changes from app_public.change_events')
    t.strictSame(rows, [{ changes: 8 }])
    await client.query('savepoint s')
    for (const statement of [
      'insert into app_public.admin_actions values (1, 1, null, null, null, null, null)',
      'delete from app_public.property_changes',
      'select from app_private.property_versions',
      'select from app_private.audit_keys',
      `select app_private.record_admin_action('x')`,
    ]) {
      await t.rejects(client.query(statement), { code: '42501' }, statement)
      await client.query('rollback to s')
    }
  })
  for (const statement of [
    'select from app_public.change_events',
    'select from app_public.property_changes',
    'select from app_public.change_batches',
    'select from app_public.admin_actions',
    'select app_public.change_events_since()',
    'select app_public.property_history(1)',
    'select app_public.properties_as_of(now())',
    `select app_public.undo_session('${randomUUID()}')`,
    'select app_public.verify_audit()',
    'select app_public.export_audit_head()',
  ]) {
    await t.rejects(
      asRole(db, 'app_visitor', {}, (client) => client.query(statement)),
      { code: '42501' },
      statement,
    )
  }
})

t.test('a killed backend leaves all of its batch or nothing', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const ids = await addHomes(db, source, 10)
  let committed = 0
  for (let round = 0; round < 12; round++) {
    const client = new pg.Client({ connectionString: db.url })
    client.on('error', () => {})
    await client.connect()
    const {
      rows: [me],
    } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    const work = (async () => {
      await client.query('begin')
      for (const id of ids) {
        await client.query('update app_public.properties_live set price_eur = price_eur + 1 where id = $1', [
          id,
        ])
      }
      await client.query('commit')
      return true
    })().catch(() => false)
    await new Promise((resolve) => setTimeout(resolve, round))
    await db.query('select pg_terminate_backend($1)', [me?.pid])
    if (await work) committed++
    await client.end().catch(() => {})
  }
  const [found] = await db.query<{ rounds: number; whole: boolean }>(
    `select count(*)::integer as rounds, coalesce(bool_and(b.change_count = 10), true) as whole
     from change_batches as b where b.chain_no > 1`,
  )
  t.ok(found?.whole)
  t.ok((found?.rounds ?? 0) >= committed, 'a commit whose answer was lost may have been made')
  t.match(await verify(db), { is_intact: true, last_position: 10 + 10 * (found?.rounds ?? 0) })
})

t.test('batches of different sources seal in the order of their commits', async (t) => {
  const db = await database(t)
  const sources = await Promise.all(['a', 'b', 'c', 'd'].map((code) => addSource(db, code)))
  for (const source of sources) await addHomes(db, source, 5)
  const order: string[] = []
  await Promise.all(
    sources.map(async (source) => {
      const client = await db.pool.connect()
      for (let night = 0; night < 5; night++) {
        order.push(
          await asSession(client, source, (one) =>
            one.query(
              'update app_public.properties_live set price_eur = price_eur * 1.1 where source_id = $1',
              [source],
            ),
          ),
        )
      }
      client.release()
    }),
  )
  const batches = await db.query<{ session_id: string }>(
    'select session_id from change_batches where session_id is not null order by chain_no',
  )
  t.strictSame(batches.map((batch) => batch.session_id).sort(), [...order].sort())
  for (const source of sources) {
    const own = await db.query(
      `select bool_and(s.applied_at >= s.before_at) as in_order from (
         select s.applied_at, lag(s.applied_at, 1, '-infinity') over (order by b.chain_no) as before_at
         from change_batches as b join scrape_sessions as s on s.id = b.session_id where s.source_id = $1
       ) as s`,
      [source],
    )
    t.strictSame(own, [{ in_order: true }])
  }
  t.match(await verify(db), { is_intact: true, batch_count: 24 })
})

t.test(
  'constraints made immediate, a mixed transaction and an older snapshot keep the chain whole',
  async (t) => {
    const db = await database(t)
    const source = await addSource(db, 'portal')
    const ids = await addHomes(db, source, 2)
    await db.query('begin')
    await db.query('update properties_live set price_eur = 1')
    await db.query('set constraints all immediate')
    await db.query('update properties_live set price_eur = 2')
    await db.query(`select app_private.record_admin_action('x')`)
    await db.query('commit')
    t.match(await verify(db), { is_intact: true, batch_count: 4, last_position: 6 })

    await db.query('begin')
    await db.query(`select app_private.record_admin_action('accept_session')`)
    await db.query(`select set_config('parcelle.session_id', gen_random_uuid()::text, true)`)
    await db.query('update properties_live set price_eur = 3')
    await db.query(`select set_config('parcelle.session_id', '', true)`)
    await db.query('update properties_live set price_eur = 4 where id = $1', [ids[0]])
    await db.query('reset all')
    await db.query('set search_path = app_public, public, extensions')
    await db.query('update properties_live set price_eur = 5 where id = $1', [ids[0]])
    await db.query('commit')
    t.match(await verify(db), { is_intact: true, batch_count: 8, last_position: 10, action_count: 2 })

    const other = await db.pool.connect()
    await other.query('begin isolation level repeatable read')
    await other.query('select 1 from app_public.properties_live')
    await db.query('update properties_live set price_eur = 6 where id = $1', [ids[0]])
    await other.query('update app_public.properties_live set price_eur = 7 where id = $1', [ids[1]])
    await t.rejects(other.query('commit'), { code: '40001' })
    await other.query('begin isolation level serializable')
    await other.query('update app_public.properties_live set price_eur = 7 where id = $1', [ids[1]])
    await t.resolves(other.query('commit'))
    other.release()
    t.match(await verify(db), { is_intact: true, batch_count: 10 })
  },
)
