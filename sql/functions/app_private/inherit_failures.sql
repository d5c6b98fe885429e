-- requires: sql/functions/app_private/rule_value.sql
-- requires: sql/functions/app_private/live_base.sql

create function app_private.inherit_failures(session app_public.scrape_sessions)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  rules app_public.validation_rules[];
  values_of text;
begin
  if to_regclass('pg_temp.session_todo') is null
    or not exists (
      select from app_public.properties_live as l
      where l.source_id = session.source_id and l.failed_rule_ids is not null
    ) then
    return;
  end if;
  select array_agg(r order by r.id),
    string_agg(format('when %s then %s', r.id, app_private.rule_value(r)), ' ' order by r.id)
  into rules, values_of
  from app_private.active_rules(session.source_id) as r
  where app_private.rule_sort(r) in ('row', 'rows');
  if rules is null then
    return;
  end if;
  execute format(
    'insert into app_public.validation_failures (
       session_id, rule_id, rule_version, severity, source_key, field_name, failed_value, is_inherited
     )
     select $1, v.id, v.version, v.severity, r.source_key, v.field_name, case v.id %s end, true
     from (%s and l.failed_rule_ids is not null) as r
     join lateral unnest(r.failed_rule_ids) as f (rule_id) on true
     join (select u.* from unnest($2) as u) as v on v.id = f.rule_id
     where exists (
         select from app_private.property_sighting_blocks as b
         where b.session_no = $3 and b.block_no = (r.row_id >> 10)::integer
           and (r.row_id & 1023)::smallint = any (b.offsets)
       )
       and not exists (select from pg_temp.session_todo as t where t.property_id = r.row_id)',
    values_of, app_private.live_base(session.source_id)
  ) using session.id, rules, session.session_no;
end
$$;

comment on function app_private.inherit_failures(app_public.scrape_sessions) is $$
Writes the failures of live homes that a session saw unchanged to validation_failures: they keep the verdict they had,
as far as its rules are still in force.
$$;
