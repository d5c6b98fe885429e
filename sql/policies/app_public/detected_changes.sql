comment on table app_public.detected_changes is $$
What sessions would change, kept by save_change_records for whoever decides about them.

Changes that were made stand in property_changes.
$$;
comment on column app_public.detected_changes.session_id is 'The session that would make the change.';
comment on column app_public.detected_changes.property_id is 'The live home; null for a new one.';
comment on column app_public.detected_changes.source_key is 'What the source calls the home.';
comment on column app_public.detected_changes.kind is 'What would happen to the home.';
comment on column app_public.detected_changes.field_name is 'The column of properties_live that would change; null for a new home.';
comment on column app_public.detected_changes.old_value is 'The live value.';
comment on column app_public.detected_changes.new_value is 'The value it would take.';
comment on column app_public.detected_changes.magnitude is
  'Size of the step: |ln(new/old)| for amounts, metres for places, 1 − similarity for text, absences for a missing home.';
comment on column app_public.detected_changes.confidence is 'How likely it is that this really happened, 0 to 1.';

grant select on app_public.detected_changes to app_analyst;

create policy detected_changes_analyst_read on app_public.detected_changes
  for select to app_analyst using (true);
comment on policy detected_changes_analyst_read on app_public.detected_changes is 'An analyst sees every change.';
