-- requires: sql/functions/app_private/drop_staging_partition.sql
-- requires: sql/functions/app_private/stale_staging_buckets.sql
-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.cleanup_old_data(days integer default 30)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  before timestamptz := now() - make_interval(days => days);
  bucket integer;
  dropped text[] := '{}';
  busy text[] := '{}';
  given_up integer;
  rows_deleted integer;
  failures_deleted integer;
  changes_deleted integer;
  metrics_deleted integer;
begin
  if days is null or days < 1 then
    raise exception 'expected a number of days from 1, got %', coalesce(days::text, 'null')
      using errcode = 'PC400', hint = 'Give how many days of staging to keep.';
  end if;
  perform app_private.give_up_broken_sessions();
  update app_public.scrape_sessions as s
  set
    status = 'failed', decided_at = clock_timestamp(),
    errors = s.errors || jsonb_build_object('reason', 'broken_off', 'detail', 'not heard of for a day')
  where s.status = 'queued' and s.finished_at is null and not s.parameters ? 'files'
    and s.heartbeat_at < now() - interval '1 day';
  get diagnostics given_up = row_count;

  foreach bucket in array app_private.stale_staging_buckets(before) loop
    if app_private.drop_staging_partition(bucket) then
      dropped := dropped || app_private.staging_suffix(bucket);
    else
      busy := busy || app_private.staging_suffix(bucket);
    end if;
  end loop;

  delete from app_public.property_scrapes_staging_default as d
  using app_public.scrape_sessions as s
  where s.id = d.session_id and s.status not in ('queued', 'running', 'held')
    and coalesce(s.applied_at, s.decided_at, s.finished_at, s.queued_at) < before;
  get diagnostics rows_deleted = row_count;
  delete from app_public.staged_properties_default as d
  using app_public.scrape_sessions as s
  where s.id = d.session_id and s.status not in ('queued', 'running', 'held')
    and coalesce(s.applied_at, s.decided_at, s.finished_at, s.queued_at) < before;

  delete from app_public.validation_failures as f
  using app_public.scrape_sessions as s
  where s.id = f.session_id and s.status not in ('queued', 'running', 'held') and f.failed_at < before;
  get diagnostics failures_deleted = row_count;
  delete from app_public.detected_changes as c
  using app_public.scrape_sessions as s
  where s.id = c.session_id and s.status not in ('queued', 'running', 'held')
    and coalesce(s.applied_at, s.decided_at, s.finished_at, s.queued_at) < before;
  get diagnostics changes_deleted = row_count;
  -- Trends are read from metrics: they are small, and kept a year longer.
  delete from app_public.data_quality_metrics as m where m.measured_at < before - interval '1 year';
  get diagnostics metrics_deleted = row_count;
  return jsonb_build_object(
    'partitions_dropped', to_jsonb(dropped),
    'partitions_busy', to_jsonb(busy),
    'rows_deleted', rows_deleted,
    'failures_deleted', failures_deleted,
    'detected_changes_deleted', changes_deleted,
    'metrics_deleted', metrics_deleted,
    'sessions_given_up', given_up
  );
end
$$;

comment on function app_public.cleanup_old_data(integer) is $$
Takes away what has served its purpose: staging of sessions decided more than `days` ago, their single failures and
previews, quality metrics a year older than that; gives up sessions that nobody has been heard of filling for a day.

Sessions, results by rule, rows in quarantine, changes, versions and the audit stay. A partition that somebody is
reading is left for the next time (`partitions_busy`).

    select cleanup_old_data(30) -> 'partitions_dropped';  -- ["session_12", "20261020"]

PC400: days is below 1.
$$;

grant execute on function app_public.cleanup_old_data(integer) to app_analyst;
