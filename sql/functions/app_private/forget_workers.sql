create function app_private.forget_workers(worker_ids text[])
returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
  delete from app_private.worker_heartbeats as h where h.worker_id = any (worker_ids)
$$;

comment on function app_private.forget_workers(text[]) is $$
Says that these workers have stopped as they should.

    select app_private.forget_workers(array['worker-1']);
$$;
