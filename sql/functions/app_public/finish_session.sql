-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.finish_session(
  session_id uuid, is_complete boolean default null, page_count integer default null
)
returns app_public.scrape_sessions
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  filled app_public.scrape_sessions := app_private.fillable_session(finish_session.session_id);
  leaf text := app_private.open_staging_partition(filled.staging_bucket);
  counted integer;
  keyless integer;
  blank integer;
begin
  -- Rows that somebody inserted by himself may lie in the partition of another day.
  update app_public.property_scrapes_staging as s
  set bucket = filled.staging_bucket
  where s.session_id = filled.id and s.bucket >= 0 and s.bucket <> filled.staging_bucket;
  -- In the order of bytes everything empty or blank at its front stands before "!".
  execute format(
    'select count(*), count(*) filter (where s.source_key is null), count(*) filter (where s.source_key < ''!'')
     from %s as s where s.session_id = $1', leaf
  ) into counted, keyless, blank using filled.id;
  if blank > 0 then
    execute format(
      'update %s as s set source_key = nullif(btrim(s.source_key, E'' \t\r\n''), '''')
       where s.session_id = $1 and s.source_key < ''!''', leaf
    ) using filled.id;
    execute format('select count(*) filter (where s.source_key is null) from %s as s where s.session_id = $1', leaf)
    into keyless using filled.id;
  end if;
  update app_public.scrape_sessions as s
  set
    is_complete = coalesce(finish_session.is_complete, s.is_complete),
    page_count = coalesce(finish_session.page_count, s.page_count),
    item_count = greatest(s.item_count, counted),
    staged_count = counted,
    unkeyed_count = keyless,
    heartbeat_at = clock_timestamp(),
    finished_at = clock_timestamp()
  where s.id = filled.id
  returning s.* into filled;
  return filled;
end
$$;

comment on function app_public.finish_session(uuid, boolean, integer) is $$
Ends the filling of a session: it is counted and waits for its sync.

`is_complete` overrules what was declared when it began, as when a page could not be read; null leaves it.

    select staged_count, unkeyed_count from finish_session('8a1f…', is_complete => true);  -- 2881, 0

PC404: no such session. PC409: it is not being filled.
$$;

grant execute on function app_public.finish_session(uuid, boolean, integer) to app_analyst;
