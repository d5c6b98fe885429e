comment on table app_public.task_failures is
  'Tasks that ended in a final refusal: trying again would not help. For operators; no application role reads it.';
comment on column app_public.task_failures.id is 'Number of the failure.';
comment on column app_public.task_failures.task is 'The task.';
comment on column app_public.task_failures.job_id is 'The job of the queue, which is gone from it.';
comment on column app_public.task_failures.payload is 'What the task was asked.';
comment on column app_public.task_failures.message is 'What was refused.';
comment on column app_public.task_failures.hint is 'What to do about it, where that is known.';
comment on column app_public.task_failures.failed_at is 'When it failed.';
