create type app_public.undo_report as (
  session_id uuid,
  undo_session_id uuid,
  restored_count integer,
  deleted_count integer,
  reinserted_count integer,
  skipped_home_count integer,
  skipped_field_count integer
);
comment on type app_public.undo_report is 'What taking a session back came to.';
comment on column app_public.undo_report.session_id is 'The session that was taken back.';
comment on column app_public.undo_report.undo_session_id is 'The session that did it; undoing this one brings the other back.';
comment on column app_public.undo_report.restored_count is 'Homes that stand again as they did.';
comment on column app_public.undo_report.deleted_count is 'Homes the session had brought, gone again.';
comment on column app_public.undo_report.reinserted_count is 'Homes the session had deleted, back under their ids.';
comment on column app_public.undo_report.skipped_home_count is 'Homes that somebody changed since: what they wrote was kept.';
comment on column app_public.undo_report.skipped_field_count is 'Fields of the session that were kept for that reason.';
