create function app_private.counted(n bigint, noun text)
returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
  select n || ' ' || noun || case when n = 1 then '' else 's' end
$$;

comment on function app_private.counted(bigint, text) is $$
A number of things in words.

    select app_private.counted(1, 'row'), app_private.counted(3, 'row');  -- 1 row, 3 rows
$$;
