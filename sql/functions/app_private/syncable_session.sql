create function app_private.syncable_session(wanted uuid)
returns app_public.scrape_sessions
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  session app_public.scrape_sessions;
  source app_public.sources;
begin
  select s.* into session from app_public.scrape_sessions as s where s.id = wanted;
  if not found then
    raise exception 'session % does not exist', wanted
      using errcode = 'PC404', hint = 'List the sessions with: parcelle list-sessions';
  end if;
  -- Two syncs of one source wait for each other; other sources go on.
  perform pg_advisory_xact_lock(hashtext('parcelle.sync'), session.source_id);
  select s.* into session from app_public.scrape_sessions as s where s.id = wanted for update;
  select s.* into source from app_public.sources as s where s.id = session.source_id;
  if session.kind <> 'report' or session.status not in ('queued', 'running', 'held') then
    raise exception 'session % is %, so there is nothing to sync', wanted, session.status
      using errcode = 'PC409', hint = 'Only a session that is queued, running or held can be synced.';
  end if;
  if session.finished_at is null then
    raise exception 'session % is still being filled', wanted
      using errcode = 'PC409', hint = 'Call finish_session when all its rows are staged.';
  end if;
  if source.paused_at is not null or not source.is_enabled then
    raise exception 'source % is %', source.code, case when source.is_enabled then 'paused' else 'disabled' end
      using errcode = 'PC409', hint = 'Resume it with: parcelle sources resume ' || source.code;
  end if;
  return session;
end
$$;

comment on function app_private.syncable_session(uuid) is $$
The session, locked together with its source until the transaction ends, if it can be synced now.

PC404: there is no such session. PC409: it is decided already, still being filled, or its source is paused.
$$;
