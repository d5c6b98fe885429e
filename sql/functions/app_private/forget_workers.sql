-- requires: sql/functions/app_private/give_up_workers.sql

create function app_private.forget_workers(worker_ids text[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
  delete from app_private.worker_heartbeats as h where h.worker_id = any (worker_ids);
  perform app_private.give_up_workers(worker_ids);
end
$$;

comment on function app_private.forget_workers(text[]) is $$
Says that these workers have stopped as they should. What they still had taken goes back to the queue.

    select app_private.forget_workers(array['pool-1']);
$$;
