comment on table app_public.validation_results is $$
What each rule said of each session: how many rows it judged, how many failed, and what that comes to.
$$;
comment on column app_public.validation_results.session_id is 'The session.';
comment on column app_public.validation_results.rule_id is 'The rule.';
comment on column app_public.validation_results.rule_version is 'Its version at that time.';
comment on column app_public.validation_results.severity is 'Its severity at that time.';
comment on column app_public.validation_results.outcome is
  'passed, warned or failed by the share of passing rows; not_applicable where nothing was to be judged; broken where it could not run.';
comment on column app_public.validation_results.checked_count is
  'New and changed rows in its scope, whether they say something in its field or not; 1 for a rule about the session.';
comment on column app_public.validation_results.failed_count is 'Those that failed.';
comment on column app_public.validation_results.pass_ratio is 'Share of them that passed.';
comment on column app_public.validation_results.details is
  'What a rule about the session measured; the message of a rule that could not run.';
comment on column app_public.validation_results.judged_at is 'When.';

grant select on app_public.validation_results to app_analyst;

create policy validation_results_analyst_read on app_public.validation_results
  for select to app_analyst using (true);
comment on policy validation_results_analyst_read on app_public.validation_results is
  'Sessions are shown to those who run them.';
