comment on table app_public.data_quality_metrics is $$
Measures of quality over time: one row for each measure of each session, and of its fields.

Every applied session leaves them, and so does every call of run_quality_checks. They outlive the staged rows.
$$;
comment on column app_public.data_quality_metrics.id is 'In the order they were measured.';
comment on column app_public.data_quality_metrics.session_id is 'The session measured; null for a source as it stands.';
comment on column app_public.data_quality_metrics.source_id is 'The source measured.';
comment on column app_public.data_quality_metrics.metric is 'What was measured; quality_thresholds says more of those that are judged.';
comment on column app_public.data_quality_metrics.field_name is 'The field measured; null for the whole session or source.';
comment on column app_public.data_quality_metrics.value is 'A share 0 to 1, hours or rows per second, by the measure; null where there was nothing to measure.';
comment on column app_public.data_quality_metrics.threshold is 'The limit it had to keep, at that time; null where none is set.';
comment on column app_public.data_quality_metrics.is_passed is 'Whether it kept it; null without limit or value.';
comment on column app_public.data_quality_metrics.measured_at is 'When.';

grant select on app_public.data_quality_metrics to app_visitor, app_analyst;

create policy data_quality_metrics_everyone_read on app_public.data_quality_metrics
  for select to app_visitor, app_analyst using (true);
comment on policy data_quality_metrics_everyone_read on app_public.data_quality_metrics is
  'How good the data is may be known by everyone; no measure names a home.';
