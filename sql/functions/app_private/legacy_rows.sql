-- requires: sql/functions/app_private/legacy_query.sql

create function app_private.legacy_rows()
returns setof app_public.property_scrapes_staging
language plpgsql
stable
rows 100000
set search_path = pg_catalog, pg_temp
set datestyle = 'ISO'
as $$
declare
  fields text;
begin
  select string_agg(
    case
      when a.attname = 'id' then '0::bigint'
      when a.attname = 'bucket' then '0'
      when a.attname = 'session_id' then '''00000000-0000-0000-0000-000000000000''::uuid'
      when a.attname = 'scraped_at' then 'coalesce(q.scraped_at, ''-infinity'')'
      when a.attgenerated <> '' then 'null::bigint'
      else format('q.%I', a.attname)
    end,
    ', ' order by a.attnum
  ) into fields
  from pg_attribute as a
  where a.attrelid = 'app_public.property_scrapes_staging'::regclass and a.attnum > 0 and not a.attisdropped;
  return query execute format(
    'select %s from (
       select distinct on (r.source_key) r.* from (%s) as r
       order by r.source_key, r.scraped_at desc nulls last, r.row_order desc nulls last
     ) as q', fields, app_private.legacy_query());
end
$$;

comment on function app_private.legacy_rows() is $$
The rows of public.pulled_properties in the form of staging, one for each key: the one pulled last.

PC404: there is no such table.
$$;
