create function app_private.list_scraped_sessions(run integer)
returns setof app_private.stage_item
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select o.code || ' ' || n.session_no, jsonb_build_object('sessionId', n.id), o.id::integer
  from app_public.pipeline_runs as r
  left join app_public.pipeline_run_stages as s on s.run_id = r.id and s.stage = 'scrape'
  left join app_public.pipeline_tasks as t on t.run_id = s.run_id and t.stage_no = s.stage_no and t.status = 'succeeded'
  join app_public.scrape_sessions as n on n.id = coalesce(t.result ->> 'sessionId', r.params ->> 'session_id')::uuid
  join app_public.sources as o on o.id = n.source_id
  where r.id = $1 and n.finished_at is not null and n.status in ('queued', 'running', 'completed')
  order by n.session_no
$$;

comment on function app_private.list_scraped_sessions(integer) is $$
The sessions that the scrapes of a run filled, those of a source in their order; in a partial run the one of
`session_id`. One that was blocked or held has nothing to go on with.
$$;
