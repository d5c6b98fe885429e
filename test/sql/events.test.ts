import { setTimeout as delay } from 'node:timers/promises'
import fc from 'fast-check'
import pg from 'pg'
import t from 'tap'
import { addHomes, addSource, asSession } from '../fixtures/homes.ts'
import { database, type TestDatabase } from '../lib/database.ts'
import { long } from '../lib/long.ts'

interface Event {
  position: number
  batch_id: string
  ordinal: number
  kind: string
  property_id: string
  source: string
  field_name: string | null
}

async function since(db: TestDatabase, cursor: number, limit = 100, filter: object = {}): Promise<Event[]> {
  return db.query<Event & pg.QueryResultRow>(
    'select e.*, e.position::integer as position from change_events_since($1, $2, $3) as e',
    [cursor, limit, JSON.stringify(filter)],
  )
}

t.test('changes are read on from a cursor, in order and without a gap', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const ids = await addHomes(db, source, 3)
  await db.query('update properties_live set price_eur = 1, room_count = 1')
  await db.query('delete from properties_live where id = $1', [ids[2]])
  const all = await since(db, 0)
  t.strictSame(
    all.map((event) => event.position),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  )
  t.strictSame(
    all.map((event) => event.kind),
    ['new', 'new', 'new', ...Array(6).fill('updated'), 'deleted'],
  )
  for (const limit of [1, 2, 3, 7]) {
    const read: Event[] = []
    for (let cursor = 0; ; ) {
      const next = await since(db, cursor, limit)
      if (next.length === 0) break
      read.push(...next)
      cursor = next.at(-1)?.position ?? cursor
    }
    t.strictSame(read, all, `in steps of ${limit}`)
  }
  t.strictSame(await since(db, 10), [])
  t.match(
    await db.query('select * from change_events order by position'),
    all.map(({ position, ...rest }) => ({ ...rest, position: String(position) })),
  )
})

t.test('events are filtered by city, type, kind and source', async (t) => {
  const db = await database(t)
  const one = await addSource(db, 'one')
  const two = await addSource(db, 'two')
  await addHomes(db, one, 2)
  await addHomes(db, two, 1)
  await db.query(
    `insert into properties_live (source_id, source_key, insee_code, property_type) values ($1, 'x', '69383', 'flat')`,
    [two],
  )
  const positions = async (filter: object) => (await since(db, 0, 100, filter)).map((event) => event.position)
  t.strictSame(await positions({ source: 'two' }), [3, 4])
  t.strictSame(await positions({ source: ['one', 'two'], property_type: 'flat' }), [4])
  t.strictSame(await positions({ city: 'Rennes' }), [1, 2, 3])
  t.strictSame(await positions({ city: 'Lyon' }), [4], 'a city has its arrondissements')
  t.strictSame(await positions({ insee_code: ['69383', '35238'], kind: ['new', 'sold'] }), [1, 2, 3, 4])
  t.strictSame(await positions({ kind: 'sold' }), [])
  for (const [filter, code] of [
    [{ price: 1 }, 'PC400'],
    [[1], 'PC400'],
    [{ kind: 'burnt' }, 'PC400'],
    [{ kind: 3 }, 'PC400'],
    [{ kind: [] }, 'PC400'],
    [{ property_type: 'castle' }, 'PC400'],
    [{ city: 'Nulle Part' }, 'PC404'],
    [{ insee_code: '99999' }, 'PC404'],
    [{ source: 'nobody' }, 'PC404'],
  ] as const) {
    await t.rejects(since(db, 0, 10, filter), { code }, JSON.stringify(filter))
  }
  await t.rejects(since(db, 0, 0), { code: 'PC400' })
})

t.test('one notification for each committed batch carries its last position', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const listener = new pg.Client({ connectionString: db.url })
  await listener.connect()
  t.teardown(() => listener.end())
  const heard: unknown[] = []
  listener.on('notification', (note) => heard.push(JSON.parse(note.payload ?? '')))
  await listener.query('listen parcelle_changes')
  await addHomes(db, source, 3)
  await db.query('update properties_live set price_eur = price_eur')
  const id = await asSession(db.client, source, async (client) => {
    await client.query('update properties_live set price_eur = 1')
    await client.query('update properties_live set surface_m2 = 1')
  })
  await listener.query('select 1')
  t.strictSame(heard, [
    { position: 3, changes: 3, session_id: null },
    { position: 9, changes: 6, session_id: id },
  ])
})

t.test('positions are in the order of commits, whatever order transactions began in', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const ids = await addHomes(db, source, 2)
  const early = await db.pool.connect()
  const late = await db.pool.connect()
  t.teardown(() => {
    early.release()
    late.release()
  })
  await early.query('begin')
  await early.query('update app_public.properties_live set price_eur = 1 where id = $1', [ids[0]])
  await late.query('update app_public.properties_live set price_eur = 1 where id = $1', [ids[1]])
  const [seen] = await since(db, 2)
  t.match(seen, { position: 3, property_id: String(ids[1]) })
  await early.query('commit')
  t.match(await since(db, 3), [{ position: 4, property_id: String(ids[0]) }])
})

t.test(
  'a subscriber killed at random moments that stores its cursor with its effect sees each position once',
  async (t) => {
    const db = await database(t)
    const source = await addSource(db, 'portal')
    const ids = await addHomes(db, source, 20)
    await db.query('create table public.subscriber (cursor bigint not null)')
    await db.query('create table public.effects (position bigint not null)')
    await db.query('insert into public.subscriber values (0)')

    let writing = true
    const writers = Array.from({ length: 3 }, async (_, writer) => {
      const client = await db.pool.connect()
      for (let step = 0; step < 25; step++) {
        try {
          await client.query('begin')
          await client.query(
            'update app_public.properties_live set price_eur = price_eur + 1 where id = $1',
            [ids[(step * 3 + writer) % 20]],
          )
          if (step % 4 === 0) await delay(3)
          if (step % 3 === 0) {
            await client.query('update app_public.properties_live set room_count = $1 where id = any ($2)', [
              step,
              [ids[writer * 6], ids[writer * 6 + 1]],
            ])
          }
          await client.query(step % 5 === 4 ? 'rollback' : 'commit')
        } catch (error) {
          // Homes are changed in whatever order: of two writers that wait for each other one has to give way.
          if ((error as { code?: string }).code !== '40P01') throw error
          await client.query('rollback')
        }
      }
      client.release()
    })
    const finished = Promise.all(writers).finally(() => {
      writing = false
    })

    let kills = 0
    const read = async () => {
      const client = new pg.Client({ connectionString: db.url })
      client.on('error', () => {})
      await client.connect()
      const {
        rows: [me],
      } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
      const killer = setTimeout(
        () => void db.pool.query('select pg_terminate_backend($1)', [me?.pid]).catch(() => {}),
        Math.random() * 30,
      )
      try {
        while (true) {
          await client.query('begin')
          const { rows } = await client.query<{ position: string }>(
            `select e.position from app_public.change_events_since((select cursor from public.subscriber), 5) as e`,
          )
          if (rows.length === 0 && !writing) return true
          for (const { position } of rows) {
            await client.query('insert into public.effects values ($1)', [position])
            await client.query('update public.subscriber set cursor = $1', [position])
          }
          await client.query('commit')
        }
      } catch {
        kills++
        return false
      } finally {
        clearTimeout(killer)
        await client.end().catch(() => {})
      }
    }
    while (!(await read())) {
      // The next life of the subscriber reads on from the cursor it stored.
    }
    await finished
    t.ok(kills > 0, `killed ${kills} times`)
    const [counted] = await db.query<{ effects: number; positions: number; last: number; events: number }>(
      `select count(*)::integer as effects, count(distinct position)::integer as positions, max(position)::integer as last,
       (select max(last_position)::integer from change_batches) as events
     from public.effects`,
    )
    t.equal(counted?.effects, counted?.events)
    t.equal(counted?.positions, counted?.events)
    t.equal(counted?.last, counted?.events)
  },
)

t.test('whatever happens at once, positions have no gap and the chain holds', async (t) => {
  const db = await database(t)
  const source = await addSource(db, 'portal')
  const ids = await addHomes(db, source, 6)
  const step = fc.record({
    home: fc.nat(5),
    field: fc.constantFrom('price_eur', 'room_count', 'surface_m2'),
    value: fc.nat(3),
    ends: fc.constantFrom('commit', 'rollback', 'savepoint'),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
      await Promise.all(
        steps.map(async ({ home, field, value, ends }) => {
          const client = await db.pool.connect()
          try {
            await client.query('begin')
            await client.query(`update app_public.properties_live set ${field} = $2 where id = $1`, [
              ids[home],
              value,
            ])
            if (ends === 'savepoint') {
              await client.query('savepoint s')
              await client.query(`update app_public.properties_live set title = title || 'x' where id = $1`, [
                ids[home],
              ])
              await client.query('rollback to s')
              await client.query(`update app_public.properties_live set ${field} = $2 where id = $1`, [
                ids[home],
                value + 10,
              ])
            }
            await client.query(ends === 'rollback' ? 'rollback' : 'commit')
          } finally {
            client.release()
          }
        }),
      )
      const [found] = await db.query<{ intact: boolean; last: string; events: string }>(
        `select v.is_intact as intact, v.last_position as last, (select count(*) from change_events) as events
         from verify_audit() as v`,
      )
      return found?.intact === true && found.last === found.events
    }),
    { numRuns: long ? 100 : 12 },
  )
})
