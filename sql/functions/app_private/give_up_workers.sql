-- requires: sql/functions/app_private/finish_tasks.sql

create function app_private.give_up_workers(lost text[])
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  called_off record;
  orphans bigint[];
begin
  -- What a run that was called off had at work there will not be begun again.
  select array_agg(t.id order by t.id) as ids, array_agg(t.token order by t.id) as tokens into called_off
  from app_public.pipeline_runs as r
  join app_public.pipeline_tasks as t on t.run_id = r.id
  where r.status = 'running' and r.cancel_requested_at is not null and t.status = 'running'
    and t.worker_id = any (lost);
  if called_off.ids is not null then
    perform app_private.finish_tasks(
      called_off.ids, called_off.tokens,
      array_fill('cancelled'::app_base.attempt_outcome, array[cardinality(called_off.ids)]),
      null, null, null, null, null
    );
  end if;
  perform graphile_worker.force_unlock_workers(lost);
  -- A worker gives its jobs back before it has told how they ended: what it did not tell is done again.
  select array_agg(t.id order by t.id) into orphans
  from app_public.pipeline_runs as r
  join app_public.pipeline_tasks as t on t.run_id = r.id
  where r.status = 'running' and r.cancel_requested_at is null and t.status = 'running' and t.worker_id = any (lost)
    and not exists (select from graphile_worker.jobs as j where j.id = t.job_id);
  if orphans is not null then
    perform app_private.queue_tasks(orphans);
  end if;
  perform pg_notify('jobs:insert', '{"count": 64}');
end
$$;

comment on function app_private.give_up_workers(text[]) is $$
Puts everything that these workers had taken back into the queue, and wakes the others.
$$;
