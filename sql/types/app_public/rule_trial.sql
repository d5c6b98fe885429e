create type app_public.rule_trial as (
  session_id uuid,
  source text,
  session_name text,
  applied_at timestamptz,
  outcome app_base.rule_outcome,
  checked_count bigint,
  failed_count bigint,
  details jsonb,
  samples jsonb
);
comment on type app_public.rule_trial is 'What a rule would have said of one session, or of the live homes of a source.';
comment on column app_public.rule_trial.session_id is 'The session; null for the live homes.';
comment on column app_public.rule_trial.source is 'Code of the source.';
comment on column app_public.rule_trial.session_name is 'Name of the session.';
comment on column app_public.rule_trial.applied_at is 'When the session was applied; null where it was not.';
comment on column app_public.rule_trial.outcome is 'What the rule would have come to.';
comment on column app_public.rule_trial.checked_count is 'Rows in its scope; 1 for a rule about the session.';
comment on column app_public.rule_trial.failed_count is 'Those that would have failed.';
comment on column app_public.rule_trial.details is 'What a rule about the session measured, or why it could not be run.';
comment on column app_public.rule_trial.samples is 'Up to ten failing rows: key and value.';
