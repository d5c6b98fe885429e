comment on table app_public.pipeline_tasks is $$
One piece of work of a stage, with its last attempt; attempts before it stand in pipeline_attempts.
$$;
comment on column app_public.pipeline_tasks.id is 'Number of the task.';
comment on column app_public.pipeline_tasks.run_id is 'The run.';
comment on column app_public.pipeline_tasks.stage_no is 'Number of its stage.';
comment on column app_public.pipeline_tasks.status is 'Where it stands.';
comment on column app_public.pipeline_tasks.attempt_count is 'How often it was begun.';
comment on column app_public.pipeline_tasks.failure_count is 'How often it failed since it was triggered or retried.';
comment on column app_public.pipeline_tasks.loss_count is 'How often its worker or database was gone.';
comment on column app_public.pipeline_tasks.job_id is 'Its job in the queue; a job of another number is out of date.';
comment on column app_public.pipeline_tasks.token is 'Token of its last attempt: who holds an older one is refused.';
comment on column app_public.pipeline_tasks.lane is
  'Tasks of one lane of a stage run one after the other; null where the order does not matter.';
comment on column app_public.pipeline_tasks.item_count is 'What it said it dealt with.';
comment on column app_public.pipeline_tasks.failed_item_count is 'What it said it could not deal with.';
comment on column app_public.pipeline_tasks.started_at is 'When its last attempt began.';
comment on column app_public.pipeline_tasks.finished_at is 'When it ended.';
comment on column app_public.pipeline_tasks.item_key is 'The item it is for; empty where the stage has one task.';
comment on column app_public.pipeline_tasks.worker_id is 'The worker of its last attempt.';
comment on column app_public.pipeline_tasks.params is 'What it is given.';
comment on column app_public.pipeline_tasks.result is 'What it gave; later stages read it.';
comment on column app_public.pipeline_tasks.error is 'What its last failed attempt said.';

grant select on app_public.pipeline_tasks to app_analyst;

create policy pipeline_tasks_analyst_read on app_public.pipeline_tasks
  for select to app_analyst using (true);
comment on policy pipeline_tasks_analyst_read on app_public.pipeline_tasks is 'An analyst sees every task.';
