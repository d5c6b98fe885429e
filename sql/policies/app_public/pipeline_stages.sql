comment on table app_public.pipeline_stages is $$
The stages of a pipeline, which depend on each other without circles; reference, seeded by every deploy.
$$;
comment on column app_public.pipeline_stages.pipeline is 'The pipeline.';
comment on column app_public.pipeline_stages.stage is 'Name of the stage within it.';
comment on column app_public.pipeline_stages.stage_no is 'Its number, after those it depends on.';
comment on column app_public.pipeline_stages.description is 'What it does.';
comment on column app_public.pipeline_stages.task is
  'The task of the worker that does it; run_sql_stage: the database does it.';
comment on column app_public.pipeline_stages.sql_function is
  'Function of app_private that run_sql_stage calls, with the run and the parameters of the task.';
comment on column app_public.pipeline_stages.items_function is
  'Function of app_private that gives a task for each item; null: one task with the parameters of the run.';
comment on column app_public.pipeline_stages.depends_on is 'Stages that must have ended well before it opens.';
comment on column app_public.pipeline_stages.tries_at_most is
  'So often a task may fail; a worker that dies does not count.';
comment on column app_public.pipeline_stages.retry_after is
  'Wait before the second try; each further one is twice as long.';
comment on column app_public.pipeline_stages.timeout is
  'After this long an attempt is broken off and counts as failed.';
comment on column app_public.pipeline_stages.concurrency_group is
  'Group whose limit its tasks share; null: no limit but that of the workers.';
comment on column app_public.pipeline_stages.is_failure_tolerated is
  'Whether later stages go on when some of its tasks have failed.';

grant select on app_public.pipeline_stages to app_analyst;

create policy pipeline_stages_analyst_read on app_public.pipeline_stages
  for select to app_analyst using (true);
comment on policy pipeline_stages_analyst_read on app_public.pipeline_stages is 'An analyst sees every stage.';
