-- requires: sql/functions/app_private/queue_tasks.sql
-- requires: sql/functions/app_private/advance_run.sql
-- Security definer: operating is granted by execute alone, to roles that may operate.

create function app_public.retry_run(run_id integer)
returns app_public.pipeline_runs
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  answer app_public.pipeline_runs;
  other integer;
  again bigint[];
begin
  select r.* into answer from app_public.pipeline_runs as r where r.id = retry_run.run_id for no key update;
  if not found then
    raise exception 'run % does not exist', retry_run.run_id
      using errcode = 'PC404', hint = 'List the runs with: parcelle pipeline status';
  end if;
  if answer.status not in ('failed', 'cancelled') then
    raise exception 'run % is %', answer.id, answer.status
      using errcode = 'PC409', hint = 'Only a run that failed or was cancelled can be tried again.';
  end if;
  select o.id into other
  from app_public.pipeline_runs as o
  where o.pipeline = answer.pipeline and o.run_key = answer.run_key and o.status = 'running';
  if found then
    raise exception 'run % of % is at work', other, answer.pipeline
      using errcode = 'PC409', hint = 'Wait until it has ended.';
  end if;
  update app_public.pipeline_runs as r
  set status = 'running', finished_at = null, cancel_requested_at = null, paused_at = null, error = null
  where r.id = answer.id;
  with again_tasks as (
    update app_public.pipeline_tasks as t
    set status = 'waiting', failure_count = 0, loss_count = 0, finished_at = null, error = null
    where t.run_id = answer.id and t.status in ('failed', 'cancelled')
    returning t.id, t.stage_no
  ),
  reopened as (
    update app_public.pipeline_run_stages as s
    set status = 'running', open_count = a.task_count, failed_count = 0, finished_at = null
    from (select a.stage_no, count(*)::integer as task_count from again_tasks as a group by a.stage_no) as a
    where s.run_id = answer.id and s.stage_no = a.stage_no
  )
  select array_agg(a.id order by a.id) into again from again_tasks as a;
  -- Stages that failed before they had tasks, or were called off before their turn came.
  update app_public.pipeline_run_stages as s
  set status = 'waiting', started_at = null, finished_at = null
  where s.run_id = answer.id and s.status in ('failed', 'cancelled') and s.task_count = 0;
  if again is not null then
    perform app_private.queue_tasks(again);
  end if;
  perform app_private.advance_run(answer.id);
  select r.* into answer from app_public.pipeline_runs as r where r.id = retry_run.run_id;
  return answer;
end
$$;

comment on function app_public.retry_run(integer) is $$
Tries again what a run could not do: its failed and cancelled tasks, with all their tries, and the stages that were not
reached. What succeeded is not done again.

    select status from retry_run(12);  -- running

PC404: there is no such run. PC409: it has not ended, it succeeded, or another run of its key is at work.
$$;

grant execute on function app_public.retry_run(integer) to app_analyst;
