import t from 'tap'
import { database } from '../lib/database.ts'
import { finds } from './lib/none.ts'

const columns = `
  from pg_catalog.pg_attribute as a
  join pg_catalog.pg_class as c on c.oid = a.attrelid
  where c.relnamespace in ('app_public'::regnamespace, 'app_private'::regnamespace)
    and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped`

t.test('names say what things are', async (t) => {
  const db = await database(t)

  await t.test(
    'an instant ends in _at or _since, a day in _on, a window in _from and _to, the first day of a period in _start or _month',
    (t) =>
      finds(
        t,
        db,
        `select format('%s.%s is %s', c.relname, a.attname, format_type(a.atttypid, null)) as offender ${columns}
        and (
          a.atttypid = 'timestamptz'::regtype and a.attname !~ '_(at|since)$'
          or a.atttypid = 'date'::regtype and a.attname !~ '_(on|start|month|from|to)$'
          or a.atttypid in ('timestamp'::regtype, 'json'::regtype, 'money'::regtype)
        )`,
      ),
  )

  await t.test('a boolean begins with is_ or has_', (t) =>
    finds(
      t,
      db,
      `select format('%s.%s', c.relname, a.attname) as offender ${columns}
        and a.atttypid = 'boolean'::regtype and a.attname !~ '(^|_)(is|has)_'`,
    ),
  )

  await t.test('a check says the fact that was broken', (t) =>
    finds(
      t,
      db,
      `select k.conname as offender
      from pg_catalog.pg_constraint as k
      where k.connamespace in ('app_public'::regnamespace, 'app_private'::regnamespace, 'app_base'::regnamespace)
        and k.contype = 'c' and k.conislocal and k.conname ~ '_check\\d*$'`,
    ),
  )

  await t.test('no two functions of app_public share a name', (t) =>
    finds(
      t,
      db,
      `select p.proname as offender
      from pg_catalog.pg_proc as p
      where p.pronamespace = 'app_public'::regnamespace
      group by p.proname
      having count(*) > 1`,
    ),
  )

  await t.test('a policy is called table_role_verb', (t) =>
    finds(
      t,
      db,
      `select format('%s on %s', p.polname, c.relname) as offender
      from pg_catalog.pg_policy as p
      join pg_catalog.pg_class as c on c.oid = p.polrelid
      where c.relnamespace in ('app_public'::regnamespace, 'app_private'::regnamespace)
        and p.polname !~ ('^' || c.relname || '_[a-z]+_(read|insert|update|delete|write)$')`,
    ),
  )

  await t.test('a trigger is called _NNN_task and calls tg_table__task', (t) =>
    finds(
      t,
      db,
      `select format('%s on %s calls %s', g.tgname, c.relname, g.tgfoid::regproc) as offender
      from pg_catalog.pg_trigger as g
      join pg_catalog.pg_class as c on c.oid = g.tgrelid
      join pg_catalog.pg_proc as p on p.oid = g.tgfoid
      where c.relnamespace in ('app_public'::regnamespace, 'app_private'::regnamespace)
        and not g.tgisinternal and g.tgparentid = 0
        and (
          g.tgname !~ '^_\\d{3}_[a-z_]+$'
          or p.pronamespace <> 'app_private'::regnamespace
          or p.proname <> format('tg_%s__%s', c.relname, substr(g.tgname, 6))
        )`,
    ),
  )
})
