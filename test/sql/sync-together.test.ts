import t from 'tap'
import { database } from '../lib/database.ts'
import { contentOf, homes, makeSource, stage, sync } from '../lib/sessions.ts'

t.test('two sessions of one source at once end as one after the other', async (t) => {
  const staged = async () => {
    const db = await database(t)
    const source = await makeSource(db)
    const first = await stage(db, source, homes(1, 150))
    return { db, sessions: [first, await stage(db, source, homes(6, 155), { isComplete: false })] }
  }
  const together = await staged()
  await Promise.all(
    together.sessions.map((id) => together.db.pool.query('select app_public.sync_session($1)', [id])),
  )
  const oneByOne: unknown[] = []
  for (const order of [1, -1]) {
    const { db, sessions } = await staged()
    for (const id of order === 1 ? sessions : sessions.toReversed()) await sync(db, id)
    oneByOne.push(await contentOf(db))
  }
  const ended = JSON.stringify(await contentOf(together.db))
  t.ok(oneByOne.some((content) => JSON.stringify(content) === ended))
})

t.test('ten sessions of different sources at once end as one by one', async (t) => {
  const [together, apart] = [await database(t), await database(t)]
  for (const db of [together, apart]) {
    const ids: string[] = []
    for (let i = 0; i < 10; i++) {
      const source = await makeSource(db, `portal-${i}`)
      await sync(db, await stage(db, source, homes(i, i + 60)))
      ids.push(await stage(db, source, homes(i + 2, i + 63)))
    }
    if (db === together) {
      await Promise.all(ids.map((id) => db.pool.query('select app_public.sync_session($1)', [id])))
    } else {
      for (const id of ids) await sync(db, id)
    }
  }
  t.same(await contentOf(together), await contentOf(apart))
  const [chain] = await together.query<{ batches: number }>(
    `select count(*)::integer as batches from app_public.change_batches where sealed_at is null`,
  )
  t.equal(chain?.batches, 0, 'and every batch is sealed')
})

t.test('workers sync a batch, sessions of one source in their order', async (t) => {
  const db = await database(t)
  await makeSource(db, 'a')
  await makeSource(db, 'b')
  const ids = [
    await stage(db, 'a', homes(1, 5)),
    await stage(db, 'a', homes(1, 6)),
    await stage(db, 'b', homes(1, 7)),
  ]
  const queued = await db.query<{ session_id: string; queue: string }>(
    'select * from app_public.batch_sync_workflow($1, 4)',
    [ids],
  )
  t.equal(queued.length, 3)
  t.equal(queued[0]?.queue, queued[1]?.queue)
  t.not(queued[0]?.queue, queued[2]?.queue)
  await t.rejects(db.query('select * from app_public.batch_sync_workflow($1, 0)', [ids]), { code: 'PC400' })
  await t.rejects(db.query('select * from app_public.batch_sync_workflow(array[gen_random_uuid()])'), {
    code: 'PC404',
  })
})
