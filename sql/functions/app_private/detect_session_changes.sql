-- requires: sql/functions/app_private/promoted_home.sql
-- requires: sql/functions/app_private/session_rows_filter.sql

create function app_private.detect_session_changes(session app_public.scrape_sessions)
returns setof app_public.detected_changes
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  perform app_private.find_absent_homes(session);
  return query execute format(
    'with
      reliability as (select r.reliability from app_public.sources as r where r.id = %2$s),
      changes as (
        select s.property_id, s.source_key, s.quality_score, d.field_name, d.old_value, d.new_value, d.magnitude,
          case when d.field_name = ''status'' then app_private.status_change_kind(l.status, s.status)
            else ''updated'' end as kind
        from app_public.staged_properties as s
        join app_public.properties_live as l on l.id = s.property_id
        cross join lateral app_private.home_differences(l, app_private.promoted_home(s, l)) as d
        left join app_public.rule_fields as f on f.column_name = d.field_name
        where %1$s and not s.is_quarantined
          and app_private.is_significant(f.significance, f.significance_threshold, d.magnitude)
        union all
        select null, s.source_key, s.quality_score, null, null, null, null, ''new''
        from app_public.staged_properties as s
        where %1$s and not s.is_quarantined and s.property_id is null
        union all
        select a.property_id, a.source_key, a.quality_score, ''status'', to_jsonb(a.old_status),
          to_jsonb(a.new_status), a.missed_count, app_private.status_change_kind(a.old_status, a.new_status)
        from pg_temp.session_absent as a
        where a.old_status <> a.new_status
      )
    select %3$L::uuid, c.property_id, c.source_key, c.kind, c.field_name, c.old_value, c.new_value, c.magnitude,
      v.confidence
    from changes as c
    cross join reliability as r
    left join app_public.change_confidence_cells as v
      on v.cell = app_private.change_confidence_cell(
        c.kind, c.field_name, c.magnitude::real, c.quality_score, r.reliability
      )',
    app_private.session_rows_filter(session), session.source_id, session.id
  );
end
$$;

comment on function app_private.detect_session_changes(app_public.scrape_sessions) is $$
What a prepared session would change, home by home and field by field, nothing applied. See detect_changes.
$$;
