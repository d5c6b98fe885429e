import pg from 'pg'
import pino from 'pino'
import t, { type Test } from 'tap'
import { WebSocket } from 'undici'
import { z } from 'zod'
import { startServer } from '../../server/main.ts'
import { addHomes, addSource } from '../fixtures/homes.ts'
import { database, type TestDatabase } from '../lib/database.ts'

const messageSchema = z.object({
  type: z.string(),
  payload: z
    .union([
      z.object({
        data: z.object({ liveChanges: z.record(z.string(), z.unknown()).nullable() }).nullish(),
        errors: z.unknown().optional(),
      }),
      z.array(z.object({ message: z.string(), extensions: z.object({ code: z.string() }).optional() })),
    ])
    .optional(),
})

/** What a subscriber has heard: each change, and the errors that ended the subscription. */
type Heard = {
  changes: Record<string, unknown>[]
  errors: { message: string; extensions?: { code: string } | undefined }[]
  isClosed: boolean
}

function start(db: TestDatabase, host = '127.0.0.1') {
  return startServer({
    config: { host, port: 0, nodeEnv: 'production' },
    log: pino({ level: 'silent' }),
    db: { serverUrl: db.serverUrl },
  })
}

/** Subscribes over a WebSocket, by the graphql-transport-ws protocol. */
async function subscribe(t: Test, url: string, query: string, headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, {
    protocols: ['graphql-transport-ws'],
    headers,
  })
  const heard: Heard = { changes: [], errors: [], isClosed: false }
  t.teardown(() => socket.close())
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('error', () => reject(new Error('the socket was refused')))
    socket.addEventListener('close', () => {
      heard.isClosed = true
    })
    socket.addEventListener('open', () => socket.send(JSON.stringify({ type: 'connection_init' })))
    socket.addEventListener('message', ({ data }) => {
      const { type, payload } = messageSchema.parse(JSON.parse(String(data)))
      if (type === 'connection_ack') {
        socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }))
        resolve()
      } else if (
        type === 'next' &&
        payload !== undefined &&
        'data' in payload &&
        payload.data?.liveChanges != null
      ) {
        heard.changes.push(payload.data.liveChanges)
      } else if (type === 'error' && Array.isArray(payload)) heard.errors.push(...payload)
    })
  })
  return { heard, close: () => socket.close() }
}

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries++)
    await new Promise((resolve) => setTimeout(resolve, 25))
}

const everything = `subscription { liveChanges(since: "0") {
  position kind propertyId source inseeCode propertyType fieldName oldValue newValue changedAt sessionId changedBy
} }`

// Building a schema is what takes time: one server answers all tests, and is started again in one of them.
const db = await database(t)
let server = await start(db)
t.teardown(() => server.close())
const source = await addSource(db, 'portal')
const lastPosition = async (): Promise<number> =>
  Number((await db.query('select max(last_position) as last from app_public.change_batches'))[0]?.last ?? 0)

t.test(
  'a subscriber is given the past after its position, then each change as it is committed',
  async (t) => {
    const ids = await addHomes(db, source, 2)
    const { heard } = await subscribe(t, server.url, everything)
    await until(() => heard.changes.length >= 2)
    await db.query('update properties_live set price_eur = 5 where id = $1', [ids[0]])
    await until(() => heard.changes.length >= 3)
    await db.query('delete from properties_live where id = $1', [ids[1]])
    await until(() => heard.changes.length >= 4)
    t.match(heard.changes, [
      {
        position: '1',
        kind: 'new',
        source: 'portal',
        inseeCode: '35238',
        propertyType: 'house',
        fieldName: null,
      },
      { position: '2', kind: 'new' },
      {
        position: '3',
        kind: 'updated',
        propertyId: String(ids[0]),
        fieldName: 'price_eur',
        oldValue: 101000,
        newValue: 5,
        sessionId: null,
      },
      { position: '4', kind: 'deleted', propertyId: String(ids[1]), changedAt: /^\d{4}-\d\d-\d\dT/ },
    ])
  },
)

t.test('filters leave out what is not asked for, and without a position it begins now', async (t) => {
  const before = await lastPosition()
  const ids = await addHomes(db, source, 1, 'filtered')
  const one = await subscribe(
    t,
    server.url,
    `subscription { liveChanges(since: "${before}", city: ["Rennes"], kind: [sold, deleted], propertyType: [house]) { position kind } }`,
  )
  const two = await subscribe(t, server.url, 'subscription { liveChanges { position } }')
  const three = await subscribe(
    t,
    server.url,
    'subscription { liveChanges(since: "0", city: ["Brest"], source: ["portal"]) { position } }',
  )
  await new Promise((resolve) => setTimeout(resolve, 300))
  await db.query(`update properties_live set status = 'sold', room_count = 4 where id = $1`, [ids[0]])
  await until(() => one.heard.changes.length >= 1 && two.heard.changes.length >= 2)
  t.match(one.heard.changes, [{ kind: 'sold' }])
  t.strictSame(
    two.heard.changes.map(({ position }) => position),
    [`${before + 2}`, `${before + 3}`],
  )
  t.strictSame(three.heard.changes, [])
})

t.test('what cannot be read is told with its code', async (t) => {
  for (const [query, code] of [
    ['subscription { liveChanges(city: ["Nulle Part"]) { position } }', 'PC404'],
    ['subscription { liveChanges(since: "x") { position } }', 'PC400'],
    ['subscription { liveChanges(source: []) { position } }', 'PC400'],
  ] as const) {
    const { heard } = await subscribe(t, server.url, query)
    await until(() => heard.errors.length > 0)
    t.match(heard.errors, [{ extensions: { code } }], `${query}: ${JSON.stringify(heard.errors)}`)
  }
})

t.test(
  'neither a restarted server nor a lost connection to the database makes a subscriber miss a change',
  async (t) => {
    const last = await lastPosition()
    const [id] = await addHomes(db, source, 1, 'restarted')
    const before = await subscribe(t, server.url, everything.replace('"0"', `"${last}"`))
    await until(() => before.heard.changes.length >= 1)
    await server.close()
    await until(() => before.heard.isClosed)
    t.ok(before.heard.isClosed)

    await db.query('update properties_live set price_eur = 1, room_count = 1 where id = $1', [id])
    server = await start(db)
    const after = await subscribe(
      t,
      server.url,
      everything.replace('"0"', `"${before.heard.changes.at(-1)?.position}"`),
    )
    await until(() => after.heard.changes.length >= 2)
    t.strictSame(
      [...before.heard.changes, ...after.heard.changes].map(({ position }) => position),
      [last + 1, last + 2, last + 3].map(String),
    )

    const peer = new pg.Client({ connectionString: db.serverUrl })
    await peer.connect()
    t.teardown(() => peer.end())
    const lost = await peer.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'parcelle changes' and datname = current_database()`,
    )
    t.equal(lost.rowCount, 1)
    await db.query('update properties_live set price_eur = 2 where id = $1', [id])
    await until(() => after.heard.changes.length >= 3)
    await db.query('update properties_live set price_eur = 3 where id = $1', [id])
    await until(() => after.heard.changes.length >= 4)
    t.strictSame(
      after.heard.changes.map(({ position }) => position),
      [last + 2, last + 3, last + 4, last + 5].map(String),
    )
  },
)

t.test('a subscriber that leaves is forgotten', async (t) => {
  const { close } = await subscribe(t, server.url, everything)
  const asked = async () => {
    const [row] = await db.query<{ count: number }>(
      `select count(*)::integer as count from pg_stat_activity
       where datname = current_database() and application_name = 'parcelle server' and state = 'active'`,
    )
    return row?.count
  }
  await new Promise((resolve) => setTimeout(resolve, 200))
  close()
  await new Promise((resolve) => setTimeout(resolve, 100))
  t.equal(await asked(), 0)
})

t.test('pages of other sites are refused', async (t) => {
  await t.rejects(subscribe(t, server.url, everything, { origin: 'https://elsewhere.example' }))
  await t.rejects(subscribe(t, server.url, everything, { origin: 'null' }))
  await t.resolves(subscribe(t, server.url, everything, { origin: server.url }))
})

t.test('a visitor sees no change', async (t) => {
  const client = new pg.Client({ connectionString: db.serverUrl })
  await client.connect()
  t.teardown(() => client.end())
  await client.query('set role app_visitor')
  await t.rejects(client.query('select app_public.change_events_since(0)'), { code: '42501' })
})
