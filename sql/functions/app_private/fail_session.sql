create function app_private.fail_session(session uuid, error jsonb)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  update app_public.scrape_sessions as s
  set status = 'failed', errors = s.errors || jsonb_build_array(fail_session.error), decided_at = clock_timestamp()
  where s.id = fail_session.session and s.status = 'queued' and s.finished_at is null;
end
$$;

comment on function app_private.fail_session(uuid, jsonb) is $$
Gives a session up whose filling broke off; one that is filled or decided stays as it is.
$$;
