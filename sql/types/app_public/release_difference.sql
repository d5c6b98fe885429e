create type app_public.release_difference as (
  transaction_id bigint,
  kind app_base.change_kind,
  field_name text,
  old_value jsonb,
  new_value jsonb,
  insee_code text,
  sold_on date,
  is_late_registration boolean
);
comment on type app_public.release_difference is
  'What distinguishes one sale in two releases: one row if it was added or withdrawn, one for each corrected field.';
comment on column app_public.release_difference.transaction_id is 'The sale.';
comment on column app_public.release_difference.kind is 'Added, corrected or withdrawn.';
comment on column app_public.release_difference.field_name is 'The corrected field; null otherwise.';
comment on column app_public.release_difference.old_value is 'Its value in release A; null unless corrected.';
comment on column app_public.release_difference.new_value is 'Its value in release B; null unless corrected.';
comment on column app_public.release_difference.insee_code is
  'INSEE code of the commune, as release B says (A if withdrawn).';
comment on column app_public.release_difference.sold_on is
  'Day of the sale, as release B says (A if withdrawn).';
comment on column app_public.release_difference.is_late_registration is
  'For an added sale, whether A already covered its month; null otherwise.';
