create function app_private.held_session(wanted uuid)
returns app_public.scrape_sessions
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  session app_public.scrape_sessions;
begin
  select s.* into session from app_public.scrape_sessions as s where s.id = wanted for update;
  if not found then
    raise exception 'session % does not exist', wanted
      using errcode = 'PC404', hint = 'List the sessions with: parcelle list-sessions';
  end if;
  if session.status <> 'held' then
    raise exception 'session % is %, not held', wanted, session.status
      using errcode = 'PC409', hint = 'List the sessions that wait with: parcelle held list';
  end if;
  return session;
end
$$;

comment on function app_private.held_session(uuid) is $$
A session that waits for an operator, locked until the transaction ends.

PC404: there is no such session. PC409: it is not held.
$$;
