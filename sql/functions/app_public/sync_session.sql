-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.sync_session(session_id uuid)
returns app_public.sync_report
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  return app_private.apply_session(session_id);
end
$$;

comment on function app_public.sync_session(uuid) is $$
Brings the live homes to what a session reports, in one transaction, or holds the session when it is not plausible.

Rows are normalised and validated, compared with what is live, and promoted: new homes, changed fields, homes that are
missing inside the scope of a complete session. Rows that break a rule of severity error wait in quarantine. A session
that would remove or change more than its source's past makes plausible is `held`, with its reasons, and nothing of it
is applied (accept_session, reject_session). Two syncs of one source wait for each other. Until API keys exist,
whoever reaches the server on a loopback address may call it.

    select status, new_count, updated_count from sync_session('8a1f…');  -- completed, 12, 31

PC404: there is no such session. PC409: it is decided already or still being filled, or its source is paused.
$$;

grant execute on function app_public.sync_session(uuid) to app_analyst;
