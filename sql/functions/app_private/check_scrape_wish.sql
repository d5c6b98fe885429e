create function app_private.check_scrape_wish(source text, parameters jsonb)
returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
  if parameters ?| '{file,task_id}' then
    raise exception 'parameters file and task_id are not for this way in'
      using errcode = 'PC403', hint = 'Read a file with: parcelle scrape --source CODE --file FILE';
  end if;
  -- Private addresses are asked on behalf of a local source: those of its own host only.
  if exists (
    select
    from app_public.sources as s
    where s.code = check_scrape_wish.source and s.is_local
      and app_private.source_host(parameters ->> 'url') <> coalesce(app_private.source_host(s.base_url), '')
  ) then
    raise exception '% is no page of source %', parameters ->> 'url', check_scrape_wish.source
      using errcode = 'PC403', hint = 'Give a page of the source''s own host.';
  end if;
end
$$;

comment on function app_private.check_scrape_wish(text, jsonb) is $$
Refuses what only whoever sits at the machine may have a scrape read: its files, and private addresses beside the source's own.

PC403: such a thing is asked for.
$$;
