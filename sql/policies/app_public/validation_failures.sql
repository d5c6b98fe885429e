comment on table app_public.validation_failures is $$
Every row that failed a rule, session by session: key, rule and value, however many there are.

Rows that a session saw unchanged inherit the verdict they had. A personal value stands as a keyed digest.
$$;
comment on column app_public.validation_failures.session_id is 'The session that brought or saw the row.';
comment on column app_public.validation_failures.rule_id is 'The rule.';
comment on column app_public.validation_failures.rule_version is 'Its version at that time.';
comment on column app_public.validation_failures.severity is 'Its severity at that time.';
comment on column app_public.validation_failures.staged_id is 'The staged row; null for a row seen unchanged.';
comment on column app_public.validation_failures.source_key is 'The key of the home; null for a row without one.';
comment on column app_public.validation_failures.field_name is 'The field judged, where it is one.';
comment on column app_public.validation_failures.failed_value is
  'What stood there: the value, or the values of all fields compared, or the text that could not be read.';
comment on column app_public.validation_failures.is_inherited is 'Whether the row was seen unchanged and keeps its verdict.';
comment on column app_public.validation_failures.failed_at is 'When it was judged.';

grant select on app_public.validation_failures to app_analyst;

create policy validation_failures_analyst_read on app_public.validation_failures
  for select to app_analyst using (true);
comment on policy validation_failures_analyst_read on app_public.validation_failures is
  'Single homes are shown to analysts only.';
