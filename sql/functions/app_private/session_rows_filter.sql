create function app_private.session_rows_filter(session app_public.scrape_sessions)
returns text
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select format(
    's.session_id = %L and s.bucket %s',
    session.id,
    case when session.staging_bucket is null then '>= 0' else '= ' || session.staging_bucket end
  )
$$;

comment on function app_private.session_rows_filter(app_public.scrape_sessions) is $$
The condition, over an alias `s`, that finds a session's rows in property_scrapes_staging or staged_properties.

Literals, not parameters, so that the partitions of other large sessions are pruned when the statement is planned.

    -- s.session_id = '…' and s.bucket = -12
$$;
