create function app_private.quality_trend(session app_public.scrape_sessions, measures jsonb)
returns jsonb
language sql
stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(jsonb_agg(to_jsonb(p) order by p.session_no), '[]')
  from (
    select s.session_no, s.id as session_id, s.name, s.status, s.applied_at, m.staged_count, m.new_count, m.updated_count,
      m.removed_count + m.likely_removed_count as gone_count, m.rows_per_second,
      case
        when s.id = (session).id then $2 - '{staged_count,brought_count,quarantined_count,freshness_hours}'::text[]
        else (
          select jsonb_object_agg(q.metric, q.value)
          from (
            select distinct on (q.metric) q.metric, q.value
            from app_public.data_quality_metrics as q
            join app_public.quality_thresholds as t on t.metric = q.metric
            where q.session_id = s.id and q.field_name is null and q.metric <> 'freshness_hours'
            order by q.metric, q.id desc
          ) as q
        )
      end as measures
    from app_public.scrape_sessions as s
    join app_public.sync_metadata as m on m.session_id = s.id
    where s.source_id = (session).source_id and s.kind = 'report' and s.session_no <= (session).session_no
      and (s.status = 'completed' or s.id = (session).id)
    order by s.session_no desc
    limit 10
  ) as p
$$;

comment on function app_private.quality_trend(app_public.scrape_sessions, jsonb) is $$
The last ten completed sessions of a source up to one of them, oldest first, with their counts and measures; those of
the one itself are given.
$$;
