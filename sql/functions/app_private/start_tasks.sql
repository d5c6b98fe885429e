-- Tasks are looked up by their number, one after the other: to a planner without statistics all tasks of a run look fewer.
-- What starts a task draws a token. Any later start draws a greater one, and whoever holds an older one is refused.
-- On a server that commits without waiting for the disk a crash may take an attempt back: finish_tasks has the task done
-- again, and the sequence may draw a number again, hence the chance beside it.

create function app_private.start_tasks(
  task_ids bigint[],
  job_ids bigint[],
  worker text
)
returns table (task_id bigint, token bigint, run_id integer, stage text, attempt_no smallint, params jsonb, timeout_ms bigint)
language plpgsql
volatile
set enable_hashjoin = off
set enable_mergejoin = off
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  losses_at_most constant smallint := 25;
  begun integer;
  going constant integer[] := array(
    select r.id from app_public.pipeline_runs as r
    where r.status = 'running' and r.cancel_requested_at is null and r.paused_at is null
  );
  paused constant integer[] := array(
    select r.id from app_public.pipeline_runs as r
    where r.status = 'running' and r.cancel_requested_at is null and r.paused_at is not null
  );
begin
  return query
  with
    started as (
      update app_public.pipeline_tasks as t
      set
        status = 'running',
        token = nextval('app_private.attempt_token_seq') * 65536 + trunc(random() * 65536)::bigint,
        attempt_count = t.attempt_count + 1,
        loss_count = t.loss_count + case t.status when 'running' then 1 else 0 end,
        worker_id = start_tasks.worker, started_at = clock_timestamp()
      from unnest(task_ids, job_ids) as g (id, job_id)
      where t.id = g.id and t.job_id = g.job_id and t.status in ('waiting', 'running')
        and t.loss_count <= losses_at_most
        -- A run that is called off or paused at this moment takes the task itself, or its job's number, away.
        -- (+ 0: never look for tasks by their run, which has thousands.)
        and (t.run_id + 0 = any (going) or t.status = 'running' and t.run_id + 0 = any (paused))
      returning t.id, t.token, t.run_id, t.stage_no, t.attempt_count, t.params, old.status as old_status,
        old.token as old_token, old.worker_id as old_worker_id, old.started_at as old_started_at
    ),
    lost as (
      insert into app_public.pipeline_attempts (task_id, token, run_id, outcome, worker_id, error, started_at)
      select n.id, n.old_token, n.run_id, 'lost', n.old_worker_id, 'its worker was not heard of any more', n.old_started_at
      from started as n
      where n.old_status = 'running'
    )
  select n.id, n.token, n.run_id, s.stage, n.attempt_count, n.params, (extract(epoch from s.timeout) * 1000)::bigint
  from started as n
  join app_public.pipeline_run_stages as s on s.run_id = n.run_id and s.stage_no = n.stage_no;

  get diagnostics begun = row_count;
  -- A task that takes its worker with it would do so forever.
  if begun < cardinality(task_ids) and exists (
    select from app_public.pipeline_tasks as t
    where t.id = any (task_ids) and t.status = 'running' and t.loss_count > losses_at_most
      and t.worker_id is distinct from start_tasks.worker
  ) then
    perform app_private.finish_task(t.id, t.token, 'refused', null, null, null,
      format('%s workers died over it', t.loss_count))
    from app_public.pipeline_tasks as t
    where t.id = any (task_ids) and t.status = 'running' and t.loss_count > losses_at_most;
  end if;
end
$$;

comment on function app_private.start_tasks(bigint[], bigint[], text) is $$
Begins an attempt at each task whose job, by its number, a worker has taken: the token of the attempt, what it is given
and how long it may take.

A task is left out when its job is out of date, or its run has ended, is called off or paused: there is nothing to do.
An attempt that was at work has been lost; its token counts no more.

    select task_id, token from app_private.start_tasks('{81}', '{4711}', 'pool-1');
$$;
