create function app_private.last_applied_session(source smallint)
returns uuid
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select s.id
  from app_public.scrape_sessions as s
  where s.source_id = source and s.applied_at is not null
  order by s.applied_at desc, s.session_no desc
  limit 1
$$;

comment on function app_private.last_applied_session(smallint) is $$
The session of a source that was applied last, undone ones and undoing ones included; null when none was.
$$;
