create function app_private.attach_staging_partition(wanted integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  suffix text := app_private.staging_suffix(wanted);
  name text := 'property_scrapes_staging_' || suffix;
begin
  -- Rows that came before their partition lie in the default one, where they would keep it from being attached.
  if exists (select from app_public.property_scrapes_staging_default as d where d.bucket = wanted) then
    execute format('with moved as (
        delete from app_public.property_scrapes_staging_default as d where d.bucket = %2$s returning %3$s
      )
      insert into app_public.%1$I (%3$s) select %3$s from moved',
      name, wanted, app_private.staging_columns());
  end if;
  execute format('alter table app_public.property_scrapes_staging attach partition app_public.%I for values in (%s)',
    name, wanted);
  execute format('alter table app_public.%I drop constraint staging_bucket_is_one', name);
  if exists (select from app_public.staged_properties_default as d where d.bucket = wanted) then
    execute format('with moved as (
        delete from app_public.staged_properties_default as d where d.bucket = %2$s returning *
      )
      insert into app_public.%1$I select * from moved',
      'staged_properties_' || suffix, wanted);
  end if;
  execute format('alter table app_public.staged_properties attach partition app_public.%I for values in (%s)',
    'staged_properties_' || suffix, wanted);
end
$$;

comment on function app_private.attach_staging_partition(integer) is $$
Makes the partitions of a bucket, made aside, part of property_scrapes_staging and staged_properties.
$$;
