import t from 'tap'
import { database } from './database.ts'
import { asRole } from './role.ts'

t.test('a test has a database of its own, deployed, with the search path of the real one', async (t) => {
  const one = await database(t)
  const two = await database(t)
  await one.query('create table only_here ()')
  t.strictSame(await two.query(`select to_regclass('only_here') as found`), [{ found: null }])
  t.strictSame((await two.pool.query('show search_path')).rows, [
    { search_path: 'app_public, public, extensions' },
  ])
})

t.test('asRole has the rights and claims of the role, and rolls back', async (t) => {
  const db = await database(t)
  await db.query('create table app_public.notes (note text)')
  await db.query('grant select, insert on app_public.notes to app_analyst')
  const seen = await asRole(db, 'app_analyst', { client_id: '7' }, async (client) => {
    await client.query(`insert into app_public.notes values ('x')`)
    const { rows } = await client.query(
      `select current_user as role, current_setting('claims.client_id') as client, count(*)::int from app_public.notes`,
    )
    return rows
  })
  t.strictSame(seen, [{ role: 'app_analyst', client: '7', count: 1 }])
  t.strictSame(await db.query('select note from app_public.notes'), [])
  await t.rejects(
    asRole(db, 'app_visitor', {}, (client) => client.query('select note from app_public.notes')),
    { code: '42501' },
  )
  t.strictSame(await db.query('select current_user <> $1 as back', ['app_visitor']), [{ back: true }])
})

t.test("the server's login role may become the application roles and nothing else", async (t) => {
  const db = await database(t)
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: db.serverUrl })
  await client.connect()
  t.teardown(() => client.end())
  await t.rejects(client.query('select from app_public.cities'), { code: '42501' })
  await client.query('set role app_analyst')
  await client.query('set role app_visitor')
  await t.resolves(client.query('select from app_public.cities limit 1'))
  await t.rejects(client.query('set role pg_write_all_data'), { code: '42501' })
})
