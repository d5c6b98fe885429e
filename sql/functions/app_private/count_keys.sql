-- requires: sql/functions/app_private/session_rows_filter.sql

create function app_private.count_keys(
  session app_public.scrape_sessions, out staged_count integer, out unkeyed_count integer, out duplicate_count integer
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  key_count integer;
begin
  staged_count := session.staged_count;
  unkeyed_count := session.unkeyed_count;
  if staged_count is null or unkeyed_count is null then
    execute format('select count(*), count(*) filter (where s.source_key is null)
      from app_public.property_scrapes_staging as s where %s', app_private.session_rows_filter(session))
    into staged_count, unkeyed_count;
  end if;
  if to_regclass('pg_temp.session_todo') is not null then
    -- Homes seen and new keys are counted by the match; counting a million keys again would take a second.
    select coalesce((
        select sum(cardinality(b.offsets)) from app_private.property_sighting_blocks as b
        where b.session_no = session.session_no
      ), 0) + count(*) filter (where t.property_id is null)
    into key_count
    from pg_temp.session_todo as t;
  else
    execute format('select count(distinct s.source_key) from app_public.property_scrapes_staging as s where %s',
      app_private.session_rows_filter(session)) into key_count;
  end if;
  duplicate_count := staged_count - unkeyed_count - key_count;
end
$$;

comment on function app_private.count_keys(app_public.scrape_sessions) is $$
Rows a session staged, those without a key, and those whose key another row repeats.
$$;
