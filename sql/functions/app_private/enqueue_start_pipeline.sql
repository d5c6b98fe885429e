create function app_private.enqueue_start_pipeline(name text, params jsonb default '{}')
returns bigint
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
  select j.id
  from graphile_worker.add_job(
    'start_pipeline', json_build_object('name', name, 'params', params), max_attempts => 5
  ) as j
$$;

comment on function app_private.enqueue_start_pipeline(text, jsonb) is $$
Asks a worker to trigger a pipeline, as the crontab does; trigger_pipeline does it at once. The job's number.

    select app_private.enqueue_start_pipeline('daily_sync');
$$;
