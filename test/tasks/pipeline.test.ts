import t from 'tap'
import { database } from '../lib/database.ts'
import { begin, finish, stage } from '../lib/intake.ts'
import { ended, stagesOf, startTestWorker, trigger } from './lib/pipelines.ts'

t.test('daily_sync syncs what waits, and cleanup clears up, on a real queue', async (t) => {
  const db = await database(t)
  const ids: string[] = []
  for (const no of [1, 2]) {
    const session = await begin(db)
    await stage(db, session.id, [
      { source_key: `a${no}`, city: 'Nantes', postal_code: '44000', price: '200000', property_type: 'flat' },
    ])
    await finish(db, session.id)
    ids.push(session.id)
  }
  await startTestWorker(t, db)
  const run = await trigger(db, 'daily_sync')
  t.equal(run.status, 'running')
  t.match(await ended(db, run.id), { status: 'succeeded', error: null })
  t.same(await stagesOf(db, run.id), [
    'sync succeeded 2/2',
    'statistics succeeded 1/1',
    'quality succeeded 1/1',
  ])
  const sessions = await db.query('select status from scrape_sessions where id = any ($1)', [ids])
  t.same(
    sessions.map(({ status }) => status),
    ['completed', 'completed'],
  )
  const cleanup = await trigger(db, 'cleanup', { days: 30 })
  t.match(await ended(db, cleanup.id), { status: 'succeeded' })
  t.match(
    await db.query(
      `select result ->> 'rows_deleted' as deleted from pipeline_tasks where run_id = $1 and stage_no = 1`,
      [cleanup.id],
    ),
    [{ deleted: '0' }],
  )
})
