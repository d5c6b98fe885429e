create type app_public.confidence_bin as (
  bin_no integer,
  said_from numeric,
  said_below numeric,
  change_count integer,
  said numeric,
  true_share numeric,
  difference numeric,
  brier numeric
);
comment on type app_public.confidence_bin is 'Changes of about one confidence, and how many of them turned out true.';
comment on column app_public.confidence_bin.bin_no is '1 to 10; null for all of them together.';
comment on column app_public.confidence_bin.said_from is 'Lowest confidence of the bin.';
comment on column app_public.confidence_bin.said_below is 'Where the next bin begins.';
comment on column app_public.confidence_bin.change_count is 'Changes in the bin of which the outcome was told.';
comment on column app_public.confidence_bin.said is 'Their mean confidence, as it was said when they were recorded.';
comment on column app_public.confidence_bin.true_share is 'Share of them that happened.';
comment on column app_public.confidence_bin.difference is 'said − true_share: above 0 is overconfident.';
comment on column app_public.confidence_bin.brier is 'Mean of (confidence − outcome)².';
