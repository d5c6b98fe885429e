create function app_private.drop_repeated_rows(session app_public.scrape_sessions)
returns integer
language plpgsql
volatile
-- A session this young is nothing that the planner knows of: it would look every row up among all others.
set enable_nestloop = off
set search_path = pg_catalog, pg_temp
as $$
declare
  answer integer;
begin
  execute format(
    'delete from app_public.property_scrapes_staging as s
     using (
       select r.id
       from (
         select s.id, row_number() over (partition by s.source_key order by s.id desc) as place
         from app_public.property_scrapes_staging as s
         where %1$s and s.source_key is not null
       ) as r
       where r.place > 1
     ) as d
     where s.id = d.id and %1$s',
    app_private.session_rows_filter(session)
  );
  get diagnostics answer = row_count;
  return answer;
end
$$;

comment on function app_private.drop_repeated_rows(app_public.scrape_sessions) is $$
Leaves of the rows that a scrape staged under one key the last one; how many went. Cells of a map overlap, and pages
repeat while they are read.
$$;
