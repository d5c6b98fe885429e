-- requires: sql/functions/app_private/session_rows_filter.sql

create function app_private.scan_base(session app_public.scrape_sessions)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select format(
    'select s.staged_id as row_id, s.*,
       case when s.price_eur > 0 and s.surface_m2 > 0 then round(s.price_eur / s.surface_m2, 2) end as price_per_m2
     from app_public.staged_properties as s where %s',
    app_private.session_rows_filter(session)
  )
$$;

comment on function app_private.scan_base(app_public.scrape_sessions) is $$
The query that gives a session's new and changed rows to the rules.
$$;
