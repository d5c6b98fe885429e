create function app_private.drop_staging_partition(bucket integer)
returns boolean
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
-- Dropping keeps readers of all staging out for a moment: it waits no longer for them than that.
set lock_timeout = '300ms'
as $$
declare
  suffix text := app_private.staging_suffix(bucket);
begin
  execute format('drop table if exists app_public.%I, app_public.%I',
    'property_scrapes_staging_' || suffix, 'staged_properties_' || suffix);
  return true;
exception when lock_not_available then
  return false;
end
$$;

comment on function app_private.drop_staging_partition(integer) is $$
Drops the partitions of a bucket; false when somebody is reading staging and they have to wait for the next cleanup.
$$;
