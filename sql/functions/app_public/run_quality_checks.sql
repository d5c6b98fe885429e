-- requires: sql/functions/app_private/record_quality_metrics.sql
-- requires: sql/types/app_public/quality_check.sql
-- security definer: app_analyst measures what it may read anyway, but history is appended by the owner. Until there are
-- API keys, whoever reaches the server on a loopback address is the operator.

create function app_public.run_quality_checks(session_id uuid default null)
returns setof app_public.quality_check
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  wanted constant uuid := run_quality_checks.session_id;
  checked uuid;
begin
  if wanted is not null and not exists (select from app_public.scrape_sessions as s where s.id = wanted) then
    raise exception 'there is no session %', wanted
      using errcode = 'PC404', hint = 'List the sessions with list_sessions().';
  end if;
  for checked in
    select s.id
    from app_public.sources as o
    cross join lateral (
      select s.id from app_public.scrape_sessions as s
      where s.source_id = o.id and s.kind = 'report'
        and case when wanted is null then s.status = 'completed' else s.id = wanted end
      order by s.applied_at desc nulls last, s.session_no desc
      limit 1
    ) as s
    order by o.code
  loop
    perform app_private.record_quality_metrics(checked);
    return query
    select o.code, checked, t.metric, t.description, q.value, t.is_upper_bound, t.warn_at, t.fail_at,
      app_private.metric_outcome(q.value, t.is_upper_bound, t.warn_at, t.fail_at), q.measured_at
    from app_public.quality_thresholds as t
    join lateral (
      select q.source_id, q.value, q.measured_at
      from app_public.data_quality_metrics as q
      where q.session_id = checked and q.metric = t.metric and q.field_name is null
      order by q.id desc
      limit 1
    ) as q on true
    join app_public.sources as o on o.id = q.source_id
    order by t.metric;
  end loop;
end
$$;

comment on function app_public.run_quality_checks(uuid) is $$
Measures a session, or without one the last completed session of every source, and says which thresholds it keeps.

Appends what it measured to data_quality_metrics. A source that has never completed a session is left out. Shares are
of the rows a session brought; under 20 of them the outcome is `not_applicable`.

    select source, metric, value, outcome from run_quality_checks() where outcome in ('warned', 'failed');

PC404: there is no such session.
$$;

grant execute on function app_public.run_quality_checks(uuid) to app_analyst;
