-- requires: sql/functions/app_private/queue_tasks.sql
-- requires: sql/functions/app_private/close_stage.sql

create function app_private.end_failed_attempts(
  task_ids bigint[],
  tokens bigint[],
  outcomes app_base.attempt_outcome[],
  errors text[],
  milliseconds bigint[]
)
returns void
language plpgsql
volatile
set enable_hashjoin = off
set enable_mergejoin = off
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  losses_at_most constant smallint := 25;
  again bigint[];
  delays interval[];
  settled record;
begin
  drop table if exists pg_temp.ended_attempts;
  create temp table ended_attempts on commit drop as
  select
    t.id, t.token, t.run_id, t.stage_no, t.worker_id, g.outcome, g.error, t.failure_count,
    coalesce(clock_timestamp() - g.duration * interval '1 millisecond', t.started_at) as started_at,
    case
      when r.status <> 'running' or r.cancel_requested_at is not null or g.outcome = 'cancelled' then 'cancelled'
      when g.outcome = 'refused' then 'failed'
      when g.outcome = 'failed' and t.failure_count + 1 >= s.tries_at_most then 'failed'
      when g.outcome = 'lost' and t.loss_count >= losses_at_most then 'failed'
      else 'waiting'
    end::app_base.task_status as status,
    case g.outcome
      when 'failed' then s.retry_after * 2 ^ t.failure_count * (0.8 + random() * 0.4)
      when 'lost' then interval '1 second'
      else interval '0'
    end as delay
  from unnest(task_ids, tokens, outcomes, errors, milliseconds) as g (id, token, outcome, error, duration)
  join app_public.pipeline_tasks as t on t.id = g.id and t.token = g.token and t.status = 'running'
  join app_public.pipeline_runs as r on r.id = t.run_id
  join app_public.pipeline_run_stages as s on s.run_id = t.run_id and s.stage_no = t.stage_no
  where g.outcome <> 'succeeded'
  order by t.id
  for no key update of t;

  insert into app_public.pipeline_attempts (task_id, token, run_id, outcome, worker_id, error, started_at)
  select e.id, e.token, e.run_id, e.outcome, e.worker_id, e.error, e.started_at
  from pg_temp.ended_attempts as e
  where e.outcome <> 'released';

  update app_public.pipeline_tasks as t
  set
    status = e.status,
    attempt_count = t.attempt_count - case e.outcome when 'released' then 1 else 0 end,
    failure_count = t.failure_count + case e.outcome when 'failed' then 1 else 0 end,
    loss_count = t.loss_count + case e.outcome when 'lost' then 1 else 0 end,
    error = coalesce(e.error, t.error),
    started_at = e.started_at,
    finished_at = case when e.status <> 'waiting' then clock_timestamp() end
  from pg_temp.ended_attempts as e
  where t.id = e.id;

  select array_agg(e.id order by e.id), array_agg(e.delay order by e.id) into again, delays
  from pg_temp.ended_attempts as e
  join app_public.pipeline_runs as r on r.id = e.run_id
  where e.status = 'waiting' and r.paused_at is null;
  if again is not null then
    perform app_private.queue_tasks(again, delays);
  end if;

  update app_public.pipeline_runs as r
  set error = coalesce(r.error, e.problem)
  from (
    select distinct on (e.run_id) e.run_id, s.stage || ': ' || e.error as problem
    from pg_temp.ended_attempts as e
    join app_public.pipeline_run_stages as s on s.run_id = e.run_id and s.stage_no = e.stage_no
    where e.status = 'failed'
    order by e.run_id, e.id
  ) as e
  where r.id = e.run_id and r.error is null;

  for settled in
    update app_public.pipeline_run_stages as s
    set open_count = s.open_count - c.ended_count, failed_count = s.failed_count + c.failed_count
    from (
      select e.run_id, e.stage_no, count(*)::integer as ended_count,
        (count(*) filter (where e.status = 'failed'))::integer as failed_count
      from pg_temp.ended_attempts as e
      where e.status <> 'waiting'
      group by e.run_id, e.stage_no
    ) as c
    where s.run_id = c.run_id and s.stage_no = c.stage_no
    returning s.run_id, s.stage_no, s.open_count
  loop
    if settled.open_count = 0 then
      perform app_private.close_stage(settled.run_id, settled.stage_no);
    end if;
  end loop;
end
$$;

comment on function app_private.end_failed_attempts(
  bigint[], bigint[], app_base.attempt_outcome[], text[], bigint[]) is $$
Ends the attempts of finish_tasks that did not succeed: each is kept in pipeline_attempts, its task goes back to the
queue while it has tries left, later each time, and fails or is cancelled otherwise. Attempts with an old token are
left out. A lost or released attempt uses up no try.
$$;
