create function app_private.know_partition(session app_public.scrape_sessions)
returns void
language plpgsql
volatile
set default_statistics_target = 1
set search_path = pg_catalog, pg_temp
as $$
declare
  partition regclass;
begin
  if session.staging_bucket is null then
    return;
  end if;
  select s.tableoid into partition
  from app_public.staged_properties as s
  where s.bucket = session.staging_bucket
  limit 1;
  if partition is not null and partition <> 'app_public.staged_properties_default'::regclass then
    execute format('analyze %s (bucket, session_id)', partition);
  end if;
end
$$;

comment on function app_private.know_partition(app_public.scrape_sessions) is $$
Tells the planner that all rows of a large session's own partition are that session's, from a sample of a few hundred:
unanalysed it would expect a handful and look each of a million up in every table they are compared with.
$$;
