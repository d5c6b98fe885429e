-- requires: sql/functions/app_private/session_rows_filter.sql
-- Only the rows a session brought are read, never the live homes: a nightly session of a few thousand rows must not
-- pay for a source of a million. A share over fewer than 20 rows would say nothing, so it is not measured; of more than
-- 200 000 rows a sample of about 100 000 tells it as well.

create function app_private.measure_session(session app_public.scrape_sessions)
returns table (metric text, field_name text, value numeric)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
  least_rows constant integer := 20;
  filter constant text := app_private.session_rows_filter(session);
  metadata app_public.sync_metadata;
  fields text[];
  columns text;
  filled bigint[];
  brought bigint;
  sampled bigint;
  unreadable bigint;
  unresolved bigint;
  quarantined bigint;
  mean_score numeric;
  mean_completeness numeric;
begin
  select m.* into metadata from app_public.sync_metadata as m where m.session_id = session.id;
  select array_agg(f.field_name order by f.field_name),
    string_agg(format('count(s.%I)', f.column_name), ', ' order by f.field_name)
  into fields, columns
  from app_public.rule_fields as f
  join pg_attribute as a on a.attrelid = 'app_public.staged_properties'::regclass and a.attname = f.column_name
  where f.weight > 0;

  execute 'select count(*) from app_public.staged_properties as s where ' || filter into brought;
  execute format(
    'select array[%s]::bigint[], count(*), count(s.unreadable), count(*) - count(s.insee_code),
       count(*) filter (where s.is_quarantined), avg(s.quality_score), avg(s.completeness)
     from app_public.staged_properties as s %s where %s',
    columns,
    case when brought > 200000 then format('tablesample system (%s) repeatable (1)', round(10000000.0 / brought, 4)) end,
    filter
  )
  into filled, sampled, unreadable, unresolved, quarantined, mean_score, mean_completeness;
  -- Counted exactly by the sync where there was one.
  quarantined := case when session.applied_at is null then coalesce(quarantined * brought / nullif(sampled, 0), 0)
    else metadata.quarantined_count end;

  return query
  select v.metric, null::text, round(v.value, 6)
  from (values
    ('staged_count', metadata.staged_count::numeric),
    ('brought_count', brought::numeric),
    ('quarantined_count', quarantined::numeric),
    ('completeness_rate', case when brought >= least_rows then coalesce(metadata.completeness::numeric, mean_completeness) end),
    ('quality_score', case when brought >= least_rows then coalesce(metadata.quality_score::numeric, mean_score) end),
    ('unreadable_rate', case when brought >= least_rows then unreadable::numeric / sampled end),
    ('unresolved_rate', case when brought >= least_rows then unresolved::numeric / sampled end),
    ('duplicate_rate', metadata.duplicate_count::numeric / nullif(metadata.staged_count, 0)),
    ('error_rate', (quarantined + metadata.unkeyed_count)::numeric / nullif(metadata.staged_count, 0)),
    ('freshness_hours', greatest(0, extract(epoch from clock_timestamp() - coalesce(
      session.finished_at, session.started_at, session.queued_at
    )) / 3600))
  ) as v (metric, value);
  if brought >= least_rows then
    return query
    select 'field_completeness', f.name, round(f.filled::numeric / sampled, 6)
    from unnest(fields, filled) as f (name, filled);
  end if;
end
$$;

comment on function app_private.measure_session(app_public.scrape_sessions) is $$
The measures of a session: one row for each, and one for each field's completeness.

Shares are of the rows it brought (new or changed ones, in their normal form) or of all it staged, as
quality_thresholds says of each; they are null where fewer than 20 rows were brought.
$$;
