create function app_private.enqueue_scrape(session uuid)
returns bigint
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
  select j.id
  from graphile_worker.add_job(
    'scrape', json_build_object('sessionId', session), job_key => 'scrape:' || session, max_attempts => 8
  ) as j
$$;

comment on function app_private.enqueue_scrape(uuid) is $$
Asks a worker to scrape a session that begin_scrape began. The job's number.

    select app_private.enqueue_scrape('8a1f…');
$$;
