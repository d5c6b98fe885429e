-- requires: sql/functions/app_private/rule_value.sql
-- requires: sql/functions/app_private/scan_base.sql

create function app_private.record_failures(
  session app_public.scrape_sessions, rules app_public.validation_rules[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  values_of text;
begin
  insert into app_public.validation_failures (
    session_id, rule_id, rule_version, severity, staged_id, source_key, field_name, failed_value
  )
  select session.id, r.id, r.version, r.severity, k.row_id, k.source_key, r.field_name, k.failed_value
  from pg_temp.key_failures as k
  join unnest(rules) as r on r.id = k.rule_id;

  select string_agg(format('when %s then %s', r.id, app_private.rule_value(r)), ' ' order by r.id) into values_of
  from unnest(rules) as r
  where exists (select from pg_temp.rule_failures as f where f.rule_id = r.id);
  if values_of is null then
    return;
  end if;
  execute format(
    'insert into app_public.validation_failures (
       session_id, rule_id, rule_version, severity, staged_id, source_key, field_name, failed_value
     )
     select $1, v.id, v.version, v.severity, r.row_id, r.source_key, v.field_name, case f.rule_id %s end
     from pg_temp.rule_failures as f
     join (select u.* from unnest($2) as u) as v on v.id = f.rule_id
     join (%s) as r on r.row_id = f.row_id
     where not exists (select from pg_temp.key_failures as k where (k.row_id, k.rule_id) = (f.row_id, f.rule_id))',
    values_of, app_private.scan_base(session)
  ) using session.id, rules;
end
$$;

comment on function app_private.record_failures(app_public.scrape_sessions, app_public.validation_rules[]) is $$
Writes what pg_temp.rule_failures and pg_temp.key_failures hold to validation_failures, with key and value.
$$;
