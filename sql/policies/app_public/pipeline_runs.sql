comment on table app_public.pipeline_runs is $$
A run of a pipeline, from its trigger to its end.

    select id, pipeline, status from pipeline_runs order by id desc limit 5;
$$;
comment on column app_public.pipeline_runs.id is 'Number of the run.';
comment on column app_public.pipeline_runs.pipeline is 'The pipeline.';
comment on column app_public.pipeline_runs.params is 'What it was triggered with; never a secret.';
comment on column app_public.pipeline_runs.run_key is
  'Its key, of which one runs at a time; null where any number may.';
comment on column app_public.pipeline_runs.status is 'Where it stands.';
comment on column app_public.pipeline_runs.from_stage is 'First stage of a partial run; null for the first one.';
comment on column app_public.pipeline_runs.to_stage is 'Last stage of a partial run; null for the last one.';
comment on column app_public.pipeline_runs.triggered_by is
  'Who triggered it: the setting `parcelle.actor`, or the role that logged in.';
comment on column app_public.pipeline_runs.error is 'What the first task that failed said.';
comment on column app_public.pipeline_runs.queued_at is 'When it was triggered.';
comment on column app_public.pipeline_runs.started_at is 'When its first stage opened.';
comment on column app_public.pipeline_runs.paused_at is
  'Since when no further task of it begins; null while it goes on.';
comment on column app_public.pipeline_runs.cancel_requested_at is
  'When it was called off; it ends when the tasks at work have stopped.';
comment on column app_public.pipeline_runs.finished_at is 'When it ended.';

grant select on app_public.pipeline_runs to app_analyst;

create policy pipeline_runs_analyst_read on app_public.pipeline_runs
  for select to app_analyst using (true);
comment on policy pipeline_runs_analyst_read on app_public.pipeline_runs is 'An analyst sees every run.';
