create function app_private.list_checked_sources(run integer)
returns setof app_private.stage_item
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select o.code, jsonb_build_object('sessionId', s.id), null::integer
  from app_public.sources as o
  cross join lateral (
    select s.id
    from app_public.scrape_sessions as s
    where s.source_id = o.id and s.kind = 'report' and s.status = 'completed'
    order by s.applied_at desc
    limit 1
  ) as s
  order by o.code
$$;

comment on function app_private.list_checked_sources(integer) is $$
The last completed session of every source.
$$;
