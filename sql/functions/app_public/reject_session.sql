-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.reject_session(session_id uuid)
returns app_public.scrape_sessions
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  session app_public.scrape_sessions := app_private.held_session(session_id);
begin
  perform app_private.record_admin_action('reject_session', session.id::text,
    jsonb_build_object('reasons', session.held_reasons));
  update app_public.scrape_sessions as s
  set status = 'cancelled', decided_at = clock_timestamp()
  where s.id = session.id
  returning s.* into session;
  return session;
end
$$;

comment on function app_public.reject_session(uuid) is $$
Turns a held session down: it is cancelled and changes nothing; its staged rows stay until they are cleaned up.

    select status from reject_session('8a1f…');  -- cancelled

PC404: there is no such session. PC409: it is not held.
$$;

grant execute on function app_public.reject_session(uuid) to app_analyst;
