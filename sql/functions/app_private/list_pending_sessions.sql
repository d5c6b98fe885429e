create function app_private.list_pending_sessions(run integer)
returns setof app_private.stage_item
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select o.code || ' ' || n.session_no, jsonb_build_object('sessionId', n.id), o.id::integer
  from app_public.scrape_sessions as n
  join app_public.sources as o on o.id = n.source_id
  where n.status = 'queued' and n.finished_at is not null and o.is_enabled and o.paused_at is null
  order by n.session_no
$$;

comment on function app_private.list_pending_sessions(integer) is $$
The sessions that are filled and wait for their sync, of sources that work; those of a source keep their order.
$$;
