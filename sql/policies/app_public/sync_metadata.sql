comment on table app_public.sync_metadata is $$
What the sync of each session found and did: counts, durations per phase, speed, quality.

Written by the sync itself, for a held session too (with what it would have done).
$$;
comment on column app_public.sync_metadata.session_id is 'The session.';
comment on column app_public.sync_metadata.source_id is 'Its source.';
comment on column app_public.sync_metadata.staged_count is 'Rows the session brought.';
comment on column app_public.sync_metadata.unkeyed_count is 'Rows without a key, which cannot be told from one another.';
comment on column app_public.sync_metadata.duplicate_count is 'Rows whose key a later row of the session repeats; the last one counts.';
comment on column app_public.sync_metadata.seen_count is 'Homes that were known and seen again, quarantined ones included.';
comment on column app_public.sync_metadata.unchanged_count is 'Homes that say what they said before.';
comment on column app_public.sync_metadata.new_count is 'Homes seen for the first time.';
comment on column app_public.sync_metadata.updated_count is 'Homes of which a field changed.';
comment on column app_public.sync_metadata.reactivated_count is 'Homes that had been taken for removed and are back.';
comment on column app_public.sync_metadata.sold_count is 'Homes the source says are sold.';
comment on column app_public.sync_metadata.likely_removed_count is 'Homes absent long enough to be likely removed.';
comment on column app_public.sync_metadata.removed_count is 'Homes absent long enough to be removed.';
comment on column app_public.sync_metadata.quarantined_count is 'Rows kept out of the live homes by a rule of severity error or blocker.';
comment on column app_public.sync_metadata.change_count is 'Change records written.';
comment on column app_public.sync_metadata.quality_score is 'Mean quality of the rows it brought, 0 to 1.';
comment on column app_public.sync_metadata.completeness is 'Mean share of fields filled in them, weighted, 0 to 1.';
comment on column app_public.sync_metadata.durations_ms is 'Milliseconds of each phase, by its name.';
comment on column app_public.sync_metadata.rows_per_second is 'Staged rows per second of the whole sync.';
comment on column app_public.sync_metadata.prepared_against is 'The session the source last completed when this one was prepared.';
comment on column app_public.sync_metadata.prepared_rules is 'Digest of the rules it was validated by.';
comment on column app_public.sync_metadata.synced_at is 'When the sync ended.';

grant select on app_public.sync_metadata to app_analyst;

create policy sync_metadata_analyst_read on app_public.sync_metadata
  for select to app_analyst using (true);
comment on policy sync_metadata_analyst_read on app_public.sync_metadata is
  'Sessions are shown to those who run them.';
