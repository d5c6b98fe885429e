comment on table app_public.dvf_releases is $$
Every publication of the DVF files that was brought in, with what it changed in the ledger.

Releases that stand are `applied`, in the order of `applied_order`. A `held` one waits for a decision because it
looks truncated; a `rejected`, `undone` or `failed` one has no effect on the ledger and is kept as a record.
$$;
comment on column app_public.dvf_releases.id is 'Number of the import; attempts that failed use up numbers too.';
comment on column app_public.dvf_releases.code is
  'Name of the release, as `2025-10`; unique among the releases that load, wait or stand.';
comment on column app_public.dvf_releases.batch_id is 'Identifier that is unique over all databases, for logs and reports.';
comment on column app_public.dvf_releases.status is
  'Where it stands: loading, held (waits for a decision), applied, rejected, undone or failed.';
comment on column app_public.dvf_releases.content_checksum is
  'Digest of all sources together; the same content imported again is recognised by it.';
comment on column app_public.dvf_releases.line_count is 'Lines in all its files, headers aside; accepted and rejected add up to it.';
comment on column app_public.dvf_releases.accepted_count is 'Lines that could be read.';
comment on column app_public.dvf_releases.rejected_count is 'Lines that could not be read; each is kept with its reason.';
comment on column app_public.dvf_releases.repeated_count is 'Accepted lines that another file of the same release already held.';
comment on column app_public.dvf_releases.transaction_count is 'Sales the lines make up.';
comment on column app_public.dvf_releases.added_count is 'Sales the ledger did not know before.';
comment on column app_public.dvf_releases.corrected_count is 'Sales of which at least one field changed.';
comment on column app_public.dvf_releases.withdrawn_count is 'Sales inside its scope that it no longer holds.';
comment on column app_public.dvf_releases.unchanged_count is 'Sales it repeats as they were.';
comment on column app_public.dvf_releases.held_reasons is 'Why it waits for a decision: a list of objects, one for each reason.';
comment on column app_public.dvf_releases.applied_order is 'Place among the releases that stand, from 1; null unless applied.';
comment on column app_public.dvf_releases.started_at is 'When the import began.';
comment on column app_public.dvf_releases.completed_at is 'When the import ended, whatever its outcome.';
comment on column app_public.dvf_releases.decided_at is 'When somebody accepted, rejected or undid it.';
comment on column app_public.dvf_releases.views_refreshed_at is
  'When the materialized views over market statistics were refreshed after it; null while they are behind.';

grant select on app_public.dvf_releases to app_visitor, app_analyst;

create policy dvf_releases_visitor_read on app_public.dvf_releases
  for select to app_visitor using (status = 'applied');
comment on policy dvf_releases_visitor_read on app_public.dvf_releases is
  'A visitor sees what the published figures rest on: the releases that stand.';

create policy dvf_releases_analyst_read on app_public.dvf_releases
  for select to app_analyst using (true);
comment on policy dvf_releases_analyst_read on app_public.dvf_releases is
  'An analyst sees every attempt, the ones that wait or failed included.';
