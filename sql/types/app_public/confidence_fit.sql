create type app_public.confidence_fit as (
  outcome_count integer,
  cell_count integer,
  brier_before numeric,
  brier_after numeric
);
comment on type app_public.confidence_fit is 'What a fit of the confidences in changes came to.';
comment on column app_public.confidence_fit.outcome_count is 'Outcomes it rests on.';
comment on column app_public.confidence_fit.cell_count is 'Sorts of changes that now say something else than their prior.';
comment on column app_public.confidence_fit.brier_before is
  'Mean squared distance between what the cells said before and what came true (0 is perfect); null without outcomes.';
comment on column app_public.confidence_fit.brier_after is
  'The same after the fit, on the outcomes it was fitted to: what it says of others is for change_confidence_report.';
