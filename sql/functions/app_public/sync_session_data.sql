-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.sync_session_data(session_id uuid)
returns app_public.sync_report
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from app_public.sync_metadata as m where m.session_id = sync_session_data.session_id) then
    raise exception 'session % has not been validated', session_id
      using errcode = 'PC409', hint = 'Call validate_staging_data first, or sync_session, which does everything.';
  end if;
  return app_private.apply_session(session_id);
end
$$;

comment on function app_public.sync_session_data(uuid) is $$
The last step of a sync that is done step by step: guards and promotes a session that validate_staging_data has
prepared. Where rules or live homes have changed since, it is prepared again.

    select status from sync_session_data('8a1f…');  -- completed

PC404, PC409: as sync_session; PC409 also when the session has not been validated.
$$;

grant execute on function app_public.sync_session_data(uuid) to app_analyst;
