comment on table app_public.quality_thresholds is $$
From where on a measure of quality is a worry, and from where on it fails.

A deploy adds what is missing and leaves what stands: an owner may change any of them. The measures themselves are in
data_quality_metrics.
$$;
comment on column app_public.quality_thresholds.metric is 'Name of the measure.';
comment on column app_public.quality_thresholds.description is 'What it measures, of what, in which unit.';
comment on column app_public.quality_thresholds.is_upper_bound is 'True where more is worse, false where less is.';
comment on column app_public.quality_thresholds.warn_at is 'Beyond this it is a worry; reaching it is not.';
comment on column app_public.quality_thresholds.fail_at is 'Beyond this it fails; reaching it does not.';

grant select on app_public.quality_thresholds to app_visitor, app_analyst;

create policy quality_thresholds_everyone_read on app_public.quality_thresholds
  for select to app_visitor, app_analyst using (true);
comment on policy quality_thresholds_everyone_read on app_public.quality_thresholds is
  'What counts as good is no secret.';
