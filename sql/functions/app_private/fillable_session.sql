create function app_private.fillable_session(wanted uuid)
returns app_public.scrape_sessions
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.scrape_sessions;
begin
  select s.* into answer from app_public.scrape_sessions as s where s.id = wanted for update;
  if not found then
    raise exception 'session % does not exist', wanted
      using errcode = 'PC404', hint = 'List the sessions with: parcelle list-sessions';
  end if;
  if answer.kind <> 'report' or answer.status <> 'queued' then
    raise exception 'session % is %, so nothing more can be staged', wanted, answer.status
      using errcode = 'PC409', hint = 'Begin another session with begin_session.';
  end if;
  if answer.finished_at is not null then
    raise exception 'session % is filled already', wanted
      using errcode = 'PC409', hint = 'Sync it with sync_session, or begin another one with begin_session.';
  end if;
  return answer;
end
$$;

comment on function app_private.fillable_session(uuid) is $$
A session that is still being filled, locked until the transaction ends.

PC404: there is no such session. PC409: it is filled, decided or called off.
$$;
