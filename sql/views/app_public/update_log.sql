create view app_public.update_log with (security_invoker) as
select
  r.id,
  r.batch_id,
  r.code as release_code,
  r.status,
  r.started_at,
  r.completed_at,
  r.line_count as lines_read,
  r.rejected_count as lines_rejected,
  r.transaction_count as records_processed,
  r.added_count as records_added,
  r.corrected_count as records_updated,
  r.withdrawn_count as records_deleted,
  r.unchanged_count as records_unchanged
from app_public.dvf_releases as r;

comment on view app_public.update_log is $$
Every update of the ledger and what it did, under the name older documents use; `dvf_releases` says more.

    select release_code, status, records_added, records_updated, records_deleted from update_log order by id desc;
$$;
comment on column app_public.update_log.id is 'The release.';
comment on column app_public.update_log.batch_id is 'Identifier of the import.';
comment on column app_public.update_log.release_code is 'Code of the release.';
comment on column app_public.update_log.status is
  'How it stands: loading, held, applied, rejected, undone or failed.';
comment on column app_public.update_log.started_at is 'When the import began.';
comment on column app_public.update_log.completed_at is 'When it ended; null while it runs.';
comment on column app_public.update_log.lines_read is 'Lines of its files.';
comment on column app_public.update_log.lines_rejected is 'Lines that could not be read.';
comment on column app_public.update_log.records_processed is 'Sales it holds.';
comment on column app_public.update_log.records_added is 'Sales it added.';
comment on column app_public.update_log.records_updated is 'Sales it corrected.';
comment on column app_public.update_log.records_deleted is 'Sales it withdrew.';
comment on column app_public.update_log.records_unchanged is 'Sales it repeats as they were.';

grant select on app_public.update_log to app_visitor, app_analyst;
