create function app_private.enqueue_start_due_scrapes(tier text)
returns bigint
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
  select j.id
  from graphile_worker.add_job(
    'start_due_scrapes', json_build_object('tier', tier), job_key => 'start_due_scrapes:' || tier, max_attempts => 3
  ) as j
$$;

comment on function app_private.enqueue_start_due_scrapes(text) is $$
Asks a worker to start the scrapes of a tier for every source that has one. The job's number.

    select app_private.enqueue_start_due_scrapes('first_pages');
$$;
