-- requires: sql/functions/app_private/session_rows_filter.sql

create function app_private.count_session(session app_public.scrape_sessions, durations jsonb)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  quarantined integer;
  quality real;
  filled real;
begin
  execute format(
    'select count(*) filter (where s.is_quarantined), avg(s.quality_score)::real, avg(s.completeness)::real
     from app_public.staged_properties as s where %s',
    app_private.session_rows_filter(session)
  ) into quarantined, quality, filled;
  update app_public.sync_metadata as m
  set
    new_count = p.new_count,
    updated_count = p.updated_count,
    reactivated_count = p.reactivated_count,
    sold_count = p.sold_count,
    likely_removed_count = a.likely_removed_count,
    removed_count = a.removed_count,
    quarantined_count = quarantined,
    change_count = p.new_count + p.updated_count + a.likely_removed_count + a.removed_count,
    quality_score = quality,
    completeness = filled,
    durations_ms = m.durations_ms || durations
  from
    (
      select
        count(*) filter (where r.is_new) as new_count,
        count(*) filter (where not r.is_new) as updated_count,
        count(*) filter (
          where not r.is_new and r.old_status in ('likely_removed', 'removed')
            and r.new_status not in ('likely_removed', 'removed')
        ) as reactivated_count,
        count(*) filter (where not r.is_new and r.old_status <> 'sold' and r.new_status = 'sold') as sold_count
      from pg_temp.session_promoted as r
    ) as p,
    (
      select
        count(*) filter (where b.new_status = 'likely_removed' and b.old_status <> 'likely_removed')
          as likely_removed_count,
        count(*) filter (where b.new_status = 'removed') as removed_count
      from pg_temp.session_absent as b
    ) as a
  where m.session_id = session.id;
end
$$;

comment on function app_private.count_session(app_public.scrape_sessions, jsonb) is $$
Writes into sync_metadata what the promotion of a session did, with the durations of its phases in milliseconds.
$$;
