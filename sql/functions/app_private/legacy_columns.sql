-- requires: sql/functions/app_private/legacy_aliases.sql

create function app_private.legacy_columns()
returns table (column_name text, meant text)
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  with given as (
    select
      a.attname::text as name,
      a.attnum,
      -- Lists and objects are no text of a field.
      y.typcategory <> 'A' and y.typname not in ('json', 'jsonb', 'hstore') as is_plain,
      m.meant,
      m.rank
    from pg_attribute as a
    join pg_type as y on y.oid = a.atttypid
    left join app_private.legacy_aliases() as m
      on m.alias = trim(both '_' from regexp_replace(lower(a.attname), '[^a-z0-9]+', '_', 'g'))
    where a.attrelid = to_regclass('public.pulled_properties') and a.attnum > 0 and not a.attisdropped
  )
  select
    g.name,
    case when g.is_plain and row_number() over (partition by g.meant order by g.is_plain desc, g.rank, g.attnum) = 1
      then g.meant end
  from given as g
  order by g.attnum
$$;

comment on function app_private.legacy_columns() is $$
The columns of public.pulled_properties and what each is taken for; null where it goes to the payload. No rows where
there is no such table.
$$;
