-- requires: sql/functions/app_private/give_up_workers.sql

create function app_private.give_up_unknown_workers()
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  unknown text[];
begin
  select array_agg(distinct j.locked_by) into unknown
  from graphile_worker.jobs as j
  where j.locked_by ~ '^pool-' and j.locked_at < now() - interval '1 minute'
    and not exists (select from app_private.worker_heartbeats as h where h.worker_id = j.locked_by);
  if unknown is not null then
    perform app_private.give_up_workers(unknown);
  end if;
end
$$;

comment on function app_private.give_up_unknown_workers() is $$
Puts back what a worker had taken that died before it was heard of at all. A worker does so when it starts.
$$;
