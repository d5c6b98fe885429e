-- requires: sql/functions/app_private/session_rows_filter.sql
-- requires: sql/types/app_public/duplicate_candidate.sql

create function app_private.repeated_keys(session app_public.scrape_sessions)
returns setof app_public.duplicate_candidate
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
  return query execute format(
    $query$
      select 'source_key', o.code, 1.0, array[r.source_key]::text[],
        (select array_agg(l.id) from app_public.properties_live as l
         where l.source_id = %s and l.source_key = r.source_key),
        r.row_count, null::text, null::text,
        jsonb_build_object('rows', r.row_count, 'different_contents', r.content_count)
      from (
        select s.source_key, count(*)::integer as row_count, count(distinct s.raw_fingerprint)::integer as content_count
        from app_public.property_scrapes_staging as s
        where %s and s.source_key is not null
        group by s.source_key
        having count(*) > 1
      ) as r
      join app_public.sources as o on o.id = %1$s
      order by r.row_count desc, r.source_key
    $query$,
    session.source_id, app_private.session_rows_filter(session)
  );
end
$$;

comment on function app_private.repeated_keys(app_public.scrape_sessions) is $$
The keys that stand on more than one staged row of a session, most repeated first, with how many different contents
their rows have.
$$;
