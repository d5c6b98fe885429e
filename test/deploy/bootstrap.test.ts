import type pg from 'pg'
import t from 'tap'
import { bootstrap, checkServer } from '../../sql/deploy/bootstrap.ts'
import { database } from '../lib/database.ts'

/** A server that says what it is asked to; only the first question matters, the second is about its roles. */
function server(says: Record<string, unknown>): pg.ClientBase {
  const good = {
    version: 180004,
    versionText: '18.4',
    database: 'market',
    me: 'somebody',
    isOwner: true,
    canCreateRoles: true,
    isRecovering: false,
  }
  return {
    query: async (text: string) => ({
      rows: [text.includes('server_version_num') ? { ...good, ...says } : { ready: says.ready ?? false }],
    }),
  } as unknown as pg.ClientBase
}

t.test('a server that cannot carry Parcelle is refused with what to do', async (t) => {
  await t.resolves(checkServer(server({})))
  await t.rejects(checkServer(server({ version: 170005, versionText: '17.5' })), {
    code: 'PC422',
    message: 'PostgreSQL 17.5 is too old, 18 or newer is needed',
    hint: /DATABASE_URL/,
  })
  await t.rejects(checkServer(server({ isRecovering: true })), { code: 'PC422', message: /standby/ })
  await t.rejects(checkServer(server({ isOwner: false })), {
    code: 'PC422',
    hint: 'Run: alter database market owner to somebody',
  })
  await t.rejects(checkServer(server({ canCreateRoles: false })), {
    code: 'PC422',
    hint: 'Run: alter role somebody createrole',
  })
  await t.resolves(
    checkServer(server({ canCreateRoles: false, ready: true })),
    'unless the roles are there already',
  )
})

t.test('the roles are as they should be, and a repeated bootstrap leaves them so', async (t) => {
  const db = await database(t)
  const roles = () =>
    db.query(`
      select r.rolname as role, r.rolcanlogin as "canLogIn", r.rolinherit as inherits, r.rolsuper as "isSuper"
      from pg_roles as r
      where r.rolname in ('app_visitor', 'app_analyst', 'app_operator', 'parcelle_server')
      order by r.rolname`)
  const operators = () =>
    db.query(`
      select a.roleid::regrole::text as role, a.inherit_option as inherits, a.set_option as "maySet"
      from pg_auth_members as a
      where a.member = 'app_operator'::regrole`)
  const members = () =>
    db.query(`
      select a.roleid::regrole::text as role, a.inherit_option as inherits, a.set_option as "maySet"
      from pg_auth_members as a
      where a.member = 'parcelle_server'::regrole
      order by 1`)
  await bootstrap(db.client)
  t.strictSame(await roles(), [
    { role: 'app_analyst', canLogIn: false, inherits: true, isSuper: false },
    { role: 'app_operator', canLogIn: false, inherits: true, isSuper: false },
    { role: 'app_visitor', canLogIn: false, inherits: true, isSuper: false },
    { role: 'parcelle_server', canLogIn: true, inherits: false, isSuper: false },
  ])
  t.strictSame(await members(), [
    { role: 'app_analyst', inherits: false, maySet: true },
    { role: 'app_operator', inherits: false, maySet: true },
    { role: 'app_visitor', inherits: false, maySet: true },
  ])
  t.strictSame(await operators(), [{ role: 'app_analyst', inherits: true, maySet: false }])
})
