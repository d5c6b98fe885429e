-- requires: sql/functions/app_private/run_rules.sql
-- requires: sql/functions/app_private/rule_outcome.sql
-- requires: sql/functions/app_private/rule_value.sql

create function app_private.try_on_rows(
  rule app_public.validation_rules, session app_public.scrape_sessions, base text
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  verdict record;
  checked bigint;
  failed bigint;
  samples jsonb;
  message text;
begin
  perform app_private.open_judgement();
  if app_private.rule_sort(rule) = 'session' then
    perform app_private.judge_whole_session(rule, session);
  elsif app_private.rule_sort(rule) = 'keys' then
    perform app_private.judge_keys(rule, session);
  else
    perform app_private.run_rules(array[rule], base, session);
  end if;
  select b.message into message from pg_temp.broken_rules as b;
  if message is not null then
    return jsonb_build_object('outcome', 'broken', 'details', jsonb_build_object('message', message));
  end if;
  select v.* into verdict from pg_temp.session_verdicts as v;
  if found then
    return jsonb_build_object(
      'outcome', app_private.rule_outcome(rule, verdict.is_applicable::integer, verdict.is_failed::integer),
      'checked_count', verdict.is_applicable::integer, 'failed_count', verdict.is_failed::integer,
      'details', verdict.details
    );
  end if;
  if app_private.rule_sort(rule) = 'keys' then
    select count(*) into failed from pg_temp.key_failures as k;
    select jsonb_agg(jsonb_build_object('source_key', k.source_key, 'value', k.failed_value)) into samples
    from (select k.* from pg_temp.key_failures as k order by k.row_id limit 10) as k;
    checked := (app_private.count_keys(session)).staged_count;
  else
    select count(*) into failed from pg_temp.rule_failures as f;
    select j.rule_ids[1] into checked
    from app_rules.judge(format('select 0::bigint, array[count(*)]::integer[] from (%s) as r where %s',
      base, coalesce(app_private.compile_rule_scope(rule), 'true'))) as j;
    execute format(
      'select jsonb_agg(jsonb_build_object(''source_key'', x.source_key, ''value'', x.value))
       from (
         select r.source_key, left((%s)::text, 200) as value
         from (%s) as r
         where r.row_id in (select f.row_id from pg_temp.rule_failures as f order by f.row_id limit 10)
         order by r.row_id
       ) as x', app_private.rule_value(rule), base
    ) into samples;
  end if;
  return jsonb_build_object(
    'outcome', app_private.rule_outcome(rule, checked, failed), 'checked_count', checked, 'failed_count', failed,
    'samples', coalesce(samples, '[]')
  );
end
$$;

comment on function app_private.try_on_rows(app_public.validation_rules, app_public.scrape_sessions, text) is $$
What a rule says of the rows that `base` gives: outcome, how many it judged, how many failed, ten of them.
$$;
