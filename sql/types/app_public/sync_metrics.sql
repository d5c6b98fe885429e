create type app_public.sync_metrics as (
  session_id uuid,
  source text,
  status app_base.session_status,
  staged_count integer,
  unkeyed_count integer,
  duplicate_count integer,
  seen_count integer,
  unchanged_count integer,
  new_count integer,
  updated_count integer,
  reactivated_count integer,
  sold_count integer,
  likely_removed_count integer,
  removed_count integer,
  quarantined_count integer,
  change_count integer,
  quality_score real,
  completeness real,
  durations_ms jsonb,
  total_ms numeric,
  rows_per_second integer,
  synced_at timestamptz
);
comment on type app_public.sync_metrics is 'The figures of one session''s sync.';
comment on column app_public.sync_metrics.session_id is 'The session.';
comment on column app_public.sync_metrics.source is 'Code of its source.';
comment on column app_public.sync_metrics.status is 'How the session stands now.';
comment on column app_public.sync_metrics.staged_count is 'Rows it staged; null, as all that follows, before it is validated or synced.';
comment on column app_public.sync_metrics.unkeyed_count is 'Rows without a key.';
comment on column app_public.sync_metrics.duplicate_count is 'Rows whose key another row of the session repeats.';
comment on column app_public.sync_metrics.seen_count is 'Homes that were known and seen again.';
comment on column app_public.sync_metrics.unchanged_count is 'Homes that say what they said before.';
comment on column app_public.sync_metrics.new_count is 'Homes seen for the first time.';
comment on column app_public.sync_metrics.updated_count is 'Homes of which a field changed.';
comment on column app_public.sync_metrics.reactivated_count is 'Homes that are back.';
comment on column app_public.sync_metrics.sold_count is 'Homes the source now calls sold.';
comment on column app_public.sync_metrics.likely_removed_count is 'Homes absent long enough to be likely removed.';
comment on column app_public.sync_metrics.removed_count is 'Homes absent long enough to be removed.';
comment on column app_public.sync_metrics.quarantined_count is 'Rows kept out of the live homes.';
comment on column app_public.sync_metrics.change_count is 'Changes of homes.';
comment on column app_public.sync_metrics.quality_score is 'Mean quality of the rows it brought, 0 to 1.';
comment on column app_public.sync_metrics.completeness is 'Mean weighted share of fields filled in them, 0 to 1.';
comment on column app_public.sync_metrics.durations_ms is 'Milliseconds of each phase.';
comment on column app_public.sync_metrics.total_ms is 'Milliseconds of all phases together.';
comment on column app_public.sync_metrics.rows_per_second is 'Staged rows per second; null until it was applied.';
comment on column app_public.sync_metrics.synced_at is 'When it was applied.';
