-- graphile-worker frees the jobs of a worker that died only after four hours; a worker that has not been heard of for a
-- minute is taken for dead, and since tasks may run twice, a worker that was only asleep does no harm.

create function app_private.record_worker_heartbeat(worker_ids text[], host text, process_id integer)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  lost text[];
begin
  insert into app_private.worker_heartbeats as h (worker_id, host, process_id)
  select w.id, record_worker_heartbeat.host, record_worker_heartbeat.process_id
  from unnest(worker_ids) as w (id)
  on conflict on constraint worker_heartbeats_pkey do update set seen_at = now();

  with gone as (
    delete from app_private.worker_heartbeats as h
    where h.seen_at < now() - interval '1 minute'
    returning h.worker_id
  )
  select array_agg(g.worker_id) into lost from gone as g;
  if lost is not null then
    perform graphile_worker.force_unlock_workers(lost);
  end if;
end
$$;

comment on function app_private.record_worker_heartbeat(text[], text, integer) is $$
Says that these workers are running, and frees the jobs of those that have not said so for a minute.

    select app_private.record_worker_heartbeat(array['worker-1'], 'host', 4711);
$$;
