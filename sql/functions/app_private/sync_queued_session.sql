create function app_private.sync_queued_session(session uuid)
returns app_public.sync_report
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (
    select from app_public.scrape_sessions as s where s.id = session and s.status not in ('queued', 'running')
  ) then
    return null;
  end if;
  return app_private.apply_session(session);
end
$$;

comment on function app_private.sync_queued_session(uuid) is $$
Syncs a session for the worker; null when it was decided before its turn came, since a job may run twice.

PC404, PC409: as sync_session.
$$;
