create type app_public.release_median_difference as (
  insee_code text,
  property_type app_base.property_type,
  nature app_base.mutation_nature,
  sale_count_a integer,
  sale_count_b integer,
  corrected_count integer,
  withdrawn_count integer,
  late_count integer,
  new_count integer,
  price_median_a_eur numeric,
  price_median_corrected_eur numeric,
  price_median_late_eur numeric,
  price_median_b_eur numeric,
  price_per_m2_median_a numeric,
  price_per_m2_median_corrected numeric,
  price_per_m2_median_late numeric,
  price_per_m2_median_b numeric
);
comment on type app_public.release_median_difference is $$
What the step from release A to release B does to the medians of a commune, in three steps: corrections and
withdrawals, then late registrations, then new months. Medians of fewer than five sales are null.
$$;
comment on column app_public.release_median_difference.insee_code is
  'INSEE code of the commune, arrondissement, or of Paris, Lyon or Marseille whole.';
comment on column app_public.release_median_difference.property_type is 'What was sold.';
comment on column app_public.release_median_difference.nature is 'Kind of transfer.';
comment on column app_public.release_median_difference.sale_count_a is 'Counted sales in release A.';
comment on column app_public.release_median_difference.sale_count_b is 'Counted sales in release B.';
comment on column app_public.release_median_difference.corrected_count is
  'Sales both know whose figures or place in this group B corrected, whichever way.';
comment on column app_public.release_median_difference.withdrawn_count is
  'Sales of A that B no longer holds.';
comment on column app_public.release_median_difference.late_count is
  'Sales only B knows, of months that A already covered.';
comment on column app_public.release_median_difference.new_count is
  'Sales only B knows, of months that A did not cover.';
comment on column app_public.release_median_difference.price_median_a_eur is 'Median price in release A, €.';
comment on column app_public.release_median_difference.price_median_corrected_eur is
  'Median price of the sales of A as B knows them, €.';
comment on column app_public.release_median_difference.price_median_late_eur is
  'The same with late registrations, €: the months that A covered, as B knows them.';
comment on column app_public.release_median_difference.price_median_b_eur is 'Median price in release B, €.';
comment on column app_public.release_median_difference.price_per_m2_median_a is
  'Median price per m² in release A, €/m².';
comment on column app_public.release_median_difference.price_per_m2_median_corrected is
  'Median price per m² of the sales of A as B knows them, €/m².';
comment on column app_public.release_median_difference.price_per_m2_median_late is
  'The same with late registrations, €/m².';
comment on column app_public.release_median_difference.price_per_m2_median_b is
  'Median price per m² in release B, €/m².';
