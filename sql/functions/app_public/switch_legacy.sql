-- requires: sql/functions/app_private/open_legacy_settings.sql
-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.switch_legacy()
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  settings app_private.legacy_settings := app_private.open_legacy_settings();
begin
  if not exists (
    select from app_public.scrape_sessions as s
    join app_public.sources as r on r.id = s.source_id and r.code = 'legacy'
    where s.status = 'completed' and s.kind = 'report'
  ) then
    raise exception 'pulled_properties has not been migrated'
      using errcode = 'PC409', hint = 'Migrate it first: parcelle legacy migrate';
  end if;
  if settings.reads_from <> 'live' then
    update app_private.legacy_settings as s
    set reads_from = 'live', decided_by = session_user, decided_at = clock_timestamp();
    perform app_private.record_admin_action('switch_legacy', 'properties_current');
  end if;
  return app_public.legacy_status();
end
$$;

comment on function app_public.switch_legacy() is $$
Lets readers of properties_current see the live homes instead of the older table; what legacy_status says then.

PC404: there is no table pulled_properties. PC409: it has not been migrated, or is retired.
$$;

grant execute on function app_public.switch_legacy() to app_analyst;
