comment on table app_public.transaction_changes is $$
What each release changed: one row for a sale it added or withdrew, one row for each field it corrected.

A withdrawn sale is no longer in `transactions`; how it stood is what `transactions_as_of` gives for the release before.
$$;
comment on column app_public.transaction_changes.release_id is 'The release that made the change.';
comment on column app_public.transaction_changes.transaction_id is 'The sale; withdrawn ones keep their number here.';
comment on column app_public.transaction_changes.kind is 'Added, corrected or withdrawn.';
comment on column app_public.transaction_changes.field_name is 'The column of `transactions` that was corrected; null unless corrected.';
comment on column app_public.transaction_changes.old_value is 'What the field said before; null where it was empty.';
comment on column app_public.transaction_changes.new_value is 'What it says since; null where it was emptied.';

grant select on app_public.transaction_changes to app_analyst;

create policy transaction_changes_analyst_read on app_public.transaction_changes
  for select to app_analyst using (true);
comment on policy transaction_changes_analyst_read on app_public.transaction_changes is
  'The history of single sales is for analysts, as the sales are.';
