comment on table app_public.change_outcomes is $$
Whether a change really happened, told by somebody who looked (tell_change_outcome): what confidences are fitted from.
$$;
comment on column app_public.change_outcomes.batch_id is 'Batch of the change.';
comment on column app_public.change_outcomes.ordinal is 'Its place in the batch.';
comment on column app_public.change_outcomes.cell is 'Its sort when it was recorded (change_confidence_cells).';
comment on column app_public.change_outcomes.is_true is 'Whether it happened: the price was lowered, the home is gone.';
comment on column app_public.change_outcomes.told_by is 'Who told.';
comment on column app_public.change_outcomes.told_at is 'When it was told last.';

grant select on app_public.change_outcomes to app_analyst;

create policy change_outcomes_analyst_read on app_public.change_outcomes for select to app_analyst using (true);
comment on policy change_outcomes_analyst_read on app_public.change_outcomes is
  'Outcomes tell of single changes: they are for analysts, and written through tell_change_outcome only.';
