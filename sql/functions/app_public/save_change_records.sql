-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.save_change_records(session_id uuid)
returns integer
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  session app_public.scrape_sessions := app_private.syncable_session(session_id);
  saved integer;
begin
  perform app_private.prepare_session(session);
  delete from app_public.detected_changes as d where d.session_id = session.id;
  insert into app_public.detected_changes select d.* from app_private.detect_session_changes(session) as d;
  get diagnostics saved = row_count;
  return saved;
end
$$;

comment on function app_public.save_change_records(uuid) is $$
Keeps what detect_changes finds in detected_changes, for whoever decides about the session; how many changes.

What is really changed is recorded in property_changes by the promotion itself. Called again, it replaces what it kept.

    select save_change_records('8a1f…');  -- 43

PC404, PC409: as sync_session.
$$;

grant execute on function app_public.save_change_records(uuid) to app_analyst;
