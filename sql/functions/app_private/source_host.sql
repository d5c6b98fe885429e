create function app_private.source_host(url text)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when m.parts[1] = 'http' then regexp_replace(m.parts[2], ':80$', '')
    else regexp_replace(m.parts[2], ':443$', '')
  end
  from regexp_match(lower(url), '^(https?)://(?:[^/@?#]*@)?([^/?#]+)') as m (parts)
$$;

comment on function app_private.source_host(text) is $$
The host of an address, with its port where it is not the usual one; null for what is no address.

    select app_private.source_host('https://example.org:443/a');  -- example.org
$$;
