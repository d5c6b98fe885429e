create function app_private.enqueue_sync_session(session uuid, queue text default null)
returns bigint
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
  select j.id
  from graphile_worker.add_job(
    'sync_session',
    json_build_object('sessionId', session),
    queue_name => queue,
    job_key => 'sync_session:' || session,
    max_attempts => 5
  ) as j
$$;

comment on function app_private.enqueue_sync_session(uuid, text) is $$
Asks a worker to sync a session; jobs of one queue run one after the other. Asked twice before a worker comes, it is
synced once. The job's number.

    select app_private.enqueue_sync_session('8a1f…');
$$;
