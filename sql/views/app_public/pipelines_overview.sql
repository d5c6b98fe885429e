create view app_public.pipelines_overview with (security_invoker) as
select
  p.name, p.description, p.is_enabled, p.paused_at,
  (select count(*)::integer from app_public.pipeline_stages as s where s.pipeline = p.name) as stage_count,
  coalesce(c.running_count, 0) as running_count,
  coalesce(c.queued_count, 0) as queued_count,
  coalesce(e.succeeded_count, 0) as succeeded_count,
  coalesce(e.failed_count, 0) as failed_count,
  coalesce(e.cancelled_count, 0) as cancelled_count,
  e.median_seconds,
  l.id as last_run_id,
  l.status as last_status,
  l.queued_at as last_triggered_at,
  l.finished_at as last_finished_at,
  l.error as last_error
from app_public.pipelines as p
left join lateral (
  select
    (count(*) filter (where r.status = 'running'))::integer as running_count,
    (count(*) filter (where r.status = 'queued'))::integer as queued_count
  from app_public.pipeline_runs as r
  where r.pipeline = p.name and r.status in ('queued', 'running')
) as c on true
left join lateral (
  select
    (count(*) filter (where r.status = 'succeeded'))::integer as succeeded_count,
    (count(*) filter (where r.status = 'failed'))::integer as failed_count,
    (count(*) filter (where r.status = 'cancelled'))::integer as cancelled_count,
    round((percentile_cont(0.5) within group (order by extract(epoch from r.finished_at - r.started_at))
      filter (where r.status = 'succeeded'))::numeric, 1) as median_seconds
  from app_public.pipeline_runs as r
  where r.pipeline = p.name and r.finished_at > now() - interval '30 days'
) as e on true
left join lateral (
  select r.* from app_public.pipeline_runs as r where r.pipeline = p.name order by r.id desc limit 1
) as l on true;

comment on view app_public.pipelines_overview is $$
Every pipeline with what it is doing and how it went in the last 30 days.

    select name, last_status, succeeded_count, failed_count from pipelines_overview order by name;
$$;
comment on column app_public.pipelines_overview.name is 'The pipeline.';
comment on column app_public.pipelines_overview.description is 'What it does.';
comment on column app_public.pipelines_overview.is_enabled is 'Whether it can be triggered at all.';
comment on column app_public.pipelines_overview.paused_at is 'Since when no run of it begins.';
comment on column app_public.pipelines_overview.stage_count is 'Its stages.';
comment on column app_public.pipelines_overview.running_count is 'Runs at work.';
comment on column app_public.pipelines_overview.queued_count is 'Runs that wait for another of their key.';
comment on column app_public.pipelines_overview.succeeded_count is 'Runs of the last 30 days that succeeded.';
comment on column app_public.pipelines_overview.failed_count is 'Those that failed.';
comment on column app_public.pipelines_overview.cancelled_count is 'Those that were cancelled.';
comment on column app_public.pipelines_overview.median_seconds is 'How long those that succeeded took, the median.';
comment on column app_public.pipelines_overview.last_run_id is 'Its newest run.';
comment on column app_public.pipelines_overview.last_status is 'Where that stands.';
comment on column app_public.pipelines_overview.last_triggered_at is 'When that was triggered.';
comment on column app_public.pipelines_overview.last_finished_at is 'When that ended.';
comment on column app_public.pipelines_overview.last_error is 'What the first task of it that failed said.';

grant select on app_public.pipelines_overview to app_analyst;
