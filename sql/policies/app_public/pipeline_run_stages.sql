comment on table app_public.pipeline_run_stages is $$
A stage of a run: as it was defined when the run was triggered, and how far it is.
$$;
comment on column app_public.pipeline_run_stages.run_id is 'The run.';
comment on column app_public.pipeline_run_stages.stage_no is 'Number of the stage within its pipeline.';
comment on column app_public.pipeline_run_stages.stage is 'Its name.';
comment on column app_public.pipeline_run_stages.task is 'The task of the worker that does it.';
comment on column app_public.pipeline_run_stages.sql_function is
  'Function of app_private, where the database does it.';
comment on column app_public.pipeline_run_stages.items_function is 'Function of app_private that gives its items.';
comment on column app_public.pipeline_run_stages.depends_on is 'Stages that must have ended well before.';
comment on column app_public.pipeline_run_stages.tries_at_most is 'So often a task may fail.';
comment on column app_public.pipeline_run_stages.retry_after is 'Wait before the second try.';
comment on column app_public.pipeline_run_stages.timeout is 'How long an attempt may take.';
comment on column app_public.pipeline_run_stages.concurrency_group is 'Group whose limit its tasks share.';
comment on column app_public.pipeline_run_stages.is_failure_tolerated is
  'Whether later stages go on when some of its tasks have failed.';
comment on column app_public.pipeline_run_stages.status is 'Where it stands.';
comment on column app_public.pipeline_run_stages.task_count is 'Its tasks; 0 until it opens.';
comment on column app_public.pipeline_run_stages.open_count is 'Those that have not ended.';
comment on column app_public.pipeline_run_stages.failed_count is 'Those that failed for good.';
comment on column app_public.pipeline_run_stages.item_count is 'What its tasks said they dealt with.';
comment on column app_public.pipeline_run_stages.failed_item_count is 'What its tasks said they could not deal with.';
comment on column app_public.pipeline_run_stages.started_at is 'When it opened.';
comment on column app_public.pipeline_run_stages.finished_at is 'When its last task ended.';

grant select on app_public.pipeline_run_stages to app_analyst;

create policy pipeline_run_stages_analyst_read on app_public.pipeline_run_stages
  for select to app_analyst using (true);
comment on policy pipeline_run_stages_analyst_read on app_public.pipeline_run_stages is 'An analyst sees how far each stage is.';
