-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.cancel_session(session_id uuid, reason text default null)
returns app_public.scrape_sessions
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.scrape_sessions;
begin
  select s.* into answer from app_public.scrape_sessions as s where s.id = cancel_session.session_id for update;
  if not found then
    raise exception 'session % does not exist', cancel_session.session_id
      using errcode = 'PC404', hint = 'List the sessions with: parcelle list-sessions';
  end if;
  if answer.status <> 'queued' then
    raise exception 'session % is %, so it cannot be called off', answer.id, answer.status
      using errcode = 'PC409',
        hint = case answer.status
          when 'held' then 'Turn it down with reject_session.'
          when 'completed' then 'Take it back with undo_session.'
          else 'Only a session that is being filled or waits for its sync can be called off.'
        end;
  end if;
  perform app_private.record_admin_action('cancel_session', answer.id::text,
    jsonb_strip_nulls(jsonb_build_object('reason', cancel_session.reason)));
  update app_public.scrape_sessions as s
  set
    status = 'cancelled',
    decided_at = clock_timestamp(),
    errors = case when cancel_session.reason is null then s.errors
      else s.errors || jsonb_build_object('reason', 'cancelled', 'detail', cancel_session.reason) end
  where s.id = answer.id
  returning s.* into answer;
  return answer;
end
$$;

comment on function app_public.cancel_session(uuid, text) is $$
Calls a session off that is being filled or waits for its sync: it changes nothing, its rows go with the next cleanup.

    select status from cancel_session('8a1f…', 'wrong file');  -- cancelled

PC404: no such session. PC409: it has been decided already, or is held.
$$;

grant execute on function app_public.cancel_session(uuid, text) to app_analyst;
