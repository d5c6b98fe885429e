create function app_private.list_scraped_sessions(run integer)
returns setof app_private.stage_item
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select o.code || ' ' || n.session_no, jsonb_build_object('sessionId', n.id), o.id::integer
  from app_public.pipeline_run_stages as s
  join app_public.pipeline_tasks as t on t.run_id = s.run_id and t.stage_no = s.stage_no
  join app_public.scrape_sessions as n on n.id = (t.result ->> 'sessionId')::uuid
  join app_public.sources as o on o.id = n.source_id
  where s.run_id = $1 and s.stage = 'scrape' and t.status = 'succeeded'
  order by n.session_no
$$;

comment on function app_private.list_scraped_sessions(integer) is $$
The sessions that the scrapes of a run filled.
$$;
