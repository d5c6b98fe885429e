-- requires: sql/functions/app_private/begin_run.sql
-- requires: sql/functions/app_private/create_run.sql
-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.trigger_pipeline(
  name text,
  params jsonb default '{}',
  from_stage text default null,
  to_stage text default null
)
returns app_public.pipeline_runs
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  created app_public.pipeline_runs := app_private.create_run(
    trigger_pipeline.name, trigger_pipeline.params, trigger_pipeline.from_stage, trigger_pipeline.to_stage
  );
  answer app_public.pipeline_runs := app_private.begin_run(created.id);
  other app_public.pipeline_runs;
begin
  if answer.id is null then
    select r.* into other
    from app_public.pipeline_runs as r
    where r.pipeline = created.pipeline and r.run_key = created.run_key and r.status = 'running';
    raise exception 'run % of % is at work%', coalesce(other.id::text, 'another'), created.pipeline,
        case when created.run_key <> '' then ' for ' || created.run_key else '' end
      using errcode = 'PC409', hint = format('Wait for it (parcelle pipeline status %s), or cancel it.',
        coalesce(other.id::text, created.pipeline));
  end if;
  return answer;
end
$$;

comment on function app_public.trigger_pipeline(text, jsonb, text, text) is $$
Begins a run of a pipeline: its first stages open and their tasks stand in the queue when this returns.

`params` reach the tasks. `from_stage` and `to_stage` leave out what lies before and after. A pipeline with a key
(pipelines.key_params) runs once at a time for each value of it. Without a running worker (`parcelle work`, or any
`parcelle serve`) the tasks wait.

    select id, status from trigger_pipeline('cleanup', '{"days": 30}');  -- 12, running

PC404: no such pipeline or stage. PC409: it is paused, disabled, or a run of the key is at work (its number is named).
PC400: params are no object. PC422: nothing lies between the two stages.
$$;

grant execute on function app_public.trigger_pipeline(text, jsonb, text, text) to app_analyst;
