create function app_private.known_homes(source text, keys text[])
returns table (source_key text, price_eur numeric, is_kept boolean, read_at timestamptz)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    select
      l.source_key::text, l.price_eur,
      l.status not in ('likely_removed', 'removed') and l.session_id is not null,
      (select n.started_at from app_public.scrape_sessions as n where n.id = l.session_id)
    from app_public.properties_live as l
    join app_public.sources as o on o.id = l.source_id
    where o.code = known_homes.source and l.source_key = any (keys);
end
$$;

comment on function app_private.known_homes(text, text[]) is $$
Those of the keys that are live homes of a source, with their price, and whether they are on the market as
far as is known, so that one that looks the same need not be read anew (is_kept). `read_at` is when the session began that it was changed by last.
$$;
