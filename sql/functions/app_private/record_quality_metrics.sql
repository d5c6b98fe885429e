-- requires: sql/functions/app_private/measure_session.sql

create function app_private.record_quality_metrics(session uuid)
returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  measured app_public.scrape_sessions;
  recorded integer;
begin
  select s.* into measured from app_public.scrape_sessions as s where s.id = record_quality_metrics.session;
  if not found then
    raise exception 'there is no session %', session
      using errcode = 'PC404', hint = 'List the sessions with list_sessions().';
  end if;
  insert into app_public.data_quality_metrics
    (session_id, source_id, metric, field_name, value, threshold, is_passed, measured_at)
  select measured.id, measured.source_id, m.metric, m.field_name, m.value, t.fail_at,
    nullif(o.outcome, 'not_applicable') <> 'failed', clock_timestamp()
  from app_private.measure_session(measured) as m
  left join app_public.quality_thresholds as t on t.metric = m.metric and m.field_name is null
  cross join lateral app_private.metric_outcome(m.value, t.is_upper_bound, t.warn_at, t.fail_at) as o (outcome);
  get diagnostics recorded = row_count;
  return recorded;
end
$$;

comment on function app_private.record_quality_metrics(uuid) is $$
Measures a session and appends the measures to data_quality_metrics; gives how many.

Called by every sync after its promotion. PC404: there is no such session.
$$;
