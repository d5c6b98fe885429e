comment on table app_public.property_changes is $$
Every change of a live home, field by field, written by the database itself whoever makes it; append-only.

Partitions are months of changed_at. Where a change stands in the order of all changes, `change_events` says.
$$;
comment on column app_public.property_changes.batch_id is 'The transaction that made the change, in `change_batches`.';
comment on column app_public.property_changes.ordinal is 'Its number in the batch, from 1.';
comment on column app_public.property_changes.property_id is 'The home; its row may be gone since.';
comment on column app_public.property_changes.source_id is 'The source that reports the home.';
comment on column app_public.property_changes.session_id is 'The session that made the change; null for an edit by hand.';
comment on column app_public.property_changes.changed_by is 'Who made it: the setting `parcelle.actor`, or the role that logged in.';
comment on column app_public.property_changes.kind is 'What happened to the home.';
comment on column app_public.property_changes.field_name is
  'The column of `properties_live` that changed; null where a home came to be or its row was taken away.';
comment on column app_public.property_changes.old_value is
  'What the field said before; null where it was empty. Of phone numbers and e-mail addresses only a keyed digest.';
comment on column app_public.property_changes.new_value is 'What it says since; null where it was emptied.';
comment on column app_public.property_changes.magnitude is
  'Size of the step: |ln(new/old)| for price and surfaces, metres for coordinates, 1 − similarity for text, 1 otherwise; null from or to nothing.';
comment on column app_public.property_changes.confidence is
  'How likely it is that this really happened, 0 to 1, when it was recorded; null for an edit by hand.';
comment on column app_public.property_changes.confidence_cell is 'The sort of the change, in `change_confidence_cells`.';
comment on column app_public.property_changes.insee_code is 'The commune of the home, after the change.';
comment on column app_public.property_changes.property_type is 'The type of the home, after the change.';
comment on column app_public.property_changes.changed_at is
  'When: for a session, when it was applied; for an edit, when its transaction first changed a home.';

grant select on app_public.property_changes to app_analyst;

create policy property_changes_analyst_read on app_public.property_changes
  for select to app_analyst using (true);
comment on policy property_changes_analyst_read on app_public.property_changes is 'An analyst sees every change.';
