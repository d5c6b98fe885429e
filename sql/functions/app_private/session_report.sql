create function app_private.session_report(session uuid, began timestamptz)
returns app_public.sync_report
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
  select (
    s.id, r.code, s.status, m.staged_count, m.seen_count, m.unchanged_count, m.new_count, m.updated_count,
    m.reactivated_count, m.sold_count, m.likely_removed_count, m.removed_count, m.quarantined_count, m.quality_score,
    s.held_reasons, round(extract(epoch from clock_timestamp() - began)::numeric, 3)
  )::app_public.sync_report
  from app_public.scrape_sessions as s
  join app_public.sources as r on r.id = s.source_id
  join app_public.sync_metadata as m on m.session_id = s.id
  where s.id = session
$$;

comment on function app_private.session_report(uuid, timestamptz) is $$
What the sync of a session that began at an instant came to.
$$;
