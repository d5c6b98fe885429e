-- requires: sql/functions/app_private/open_legacy_settings.sql
-- requires: sql/functions/app_public/compare_legacy.sql
-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.retire_legacy()
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  settings app_private.legacy_settings := app_private.open_legacy_settings();
  comparison jsonb;
begin
  if settings.reads_from <> 'live' then
    raise exception 'readers still see pulled_properties'
      using errcode = 'PC409', hint = 'Switch them first: parcelle legacy switch';
  end if;
  comparison := app_public.compare_legacy();
  if not (comparison ->> 'is_clean')::boolean then
    raise exception 'pulled_properties and the live homes differ: % missing, % differing, % extra',
        comparison ->> 'missing', comparison ->> 'differing', comparison ->> 'extra'
      using errcode = 'PC409', hint = 'See which with: parcelle legacy compare; then migrate again.';
  end if;
  update app_private.legacy_settings as s
  set retired_at = clock_timestamp(), decided_by = session_user, decided_at = clock_timestamp();
  perform app_private.record_admin_action('retire_legacy', 'pulled_properties', comparison - 'samples');
  return app_public.legacy_status();
end
$$;

comment on function app_public.retire_legacy() is $$
Declares that the older table pulled_properties is no longer needed: readers see the live homes for good. The table
stays; whoever owns it may drop it now.

PC404: there is no such table. PC409: readers still see it, it differs from the live homes, or it is retired already.
$$;

grant execute on function app_public.retire_legacy() to app_analyst;
