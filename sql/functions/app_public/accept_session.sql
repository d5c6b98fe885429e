-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.accept_session(session_id uuid)
returns app_public.sync_report
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  session app_public.scrape_sessions := app_private.held_session(session_id);
begin
  perform app_private.record_admin_action('accept_session', session.id::text,
    jsonb_build_object('reasons', session.held_reasons));
  update app_public.scrape_sessions as s
  set is_accepted = true, decided_at = clock_timestamp()
  where s.id = session.id;
  return app_private.apply_session(session.id);
end
$$;

comment on function app_public.accept_session(uuid) is $$
Applies a held session after all: it is synced against the live homes as they are now, the guard overruled.

    select status from accept_session('8a1f…');  -- completed

PC404: there is no such session. PC409: it is not held.
$$;

grant execute on function app_public.accept_session(uuid) to app_analyst;
