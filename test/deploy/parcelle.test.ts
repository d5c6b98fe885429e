import t from 'tap'
import { deploy } from '../../sql/deploy/deploy.ts'
import { snapshot } from '../../sql/deploy/snapshot.ts'
import { database, emptyDatabase } from '../lib/database.ts'

t.test('Parcelle deployed again, with and without force, is the same', async (t) => {
  const db = await database(t)
  const schema = await snapshot(db.url)
  t.equal((await deploy({ url: db.url })).changed, false)
  await db.query(`update app_deploy.definitions set hash = 'changed' where path ~ '^sql/(views|functions)'`)
  t.equal((await deploy({ url: db.url })).changed, true)
  t.equal(await snapshot(db.url), schema)
  const writes = `select sum(n_tup_ins + n_tup_upd + n_tup_del) as writes from pg_stat_user_tables
    where schemaname = 'app_public'`
  await db.query('select pg_stat_force_next_flush()')
  await deploy({ url: db.url, force: true })
  t.equal(await snapshot(db.url), schema)
  const [after] = await db.query<{ writes: string | null }>(writes)
  t.equal(Number(after?.writes ?? 0), 0, 'merging reference rows that have not changed writes nothing')
})

t.test('Parcelle deploys into an empty database as a role that is no superuser', async (t) => {
  const template = await database(t)
  const db = await emptyDatabase(t)
  t.strictSame(await db.query('select rolsuper from pg_roles where rolname = current_user'), [
    { rolsuper: false },
  ])
  const report = await deploy({ url: db.url })
  t.ok(report.migrations.length >= 2)
  t.equal(await snapshot(db.url), await snapshot(template.url))
})
