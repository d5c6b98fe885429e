comment on table app_public.change_confidence_cells is $$
How far changes of a sort are to be believed: the share of them that turned out true, as far as outcomes were told.

A sort (cell) is kind, field, size of the step, quality of the row and reliability of the source, as
app_private.change_confidence_cell numbers them. Without outcomes a cell says its prior, written by hand
(seeds/reference/change-confidence.ts); fit_change_confidence() moves it towards what was told.
$$;
comment on column app_public.change_confidence_cells.cell is 'The sort, as app_private.change_confidence_cell numbers it.';
comment on column app_public.change_confidence_cells.kind is 'What happened to the home.';
comment on column app_public.change_confidence_cells.field_name is
  'Column of properties_live that changed; null for other kinds than `updated`, and for columns without cells of their own.';
comment on column app_public.change_confidence_cells.label is 'The sort in words.';
comment on column app_public.change_confidence_cells.prior is 'Share believed true before any outcome, 0 to 1.';
comment on column app_public.change_confidence_cells.confidence is 'Share believed true now, 0 to 1: what changes are given.';
comment on column app_public.change_confidence_cells.outcome_count is 'Outcomes of this sort at the last fit.';
comment on column app_public.change_confidence_cells.fitted_at is 'The last fit that moved it; null while it says its prior.';

grant select on app_public.change_confidence_cells to app_analyst;

create policy change_confidence_cells_analyst_read on app_public.change_confidence_cells
  for select to app_analyst using (true);
comment on policy change_confidence_cells_analyst_read on app_public.change_confidence_cells is
  'Who sees changes may see why they are believed.';
