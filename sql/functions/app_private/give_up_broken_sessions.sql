create function app_private.give_up_broken_sessions()
returns integer
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
  with broken as materialized (
    select s.id
    from app_public.scrape_sessions as s
    where s.status = 'queued' and s.finished_at is null and s.parameters ? 'files'
      -- Whoever fills it from files holds this lock for as long as he lives.
      and pg_try_advisory_xact_lock(hashtext('parcelle.stage'), s.session_no)
  ),
  given_up as (
    update app_public.scrape_sessions as s
    set
      status = 'failed', decided_at = clock_timestamp(),
      errors = s.errors || jsonb_build_object('reason', 'broken_off', 'detail', 'the process that filled it is gone')
    from broken as b
    where s.id = b.id
    returning s.id
  )
  select count(*)::integer from given_up
$$;

comment on function app_private.give_up_broken_sessions() is $$
Fails the sessions that were being filled from files by a process that is gone, as after kill -9; how many. Their rows
were never committed.
$$;
