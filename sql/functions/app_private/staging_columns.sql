create function app_private.staging_columns()
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select string_agg(quote_ident(a.attname), ', ' order by a.attnum)
  from pg_attribute as a
  where a.attrelid = 'app_public.property_scrapes_staging'::regclass
    and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
$$;

comment on function app_private.staging_columns() is $$
The columns of property_scrapes_staging that are stored, as they are written in SQL.
$$;
