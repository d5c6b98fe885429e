comment on table app_public.audit_seals is $$
What months of changes held that were let go by policy; append-only.

Their batches stay in the chain, so that `verify_audit` still checks every link; it no longer asks for their changes.
$$;
comment on column app_public.audit_seals.partition_name is 'The partition of property_changes that was dropped.';
comment on column app_public.audit_seals.batch_ids is 'The batches whose changes it held.';
comment on column app_public.audit_seals.change_count is 'How many changes it held.';
comment on column app_public.audit_seals.closing_link is 'The link of the last of these batches; null for an empty month.';
comment on column app_public.audit_seals.sealed_at is 'When it was dropped.';

grant select on app_public.audit_seals to app_analyst;

create policy audit_seals_analyst_read on app_public.audit_seals
  for select to app_analyst using (true);
comment on policy audit_seals_analyst_read on app_public.audit_seals is 'An analyst sees what was let go.';
