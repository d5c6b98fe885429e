create function app_private.enqueue_check_dvf_release()
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
  select graphile_worker.add_job('check_dvf_release', '{}'::json, job_key => 'check_dvf_release', max_attempts => 6)
$$;

comment on function app_private.enqueue_check_dvf_release() is $$
Asks a worker to look whether a newer release of DVF has been published. Asked twice before a worker comes, it looks
once.

    select app_private.enqueue_check_dvf_release();
$$;
