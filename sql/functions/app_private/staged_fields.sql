create function app_private.staged_fields()
returns text[]
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select array_agg(a.attname::text order by a.attnum)
  from pg_attribute as a
  where a.attrelid = 'app_public.property_scrapes_staging'::regclass
    and a.attnum > 0 and not a.attisdropped and a.atttypid = 'text'::regtype
$$;

comment on function app_private.staged_fields() is $$
The names under which a source's fields are staged as text: source_key, property_url, …, description.
$$;
