-- requires: sql/types/app_public/sync_metrics.sql

create function app_public.get_sync_metrics(session_id uuid)
returns app_public.sync_metrics
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  answer app_public.sync_metrics;
begin
  select s.id, o.code, s.status, m.staged_count, m.unkeyed_count, m.duplicate_count, m.seen_count, m.unchanged_count,
    m.new_count, m.updated_count, m.reactivated_count, m.sold_count, m.likely_removed_count, m.removed_count,
    m.quarantined_count, m.change_count, m.quality_score, m.completeness, m.durations_ms,
    (select round(sum(d.value::numeric), 1) from jsonb_each_text(m.durations_ms) as d), m.rows_per_second, m.synced_at
  into answer
  from app_public.scrape_sessions as s
  join app_public.sources as o on o.id = s.source_id
  left join app_public.sync_metadata as m on m.session_id = s.id
  where s.id = get_sync_metrics.session_id;
  if not found then
    raise exception 'there is no session %', get_sync_metrics.session_id
      using errcode = 'PC404', hint = 'List the sessions with list_sessions().';
  end if;
  return answer;
end
$$;

comment on function app_public.get_sync_metrics(uuid) is $$
The figures of a session's sync: counts, milliseconds of each phase, rows per second, quality.

    select staged_count, new_count, updated_count, rows_per_second from get_sync_metrics('8a1f…');

PC404: there is no such session.
$$;

grant execute on function app_public.get_sync_metrics(uuid) to app_analyst;
