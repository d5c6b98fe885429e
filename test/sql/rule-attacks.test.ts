import t from 'tap'
import { database } from '../lib/database.ts'

/** What a rule may not do, and a text that would. */
const expressions: readonly (readonly [does: string, expression: string])[] = [
  ['sleeps', 'pg_sleep(1) is not null'],
  ['sleeps under a quoted name', '"pg_catalog"."pg_sleep"(1) is not null'],
  ['sets a setting', "set_config('statement_timeout', '0', false) is not null"],
  ['reads a setting', "current_setting('data_directory') is not null"],
  ['reads a file', "pg_read_file('/etc/passwd') is not null"],
  ['lists a folder', "exists (select from pg_ls_dir('/'))"],
  ['writes a large object', "lo_from_bytea(0, 'x') > 0"],
  ['imports a large object', "lo_import('/etc/passwd') > 0"],
  ['reads a large object', 'lo_get(1) is not null'],
  ['runs a text as SQL, by way of XML', "query_to_xml('select 1', true, false, '') is not null"],
  ['reads a table by way of XML', "table_to_xml('pg_authid', true, false, '') is not null"],
  ['runs a text as SQL, by way of text search', "exists (select from ts_stat('select to_tsvector(''a'')'))"],
  ['rewrites by a query', "ts_rewrite('a', 'select ''b''::tsquery, ''c''::tsquery') is not null"],
  ['cancels somebody', 'pg_cancel_backend(1)'],
  ['ends a connection', 'pg_terminate_backend(1)'],
  ['takes a lock', 'pg_advisory_lock(1) is null'],
  ['draws from a sequence', "nextval('app_private.staged_row_seq') > 0"],
  ['throws dice', 'random() < 0.5'],
  ['asks what time it really is', 'clock_timestamp() > now()'],
  ['makes an identifier', 'gen_random_uuid() is not null'],
  ['notifies', "pg_notify('a', 'b') is null"],
  ['reloads the server', 'pg_reload_conf()'],
  ['reads who is connected', 'exists (select from pg_stat_activity)'],
  ['reads passwords', 'exists (select from pg_authid)'],
  ['reads another schema', 'exists (select from app_private.audit_keys)'],
  ['reads bookkeeping', 'exists (select from app_deploy.migrations)'],
  ['reads a table that is not for rules', 'exists (select from app_public.scrape_sessions)'],
  ['calls a function of the owner', "app_private.personal_digest('a') is not null"],
  ['calls a function of an extension', "extensions.digest('a', 'md5') is not null"],
  ['calls the door of the rules', "exists (select from app_rules.judge('select 1::bigint, null::int[]'))"],
  ['makes any number of rows', 'exists (select from generate_series(1, 1000000000))'],
  ['makes rows in a select list', '(select count(*) from (select generate_series(1, 10)) as g) > 0'],
  ['locks rows', 'exists (select from properties_live for update)'],
  [
    'calls itself',
    'exists (with recursive r (n) as (select 1 union all select n + 1 from r) select from r where n = 0)',
  ],
  ['samples', 'exists (select from properties_live tablesample system (1))'],
  ['asks who may what', "has_table_privilege('pg_authid', 'select')"],
  ['looks up where the server is', "inet_server_addr() is null or version() <> ''"],
]

/** Texts that are no condition, or more than one. */
const unreadable: readonly (readonly [is: string, expression: string])[] = [
  ['a second statement', 'true; drop table app_public.properties_live'],
  ['a second statement behind a bracket', 'true); select pg_sleep(1'],
  ['a bracket too many', 'true) or (true'],
  ['a second column', 'true), (true'],
  ['a comment that hides what follows', 'true -- '],
  ['a comment in the middle', 'true /* and */'],
  ['an open quote', "title = 'a"],
  ['an open identifier', '"title = 1'],
  ['a dollar-quoted text', 'title = $a$ $a$'],
  ['a parameter', 'price > $1'],
  ['an escape text', "title = E'\\' or true --'"],
  ['a unicode text', "title = U&'\\0027'"],
  ['a writing CTE', 'exists (with d as (delete from properties_live returning 1) select from d)'],
  ['an insert', 'insert into properties_live default values'],
  ['a field that is none', 'prix > 1'],
  ['no condition', 'price'],
  ['nothing', '  '],
  ['a setting of the session', 'set role app_analyst'],
  ['PL/pgSQL', 'begin return true; end'],
]

const queries: readonly (readonly [does: string, query: string])[] = [
  ['writes', 'delete from staged_properties returning source_key'],
  [
    'writes in a CTE',
    'with d as (delete from staged_properties returning source_key) select source_key from d',
  ],
  ['writes at the end', "select 'a'; delete from staged_properties"],
  ['copies', "copy staged_properties to program 'cat'"],
  ['runs a block', 'do $$ begin end $$'],
  ['calls a procedure', 'call app_private.nothing()'],
  ['makes a table', 'select source_key into stolen from staged'],
  ['locks', 'select source_key from staged_properties for update'],
  ['sleeps', 'select source_key from staged where pg_sleep(10) is null'],
  ['reads another table', 'select code from app_public.sources'],
  ['reads settings', "select current_setting('app.secret', true)"],
  ['explains', 'explain analyze select source_key from staged'],
  [
    'breaks out',
    'select source_key from staged) as q (failing_key); drop table app_public.sources; select (1',
  ],
  ['multiplies everything', crossJoin()],
]

function crossJoin(): string {
  const tables = Array.from({ length: 5 }, (_, n) => `cities as c${n}`)
  return `select c0.insee_code from ${tables.join(', ')} order by c1.name || c2.name || c3.name || c4.name`
}

t.test('what a rule may not do is refused when it is written', async (t) => {
  const db = await database(t)
  const insert = (type: string, config: unknown, scope: string | null = null) =>
    db.query(
      `insert into validation_rules (rule_name, field_name, rule_type, rule_config, scope_where)
       values ('attack', 'price', $1, $2, $3)`,
      [type, JSON.stringify(config), scope],
    )
  for (const [does, expression] of expressions) {
    await t.rejects(
      insert('expression', { expression }),
      { code: 'PC422', hint: /may read/ },
      `which ${does}`,
    )
  }
  for (const [is, expression] of unreadable) {
    await t.rejects(insert('expression', { expression }), { code: 'PC400' }, `which holds ${is}`)
  }
  for (const [does, scope] of expressions.slice(0, 3)) {
    await t.rejects(insert('required', {}, scope), { code: 'PC422' }, `whose scope ${does}`)
  }
  for (const [does, query] of queries) {
    await t.rejects(insert('query', { query }), { code: /^PC4(00|22)$/ }, `whose query ${does}`)
  }
  t.same(await db.query(`select * from validation_rules where rule_name = 'attack'`), [])
  t.same(
    await db.query(
      `select p.proname from pg_proc as p
       where p.pronamespace = 'app_rules'::regnamespace and p.proname ~ '^(rule|scope)_' and not exists (
         select from validation_rules as r where p.proname in ('rule_' || r.id, 'scope_' || r.id)
       )`,
    ),
    [],
    'and leaves no function behind',
  )
})

t.test('the role that runs rules may read staging, live and reference, and nothing else', async (t) => {
  const db = await database(t)
  const rights = await db.query<{ name: string; privilege: string }>(`
    select c.oid::regclass::text as name, p.privilege
    from pg_class as c
    cross join unnest('{select,insert,update,delete,truncate,references,trigger}'::text[]) as p (privilege)
    where c.relkind in ('r', 'p', 'v', 'm') and c.relnamespace::regnamespace::text in (
      'app_public', 'app_private', 'app_deploy', 'graphile_worker'
    ) and has_table_privilege('app_rule', c.oid, p.privilege)
    order by 1, 2`)
  t.same(
    rights.map(({ name, privilege }) => `${privilege} ${name.replace('app_public.', '')}`),
    [
      'cities',
      'city_postal_codes',
      'department_boxes',
      'departments',
      'former_cities',
      'listing_stats',
      'market_stats',
      'properties_live',
      'property_scrapes_staging',
      'regions',
      'staged_properties',
    ].map((name) => `select ${name}`),
  )
  const [role] = await db.query(
    `select r.rolcanlogin, r.rolsuper, r.rolcreaterole, r.rolbypassrls,
       has_schema_privilege('app_rule', 'app_rules', 'create') as creates,
       has_schema_privilege('app_rule', 'app_private', 'usage') as "entersPrivate"
     from pg_roles as r where r.rolname = 'app_rule'`,
  )
  t.same(role, {
    rolcanlogin: false,
    rolsuper: false,
    rolcreaterole: false,
    rolbypassrls: false,
    creates: false,
    entersPrivate: false,
  })
  t.same(
    await db.query(`
      select p.proname from pg_proc as p
      where p.pronamespace = 'app_rules'::regnamespace and (
        p.proowner <> 'app_rule'::regrole or has_function_privilege('app_analyst', p.oid, 'execute')
        or has_function_privilege('parcelle_server', p.oid, 'execute')
      )`),
    [],
    'its functions are its own, and no application role may call them',
  )
  await db.query(`insert into validation_rules (rule_name, rule_type, rule_config, scope_where)
    values ('mine', 'expression', '{"expression": "price / surface < 30000"}', 'rooms > 1')`)
  t.same(
    await db.query(`
      select distinct p.proowner::regrole::text as owner, p.prosecdef
      from pg_proc as p
      where p.proname ~ '^(rule|scope)_' and p.pronamespace = 'app_rules'::regnamespace`),
    [{ owner: 'app_rule', prosecdef: false }],
  )
})
