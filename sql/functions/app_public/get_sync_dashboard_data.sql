create function app_public.get_sync_dashboard_data(days integer default 7)
returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  first_day date;
  answer jsonb;
begin
  if days is null or days not between 1 and 366 then
    raise exception 'days is %, expected 1 to 366', coalesce(days::text, 'null')
      using errcode = 'PC400', hint = 'Give how many days back the dashboard should look, today included.';
  end if;
  first_day := current_date - (days - 1);
  with
    sessions as materialized (
      select s.id, s.status, s.source_id, o.code as source, coalesce(s.applied_at, s.finished_at, s.queued_at) as at,
        m.staged_count, m.change_count, m.quarantined_count, m.new_count, m.updated_count,
        m.likely_removed_count + m.removed_count as gone_count, m.rows_per_second, m.quality_score, m.completeness
      from app_public.scrape_sessions as s
      join app_public.sources as o on o.id = s.source_id
      left join app_public.sync_metadata as m on m.session_id = s.id
      where s.kind = 'report' and coalesce(s.applied_at, s.finished_at, s.queued_at) >= first_day
    ),
    tallies as (
      -- One reading for all: grouping () is 0 for a source of a day, told apart by what was grouped.
      select s.at::date as day, s.source, grouping(s.at::date) as is_over_days, grouping(s.source) as is_over_sources,
        count(*) as session_count,
        count(*) filter (where s.status in ('completed', 'undone')) as completed_count,
        count(*) filter (where s.status = 'held') as held_count,
        count(*) filter (where s.status = 'failed') as failed_count,
        count(*) filter (where s.status = 'cancelled') as cancelled_count,
        count(*) filter (where s.status = 'undone') as undone_count,
        count(*) filter (where s.status in ('queued', 'running')) as waiting_count,
        sum(s.staged_count) as staged_count,
        sum(s.change_count) filter (where s.status = 'completed') as change_count,
        sum(s.new_count) filter (where s.status = 'completed') as new_count,
        sum(s.updated_count) filter (where s.status = 'completed') as updated_count,
        sum(s.gone_count) filter (where s.status = 'completed') as gone_count,
        sum(s.quarantined_count) filter (where s.status = 'completed') as quarantined_count,
        percentile_disc(0.5) within group (order by s.rows_per_second) as rows_per_second,
        round(avg(s.quality_score)::numeric, 4) as quality_score,
        round(avg(s.completeness)::numeric, 4) as completeness
      from sessions as s
      group by grouping sets ((), (s.at::date), (s.source))
    ),
    shown as (
      select t.day, t.source, t.is_over_days, t.is_over_sources,
        to_jsonb(t) - '{day,source,is_over_days,is_over_sources}'::text[] || jsonb_build_object(
          'success_rate', round(t.completed_count::numeric
            / nullif(t.completed_count + t.held_count + t.failed_count + t.cancelled_count, 0), 4)
        ) as figures
      from tallies as t
    )
  select jsonb_build_object(
    'days', days,
    'from', first_day,
    'to', current_date,
    'totals', (select s.figures from shown as s where s.is_over_days = 1 and s.is_over_sources = 1),
    'by_day', (
      select jsonb_agg(coalesce(s.figures, '{"session_count": 0}') || jsonb_build_object('day', d.day::date) order by d.day)
      from generate_series(first_day, current_date, interval '1 day') as d (day)
      left join shown as s on s.day = d.day::date and s.is_over_days = 0
    ),
    'by_source', coalesce((
      select jsonb_agg(s.figures || jsonb_build_object(
        'source', s.source,
        'last_completed_at', l.applied_at,
        'hours_since', round((extract(epoch from clock_timestamp() - l.applied_at) / 3600)::numeric, 1),
        'is_paused', o.paused_at is not null
      ) order by s.source)
      from shown as s
      join app_public.sources as o on o.code = s.source
      left join lateral (
        select max(e.applied_at) as applied_at
        from app_public.scrape_sessions as e
        where e.source_id = o.id and e.kind = 'report' and e.status = 'completed'
      ) as l on true
      where s.is_over_days = 1 and s.is_over_sources = 0
    ), '[]'),
    'held', coalesce((
      select jsonb_agg(jsonb_build_object('session_id', s.id, 'source', o.code, 'name', s.name,
        'reasons', s.held_reasons, 'staged_at', s.finished_at) order by s.session_no)
      from app_public.scrape_sessions as s
      join app_public.sources as o on o.id = s.source_id
      where s.status = 'held'
    ), '[]'),
    'quarantine_count', (select count(*) from app_public.quarantined_rows as q where q.released_at is null),
    'failing', coalesce((
      select jsonb_agg(jsonb_build_object('source', f.code, 'metric', f.metric, 'value', f.value,
        'threshold', f.threshold, 'measured_at', f.measured_at) order by f.code, f.metric)
      from (
        select distinct on (q.source_id, q.metric) o.code, q.metric, q.value, q.threshold, q.is_passed, q.measured_at
        from app_public.data_quality_metrics as q
        join app_public.sources as o on o.id = q.source_id
        where q.field_name is null and q.measured_at >= first_day
        order by q.source_id, q.metric, q.id desc
      ) as f
      where not f.is_passed
    ), '[]')
  )
  into answer;
  return answer;
end
$$;

comment on function app_public.get_sync_dashboard_data(integer) is $$
What the sources did in the last days, today included: totals, day by day, source by source.

Each with sessions by outcome, `success_rate` (applied, of those decided or held), rows staged, changes, median rows per
second, mean quality and completeness. With them the sessions that are held, the rows that wait in quarantine, and the
measures that last failed their threshold. Days are those of the server's time zone.

    select get_sync_dashboard_data(7) -> 'totals' ->> 'success_rate';  -- 0.9524

PC400: days is not between 1 and 366.
$$;

grant execute on function app_public.get_sync_dashboard_data(integer) to app_analyst;
