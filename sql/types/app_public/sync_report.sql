create type app_public.sync_report as (
  session_id uuid,
  source text,
  status app_base.session_status,
  staged_count integer,
  seen_count integer,
  unchanged_count integer,
  new_count integer,
  updated_count integer,
  reactivated_count integer,
  sold_count integer,
  likely_removed_count integer,
  removed_count integer,
  quarantined_count integer,
  quality_score real,
  held_reasons jsonb,
  seconds numeric
);
comment on type app_public.sync_report is 'What the sync of a session came to.';
comment on column app_public.sync_report.session_id is 'The session.';
comment on column app_public.sync_report.source is 'Code of its source.';
comment on column app_public.sync_report.status is '`completed` when it was applied, `held` when it waits for an operator.';
comment on column app_public.sync_report.staged_count is 'Rows it staged.';
comment on column app_public.sync_report.seen_count is 'Live homes it saw, changed or not.';
comment on column app_public.sync_report.unchanged_count is 'Live homes it saw as they are.';
comment on column app_public.sync_report.new_count is 'Homes the source had not shown before.';
comment on column app_public.sync_report.updated_count is 'Homes of which some field changed.';
comment on column app_public.sync_report.reactivated_count is 'Homes that had been missing and are back.';
comment on column app_public.sync_report.sold_count is 'Homes the source now calls sold.';
comment on column app_public.sync_report.likely_removed_count is 'Homes that are missing, not yet long enough to be gone.';
comment on column app_public.sync_report.removed_count is 'Homes that are gone.';
comment on column app_public.sync_report.quarantined_count is 'Rows kept out of live by a rule of severity error or blocker.';
comment on column app_public.sync_report.quality_score is 'Mean quality of the rows that were judged, 0 to 1.';
comment on column app_public.sync_report.held_reasons is 'Why it waits: a list of {reason, message, count, of, share, limit, sample}.';
comment on column app_public.sync_report.seconds is 'How long the sync took.';
