-- `create table … (like …)` and `attach partition` do not wait for readers of the parent, as `create table … partition
-- of` would. Made by one at a time: two sessions of one day may begin at once.

create function app_private.open_staging_partition(wanted integer, is_attached boolean default true)
returns text
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  suffix text := app_private.staging_suffix(wanted);
  raw_name text := 'property_scrapes_staging_' || suffix;
  normal_name text := 'staged_properties_' || suffix;
begin
  if to_regclass(format('app_public.%I', raw_name)) is not null then
    return format('app_public.%I', raw_name);
  end if;
  perform pg_advisory_xact_lock(hashtext('parcelle.staging'), wanted);
  -- From the table itself: to_regclass would remember that there was none.
  if exists (
    select from pg_class as c where c.relnamespace = 'app_public'::regnamespace and c.relname = raw_name
  ) then
    return format('app_public.%I', raw_name);
  end if;

  execute format('create table app_public.%I (like app_public.property_scrapes_staging including defaults
    including generated)', raw_name);
  execute format('alter table app_public.%I alter column bucket set default %s', raw_name, wanted);
  execute format('alter table app_public.%I enable row level security', raw_name);
  execute format('create table app_public.%I (like app_public.staged_properties including defaults)', normal_name);
  execute format('alter table app_public.%I enable row level security', normal_name);
  -- A partition of one session is always read whole.
  if wanted >= 0 then
    execute format('create index on app_public.%I (session_id, id)', raw_name);
    execute format('create index on app_public.%I (session_id)', normal_name);
  end if;
  -- Known by each row as it comes, so that nobody has to look at all of them when it is attached.
  execute format('alter table app_public.%I add constraint staging_bucket_is_one check (bucket = %s)',
    raw_name, wanted);
  if is_attached then
    perform app_private.attach_staging_partition(wanted);
  end if;
  return format('app_public.%I', raw_name);
end
$$;

comment on function app_private.open_staging_partition(integer, boolean) is $$
Makes the partitions of a bucket unless they are there, and names the one that takes staged rows.

`is_attached` false leaves them aside, to be filled in the same transaction and attached at its end with
app_private.attach_staging_partition, since attaching keeps others out of the default partitions.

    select app_private.open_staging_partition(9821);  -- app_public.property_scrapes_staging_20261121
$$;
