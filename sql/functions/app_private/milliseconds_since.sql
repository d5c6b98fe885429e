create function app_private.milliseconds_since(began timestamptz)
returns integer
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
  select (extract(epoch from clock_timestamp() - began) * 1000)::integer
$$;

comment on function app_private.milliseconds_since(timestamptz) is $$
Milliseconds of wall clock since an instant.
$$;
