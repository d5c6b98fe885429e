import t from 'tap'
import { snapshot } from '../../sql/deploy/snapshot.ts'
import { project } from './project.ts'

t.test('every kind of difference shows in the snapshot', async (t) => {
  const p = await project(t)
  await p.deploy()
  const changes = [
    `alter table app_public.things add column extra text`,
    `alter table app_public.things alter column extra set default 'x'`,
    `alter table app_public.things alter column extra set not null`,
    `alter table app_public.things alter column extra set statistics 500`,
    `alter table app_public.things alter column extra set storage external`,
    `alter table app_public.things alter column extra set compression pglz`,
    `alter table app_public.things add constraint extra_short check (length(extra) < 10)`,
    `comment on constraint extra_short on app_public.things is 'short'`,
    `alter table app_public.things add constraint things_name_key unique (name)`,
    `create index extra_idx on app_public.things (extra) where extra <> ''`,
    `comment on index app_public.extra_idx is 'extra'`,
    `create statistics app_public.extra_stats on name, extra from app_public.things`,
    `alter table app_public.things set (fillfactor = 70)`,
    `alter table app_public.things force row level security`,
    `alter table app_private.parts disable row level security`,
    `create unlogged table app_private.loose (a integer generated always as identity, b integer generated always as (1) stored)`,
    `alter type app_base.kind add value 'flat'`,
    `create domain app_base.share as numeric default 0 constraint share_range check (value between 0 and 1)`,
    `create sequence app_private.numbers increment 5`,
    `grant usage on sequence app_private.numbers to app_analyst`,
    `comment on type app_base.kind is 'kinds'`,
    `comment on policy things_analyst_read on app_public.things is 'read'`,
    `comment on trigger _100_see on app_public.things is 'see'`,
    `alter table app_public.things disable trigger _100_see`,
    `alter policy things_analyst_read on app_public.things using (id > 0)`,
    `alter policy things_analyst_read on app_public.things to app_visitor, app_analyst`,
    `grant usage on schema app_private to app_analyst`,
    `comment on schema app_private is 'private'`,
    `alter default privileges in schema app_public grant select on tables to app_visitor`,
    `alter function app_public.first_name() cost 7`,
    `alter view app_public.named_things set (security_invoker = off)`,
    `create extension citext with schema extensions`,
    `create collation app_base.french (provider = icu, locale = 'fr')`,
    `create procedure app_private.nothing() language sql as $$ select 1 $$`,
    `create aggregate app_private.total (integer) (sfunc = int4_sum, stype = bigint)`,
  ]
  let schema = await snapshot(p.db.url)
  for (const change of changes) {
    await p.db.query(change)
    const next = await snapshot(p.db.url)
    t.not(next, schema, change)
    schema = next
  }
  t.equal(await snapshot(p.db.url), schema, 'and none without one')
})
