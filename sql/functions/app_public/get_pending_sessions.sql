create function app_public.get_pending_sessions()
returns setof app_public.scrape_sessions
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select s.*
  from app_public.scrape_sessions as s
  where s.status = 'queued' and s.finished_at is not null
  order by s.queued_at, s.session_no
$$;

comment on function app_public.get_pending_sessions() is $$
The sessions that are filled and wait for their sync, the oldest first.

    select id, name, staged_count from get_pending_sessions();
$$;

grant execute on function app_public.get_pending_sessions() to app_analyst;
