create type app_public.session_summary as (
  session_id uuid,
  source text,
  name text,
  status app_base.session_status,
  is_complete boolean,
  staged_count integer,
  unkeyed_count integer,
  new_count integer,
  updated_count integer,
  removed_count integer,
  quarantined_count integer,
  quality_score real,
  queued_at timestamptz,
  finished_at timestamptz,
  applied_at timestamptz
);
comment on type app_public.session_summary is 'A session in one line: what it staged and what that changed.';
comment on column app_public.session_summary.session_id is 'The session.';
comment on column app_public.session_summary.source is 'Code of its source.';
comment on column app_public.session_summary.name is 'What its maker called it.';
comment on column app_public.session_summary.status is 'Where it stands.';
comment on column app_public.session_summary.is_complete is 'Whether it saw all of its scope.';
comment on column app_public.session_summary.staged_count is 'Rows staged; so far, while it is being filled.';
comment on column app_public.session_summary.unkeyed_count is 'Rows that do not say which home they mean; null while it is being filled.';
comment on column app_public.session_summary.new_count is 'Homes it brought; null until it is synced.';
comment on column app_public.session_summary.updated_count is 'Homes it changed.';
comment on column app_public.session_summary.removed_count is 'Homes that were removed because it did not see them.';
comment on column app_public.session_summary.quarantined_count is 'Rows it left in quarantine.';
comment on column app_public.session_summary.quality_score is 'Mean quality of its rows, 0 to 1.';
comment on column app_public.session_summary.queued_at is 'When it was begun.';
comment on column app_public.session_summary.finished_at is 'When its filling ended.';
comment on column app_public.session_summary.applied_at is 'When it was applied.';
