create function app_private.attach_transaction_changes(release integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  name text := 'transaction_changes_' || release;
begin
  execute format('alter table app_public.%I alter release_id set not null, alter transaction_id set not null,
    alter kind set not null, enable row level security', name);
  execute format('alter table app_public.%I add constraint transaction_changes_field_named
    check ((kind = ''corrected'') = (field_name is not null))', name);
  execute format('alter table app_public.transaction_changes attach partition app_public.%I for values in (%s)',
    name, release);
  execute format('analyze app_public.%I', name);
end
$$;

comment on function app_private.attach_transaction_changes(integer) is $$
Makes the table of a release's changes, filled aside, a partition of app_public.transaction_changes.
$$;
