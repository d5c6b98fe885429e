-- graphile-worker frees the jobs of a worker that died only after four hours. A worker that has not been heard of for
-- `given_up_after` is taken for dead; one that was only asleep does no harm, since its attempts have been overtaken.

create function app_private.record_worker_heartbeat(
  worker_ids text[],
  host text,
  process_id integer,
  given_up_after interval default '15 seconds'
)
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
    where h.seen_at < now() - given_up_after
    returning h.worker_id
  )
  select array_agg(g.worker_id) into lost from gone as g;
  if lost is not null then
    perform app_private.give_up_workers(lost);
  end if;
end
$$;

comment on function app_private.record_worker_heartbeat(text[], text, integer, interval) is $$
Says that these workers are running, and puts what those had taken who have not said so for `given_up_after` back into
the queue.

    select app_private.record_worker_heartbeat(array['pool-1'], 'host', 4711);
$$;
