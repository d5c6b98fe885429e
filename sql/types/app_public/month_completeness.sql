create type app_public.month_completeness as (
  department_code text,
  sold_month date,
  age_months integer,
  sale_count integer,
  completeness numeric,
  expected_count integer,
  release_count integer,
  reason text
);
comment on type app_public.month_completeness is 'How complete what the ledger knows of a month is.';
comment on column app_public.month_completeness.department_code is 'Code of the department.';
comment on column app_public.month_completeness.sold_month is 'First day of the month of sale.';
comment on column app_public.month_completeness.age_months is
  'Months between it and the last month the ledger knows a sale of; 0 is the newest.';
comment on column app_public.month_completeness.sale_count is 'Sales known, of every nature.';
comment on column app_public.month_completeness.completeness is
  'Share of its sales known by now, 0 to 1; null where the past does not tell.';
comment on column app_public.month_completeness.expected_count is
  'Sales to expect once it is complete; null where the past does not tell.';
comment on column app_public.month_completeness.release_count is
  'Earlier releases that knew months of this age and were followed by another.';
comment on column app_public.month_completeness.reason is
  'Why there is no estimate, or how far it may be relied on; null where nothing speaks against it.';
