create type app_public.quality_check as (
  source text,
  session_id uuid,
  metric text,
  description text,
  value numeric,
  is_upper_bound boolean,
  warn_at numeric,
  fail_at numeric,
  outcome app_base.rule_outcome,
  measured_at timestamptz
);
comment on type app_public.quality_check is 'A measure of quality, held against its threshold.';
comment on column app_public.quality_check.source is 'Code of the source.';
comment on column app_public.quality_check.session_id is 'The session that was measured; null where the source has none.';
comment on column app_public.quality_check.metric is 'Name of the measure, as in quality_thresholds.';
comment on column app_public.quality_check.description is 'What it measures.';
comment on column app_public.quality_check.value is 'A share 0 to 1, or hours; null where there is nothing to measure.';
comment on column app_public.quality_check.is_upper_bound is 'True where more is worse.';
comment on column app_public.quality_check.warn_at is 'Beyond this it is a worry.';
comment on column app_public.quality_check.fail_at is 'Beyond this it fails.';
comment on column app_public.quality_check.outcome is 'passed, warned, failed, or not_applicable where nothing was measured.';
comment on column app_public.quality_check.measured_at is 'When it was measured.';
