create function app_private.list_scrapes(run integer)
returns setof app_private.stage_item
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  params jsonb := (select r.params from app_public.pipeline_runs as r where r.id = run);
  codes text[] := array(
    select s.code
    from app_public.sources as s
    where s.code = params ->> 'source'
      or not params ? 'source' and s.is_enabled and s.paused_at is null and s.base_url is not null
        and s.kind in ('explorer', 'portal', 'feed', 'sitemap')
    order by s.code
  );
begin
  if codes = '{}' and params ? 'source' then
    raise exception 'source % does not exist', quote_literal(params ->> 'source')
      using errcode = 'PC404', hint = 'List the sources with: parcelle sources list';
  end if;
  perform app_private.check_scrape_wish(c.code, params) from unnest(codes) as c (code);
  return query
  select c.code, params || jsonb_build_object('source', c.code, 'sync', false), null::integer
  from unnest(codes) as c (code);
end
$$;

comment on function app_private.list_scrapes(integer) is $$
The source of the run's params, with all of them; without one every source that works and has an address.

PC404: there is no such source. PC403: what is asked for is not for this way in; see check_scrape_wish.
$$;
