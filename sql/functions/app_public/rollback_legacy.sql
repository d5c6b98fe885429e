-- requires: sql/functions/app_private/open_legacy_settings.sql
-- requires: sql/functions/app_public/pause_source.sql
-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.rollback_legacy(reason text default null)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  settings app_private.legacy_settings := app_private.open_legacy_settings();
begin
  perform app_public.pause_source(s.code, 'rollback to pulled_properties')
  from app_public.sources as s
  where s.paused_at is null
  order by s.code;
  update app_private.legacy_settings as s
  set reads_from = 'pulled', decided_by = session_user, decided_at = clock_timestamp();
  perform app_private.record_admin_action('rollback_legacy', 'properties_current',
    jsonb_strip_nulls(jsonb_build_object('reason', rollback_legacy.reason, 'read_from', settings.reads_from)));
  return app_public.legacy_status();
end
$$;

comment on function app_public.rollback_legacy(text) is $$
Lets readers of properties_current see the older table again and pauses every source, so that nothing changes
meanwhile. Live homes, staging, history and audit stay; resume the sources one by one when it is safe.

PC404: there is no table pulled_properties. PC409: it is retired.
$$;

grant execute on function app_public.rollback_legacy(text) to app_analyst;
