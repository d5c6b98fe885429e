-- requires: sql/functions/app_private/count_keys.sql

create function app_private.session_verdict(
  rule app_public.validation_rules, session app_public.scrape_sessions,
  out is_applicable boolean, out is_failed boolean, out details jsonb
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  config jsonb := rule.rule_config;
  counts record := app_private.count_keys(session);
  past integer[];
  usual numeric;
  share numeric;
  hours numeric;
begin
  is_applicable := true;
  case rule.rule_type
    when 'row_count' then
      is_failed := counts.staged_count not between coalesce((config ->> 'min')::integer, 0)
        and coalesce((config ->> 'max')::integer, 2147483647);
      details := jsonb_build_object('staged_count', counts.staged_count);
    when 'duplicate_rate' then
      share := round(counts.duplicate_count::numeric / nullif(counts.staged_count, 0), 4);
      is_applicable := counts.staged_count > 0;
      is_failed := share > (config ->> 'max')::numeric;
      details := jsonb_build_object('duplicate_count', counts.duplicate_count, 'duplicate_rate', share);
    when 'freshness' then
      hours := round(extract(epoch from clock_timestamp() - coalesce(session.finished_at, session.queued_at)) / 3600, 2);
      is_failed := hours > coalesce((config ->> 'max_hours')::numeric, (config ->> 'max_days')::numeric * 24);
      details := jsonb_build_object('hours', hours);
    when 'volume_vs_history' then
      select array_agg(p.staged_count) into past
      from (
        select m.staged_count
        from app_public.scrape_sessions as s
        join app_public.sync_metadata as m on m.session_id = s.id
        where s.source_id = session.source_id and s.status = 'completed' and s.kind = 'report'
          and s.session_no < session.session_no
          and s.is_complete = session.is_complete
          and (s.scope_insee_codes, s.scope_property_types) is not distinct from
            (session.scope_insee_codes, session.scope_property_types)
        order by s.session_no desc
        limit coalesce((config ->> 'sessions')::integer, 5)
      ) as p;
      select percentile_cont(0.5) within group (order by c) into usual from unnest(past) as c;
      is_applicable := coalesce(cardinality(past), 0) >= greatest(1, coalesce((config ->> 'min_sessions')::integer, 2))
        and usual > 0;
      is_failed := is_applicable and (counts.staged_count < usual * (config ->> 'min_ratio')::numeric
        or counts.staged_count > usual * (config ->> 'max_ratio')::numeric);
      details := jsonb_build_object('staged_count', counts.staged_count, 'usual_count', usual,
        'ratio', round(counts.staged_count / nullif(usual, 0), 3), 'sessions', coalesce(cardinality(past), 0));
    when 'schema_drift' then
      select v.* into is_applicable, is_failed, details from app_private.schema_drift(rule, session) as v;
    when 'distribution_drift' then
      select v.* into is_applicable, is_failed, details from app_private.distribution_drift(rule, session) as v;
    when 'coverage_by_source' then
      select v.* into is_applicable, is_failed, details from app_private.source_coverage(rule, session) as v;
  end case;
end
$$;

comment on function app_private.session_verdict(app_public.validation_rules, app_public.scrape_sessions) is $$
What a rule about the session as a whole says of it: whether there was something to judge, whether it failed, what it
measured.
$$;
