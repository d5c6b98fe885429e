comment on table app_public.pipeline_attempts is $$
Attempts at a task that did not end it: what failed before it was tried again.
$$;
comment on column app_public.pipeline_attempts.task_id is 'The task.';
comment on column app_public.pipeline_attempts.token is
  'The token of the attempt; a later attempt has a greater one.';
comment on column app_public.pipeline_attempts.run_id is 'The run.';
comment on column app_public.pipeline_attempts.outcome is 'How it ended.';
comment on column app_public.pipeline_attempts.worker_id is 'The worker that made it.';
comment on column app_public.pipeline_attempts.error is 'What it said.';
comment on column app_public.pipeline_attempts.started_at is 'When it began.';
comment on column app_public.pipeline_attempts.finished_at is 'When it ended or was given up.';

grant select on app_public.pipeline_attempts to app_analyst;

create policy pipeline_attempts_analyst_read on app_public.pipeline_attempts
  for select to app_analyst using (true);
comment on policy pipeline_attempts_analyst_read on app_public.pipeline_attempts is 'An analyst sees every attempt.';
