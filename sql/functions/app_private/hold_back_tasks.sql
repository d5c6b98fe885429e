create function app_private.hold_back_tasks(run integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  perform graphile_worker.complete_jobs(array(
    select t.job_id from app_public.pipeline_tasks as t where t.run_id = $1 and t.status = 'waiting' and t.job_id is not null
  ));
  update app_public.pipeline_tasks as t set job_id = null where t.run_id = $1 and t.status = 'waiting';
end
$$;

comment on function app_private.hold_back_tasks(integer) is $$
Takes the jobs of a run's waiting tasks out of the queue; one that a worker has taken already is out of date.
$$;
