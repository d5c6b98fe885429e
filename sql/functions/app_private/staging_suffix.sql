create function app_private.staging_suffix(bucket integer)
returns text
language sql
immutable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when bucket < 0 then 'session_' || -bucket
    else to_char(date '2000-01-01' + bucket, 'YYYYMMDD')
  end
$$;

comment on function app_private.staging_suffix(integer) is $$
What the names of a bucket's partitions end in: its day, or the number of its session.

    select app_private.staging_suffix(-12), app_private.staging_suffix(9821);  -- session_12, 20261121
$$;
